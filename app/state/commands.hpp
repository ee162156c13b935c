#pragma once

#include <span>
#include <string_view>

#include "app/state/action.hpp"
#include "app/state/terms.hpp"

namespace attn::app {

/// One thing a person can tell the program to do. Menus, keys, the help sheet and scripted tests are made
/// from this table.
struct Command {
  std::string_view id;     ///< `file.open`; never shown
  std::string_view menu;   ///< the menu it stands in; empty: only keys and the help sheet have it
  std::string_view label;  ///< as the menu writes it
  std::string_view keys;   ///< `Ctrl+O`; empty where it has none
  bool (*enabled)(const AppState& state);
  Action (*action)(const AppState& state);
  bool (*ticked)(const AppState& state) = nullptr;  ///< for what can be on or off
  bool starts_group = false;                        ///< the menu has a line above it
};

/// Why `command` is off, in a sentence; empty where there is nothing to say.
[[nodiscard]] std::string_view disabled_reason(const Command& command);

/// In the order of the menus.
[[nodiscard]] std::span<const Command> commands();
[[nodiscard]] const Command* command_named(std::string_view id);

/// Settings changes that several controls share.
[[nodiscard]] SetSetting toggle_mute(const AppState& state, std::size_t head);
[[nodiscard]] SetSetting toggle_solo(const AppState& state, std::size_t head);
[[nodiscard]] SetSetting set_gain(const AppState& state, std::size_t head, double gain, Gesture gesture);

}  // namespace attn::app

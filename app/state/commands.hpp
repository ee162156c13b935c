#pragma once

#include <span>
#include <string_view>

#include "app/state/action.hpp"
#include "core/attention/layer_facts.hpp"

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

/// In the order of the menus.
[[nodiscard]] std::span<const Command> commands();
[[nodiscard]] const Command* command_named(std::string_view id);

/// Settings changes that several controls share.
[[nodiscard]] SetSetting toggle_mute(const AppState& state, std::size_t head);
[[nodiscard]] SetSetting toggle_solo(const AppState& state, std::size_t head);
[[nodiscard]] SetSetting set_temperature(const AppState& state, double temperature, Gesture gesture);
[[nodiscard]] SetSetting set_masks(const std::vector<MaskTerm>& masks, std::string label,
                                   Gesture gesture = Gesture::committed);
/// Adds a mask of this kind, or takes all of them away.
[[nodiscard]] SetSetting toggle_mask(const AppState& state, std::string_view kind);
/// The masks in force: the list of the settings, or the document's defaults.
/// What is known of the layer that is shown, cut into the heads of the settings.
[[nodiscard]] LayerFacts facts_of(const AppState& state);
[[nodiscard]] std::vector<MaskTerm> masks_in_force(const AppState& state);
/// One mask with the values that are not its defaults: `window left 2`, `not causal`.
[[nodiscard]] std::string mask_label(const MaskTerm& mask);
/// `causal ∧ window`, or `none`.
[[nodiscard]] std::string masks_label(const std::vector<MaskTerm>& masks);

/// An identifier as people read it: `top_left` → `top left`.
[[nodiscard]] std::string in_words(std::string_view identifier);

}  // namespace attn::app

#pragma once

#include <string>

#include "app/state/app_state.hpp"

namespace attn::app {

/// The `attnscope export …` that writes, byte for byte, the figure that the window would export now. The
/// figure is named after the document, in the current folder.
[[nodiscard]] std::string command_line(const AppState& state);

/// What `stack` changes of the document's own settings, on any layer, and view and layer apart: the same list
/// however the changes were given, each a whole key where all layers then agree, else a path.
[[nodiscard]] std::vector<SettingChange> canonical_changes(const Document& document,
                                                           const SettingsStack& stack);

/// The settings of the layer on show that differ from the document's own, as an object, with the view where
/// that differs.
[[nodiscard]] nlohmann::json changed_settings_json(const AppState& state);

/// The settings that the window and the start's arguments changed, as a list of `path=value` that gives every
/// layer the same settings again on top of the document's own, and the view on show.
[[nodiscard]] std::vector<std::string> changed_settings(const AppState& state);

/// A word for a POSIX shell, quoted where it must be.
[[nodiscard]] std::string shell_word(const std::string& word);

/// What a figure of this document is called by default: `induction_L1_H2.png`.
[[nodiscard]] std::string default_figure_name(const AppState& state);

/// The same for a session: `induction.session.json`.
[[nodiscard]] std::string default_session_name(const AppState& state);

/// `view` as the settings write it.
[[nodiscard]] nlohmann::json view_to_json(const View& view);

}  // namespace attn::app

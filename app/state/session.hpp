#pragma once

#include <string>

#include "app/state/app_state.hpp"

namespace attn::app {

/// What a session file holds: the document's path (or its text, where it came from text) and fingerprint,
/// every setting that the window or the command line changed, and the view.
[[nodiscard]] nlohmann::json session_to_json(const AppState& state);

/// Errors: type, value, setting; places are JSON pointers.
[[nodiscard]] Result<SessionContent> session_from_json(const nlohmann::json& session);

/// Changes of settings by path, and back. Errors: type.
[[nodiscard]] nlohmann::json sets_to_json(const std::vector<SettingChange>& sets);
[[nodiscard]] Result<std::vector<SettingChange>> sets_from_json(const nlohmann::json& sets,
                                                                const std::string& place);

/// The error of a saved file that holds `found` at `place`: type.
[[nodiscard]] tl::unexpected<Error> wrong_type(const std::string& place, std::string expected,
                                               const nlohmann::json& found);

/// The view of a session or a figure, with layer and head. Errors: type, setting.
[[nodiscard]] Result<ViewState> view_from_json(const nlohmann::json& json);

/// Is this JSON a session, a settings object, or neither (then a document)?
enum class FileKind { document, session, settings };
[[nodiscard]] FileKind kind_of_json(const nlohmann::json& json);

/// Fingerprints are written as 16 hexadecimal digits.
[[nodiscard]] std::string fingerprint_text(std::uint64_t fingerprint);

[[nodiscard]] nlohmann::json preferences_to_json(const Preferences& preferences);
/// What cannot be read keeps its default: a damaged file of likings is no reason to stop.
[[nodiscard]] Preferences preferences_from_json(const nlohmann::json& json);

}  // namespace attn::app

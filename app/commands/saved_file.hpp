#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/state/session.hpp"

namespace attn::app {

/// A file that the window saved, as JSON: a session or settings.
struct SavedFile {
  FileKind kind = FileKind::settings;
  nlohmann::json json;
};

/// What the file holds where it is a session or settings; nothing where it is anything else, unreadable or
/// standard input. Long documents are not read for it. Errors: those of parse_json and parse_settings.
[[nodiscard]] Result<std::optional<SavedFile>> read_saved_file(const std::filesystem::path& path);

/// The first 4 KiB of a regular file; empty of anything else.
[[nodiscard]] std::string head_of(const std::filesystem::path& path);

/// A session's text as JSON. Errors: those of parse_json.
[[nodiscard]] Result<nlohmann::json> session_json(const std::string& text);

}  // namespace attn::app

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/state/action.hpp"
#include "core/base/progress.hpp"

namespace attn::app {

/// Reads whatever a person opens: a document, a session with its document, or settings. The action that takes
/// it over; Refuse, naming the file, where it cannot be read.
[[nodiscard]] Action open_anything(const std::filesystem::path& path, std::size_t document = 0,
                                   Progress* progress = nullptr);

/// The title that a JSON document gives itself near its start, else its file's name in words.
[[nodiscard]] std::string title_of(const std::filesystem::path& path);

/// The documents of a folder of samples, with the sentences of its look_at.txt (`file.json: sentence`, a line
/// each).
[[nodiscard]] std::vector<Sample> samples_of(const std::filesystem::path& folder);

/// The same for text at hand: JSON, or words to be split into tokens.
[[nodiscard]] Action open_text(const std::string& text);

/// What a session's text says, with its document read. `name` names it in messages.
[[nodiscard]] Action open_session(const std::string& text, const std::string& name);

}  // namespace attn::app

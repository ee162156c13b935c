#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/state/action.hpp"
#include "core/base/progress.hpp"

namespace attn::app {

/// Where an opened file stands among others.
struct OpenOptions {
  std::size_t document = 0;                  ///< which one of a file that holds several
  std::vector<std::filesystem::path> known;  ///< where the document of a figure may be
  Progress* progress = nullptr;
};

/// Reads whatever a person opens: a document, a session with its document, settings, or a figure of ours: its
/// document is the one with its name and fingerprint among the known files and beside the figure, else the
/// first of that name, else the person is asked for it. The action that takes it over; Refuse, naming the
/// file, where it cannot be read.
[[nodiscard]] Action open_anything(const std::filesystem::path& path, const OpenOptions& options = {});

/// The figure of `record` on the document in `path`.
[[nodiscard]] Action open_for_figure(const std::filesystem::path& path, const FigureRecord& record,
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

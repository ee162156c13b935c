#pragma once

#include <string>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/document/read_document.hpp"

namespace attn::test {

/// The document, or a failed test and an empty one.
inline Document parsed(const std::string& text, const std::string& source = "a.json",
                       const ReadOptions& options = {}) {
  auto document = parse_document(text, source, options);
  if (document) return std::move(*document);
  ADD_FAILURE() << text.substr(0, 200) << "\n" << describe(document.error());
  Document empty;
  empty.sequences.resize(2, Sequence{{}, {"", ""}, {}, false, {}, {}, {}, {}, {}});
  empty.layers.resize(1);
  return empty;
}

/// The refusal, or a failed test and an error without words.
inline Error refused(const std::string& text, const std::string& source = "a.json",
                     const ReadOptions& options = {}) {
  auto document = parse_document(text, source, options);
  if (!document) return document.error();
  ADD_FAILURE() << "not refused: " << text.substr(0, 200);
  return {};
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Whether a note of this kind stands at `place` and says `words`.
inline bool has_note(const Document& document, Note::Kind kind, const std::string& place,
                     const std::string& words) {
  for (const Note& note : document.notes) {
    if (note.kind == kind && note.place == place && contains(note.text, words)) return true;
  }
  return false;
}

}  // namespace attn::test

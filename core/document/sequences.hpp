#pragma once

#include <string>
#include <vector>

#include "core/document/fields.hpp"

namespace attn {

/// The sequences of a document, in the file's order, and which of them layers query and attend to unless they
/// say otherwise. No sequences where the document names none: they are then counted off from its layers.
struct SequenceSet {
  std::vector<Sequence> sequences;
  bool two_lists = false;  ///< query_tokens and key_tokens: layers attend from the first to the second

  [[nodiscard]] std::vector<std::string> names() const;
};

/// From `sequences`, or from the shorthand's own keys. Errors: type, shape (a list that is not one entry a
/// token), value (parents out of range or in a cycle), limit, unsupported.
[[nodiscard]] Result<SequenceSet> read_sequences(const Fields& document, std::vector<Note>& notes);

/// `n` tokens without text: "0", "1", …
[[nodiscard]] std::vector<std::string> numbered_tokens(std::size_t n);

/// Checks the tokens' number (≥ 1) and lengths against the limits.
[[nodiscard]] Result<void> check_tokens(const std::vector<std::string>& tokens, const std::string& place);

}  // namespace attn

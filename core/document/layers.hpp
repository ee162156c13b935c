#pragma once

#include <vector>

#include "core/document/fields.hpp"
#include "core/document/sequences.hpp"

namespace attn {

/// The layers of `document`, from `layers` or from the shorthand's own keys, tied to `set` and checked.
/// Sequences that need synthetic embeddings get them; where the document names none, they are counted off
/// from the layers' tensors. Errors: type, shape, value (a sequence that does not exist, head counts), limit,
/// unsupported.
[[nodiscard]] Result<std::vector<Layer>> read_layers(const Fields& document, SequenceSet& set,
                                                     std::vector<Note>& notes);

}  // namespace attn

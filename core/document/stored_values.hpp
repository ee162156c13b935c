#pragma once

#include <cstdint>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/progress.hpp"
#include "core/document/document.hpp"

namespace attn {

/// Numbers of the document's tensors that stay in their files.
[[nodiscard]] std::uint64_t stored_numbers(const Document& document);

/// Reads all of them once, piece by piece, and checks what opening a document leaves out for them: notes of
/// numbers that float32 holds only nearly, of weights outside 0 to 1, and of rows that do not sum to 1.
/// `progress` counts numbers. Errors: those of `read_tensor`, said of the document.
[[nodiscard]] Result<std::vector<Note>> check_stored_values(const Document& document,
                                                            Progress* progress = nullptr);

}  // namespace attn

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace attn {

/// Writes the bytes of rows [begin, end) to `out`. Called on many threads.
using FillRows = std::function<void(std::size_t begin, std::size_t end, char* out)>;

/// `rows` × `row_bytes` bytes as a zlib stream (RFC 1950), in pieces that make the stream one after the
/// other; at least one. Blocks of rows are compressed side by side, for speed before size; where the cuts are
/// depends on the sizes alone, so the bytes do not depend on `threads`. Processors of another kind may find
/// other bytes for the same content. Throws std::bad_alloc.
[[nodiscard]] std::vector<std::string> zlib_pieces(std::size_t rows, std::size_t row_bytes,
                                                   const FillRows& fill, std::size_t threads);

}  // namespace attn

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace attn {

/// Opaque pixels in memory, as pack() makes them, row by row from the top.
struct PixelRows {
  const std::uint32_t* first = nullptr;
  std::size_t step = 0;  ///< pixels from one row to the next
  std::size_t width = 0, height = 0;
};

/// A PNG file's bytes: 8-bit RGB, compressed for speed. Blocks of rows are compressed side by side; the bytes
/// do not depend on `threads`. Throws std::bad_alloc.
[[nodiscard]] std::string png_file(const PixelRows& pixels, std::size_t threads);

}  // namespace attn

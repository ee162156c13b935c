#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/buffer.hpp"

namespace attn::kernels {

/// Columns of a block: rows of a map are computed, masked and summed in pieces of this many keys.
inline constexpr std::size_t kBlock = 64;
[[nodiscard]] constexpr std::size_t blocks_of(std::size_t columns) {
  return (columns + kBlock - 1) / kBlock;
}

/// How a number of a source array is stored.
enum class Storage : std::uint8_t { f32, f16, bf16, f64 };

/// A matrix somewhere else: rows × columns numbers, (i, j) at base + i · row_step + j · column_step numbers.
/// [H, n, d] and [n, H, d] alike give one head so.
struct Source {
  const void* base = nullptr;
  Storage storage = Storage::f32;
  std::size_t rows = 0, columns = 0;
  std::ptrdiff_t row_step = 0, column_step = 1;

  [[nodiscard]] Source transposed() const { return {base, storage, columns, rows, column_step, row_step}; }
};

/// The right side of a product, depth × columns, laid out for the kernels: blocks of kBlock columns, each
/// depth-major, filled with zeros. T is float or double.
template <class T>
struct Packed {
  std::size_t depth = 0, columns = 0;
  Buffer<T> values;

  [[nodiscard]] const T* block(std::size_t b) const { return values.data() + b * depth * kBlock; }
};
template <class T>
[[nodiscard]] Packed<T> pack(const Source& source);

/// Row-major copy, rows × columns, without gaps.
template <class T>
[[nodiscard]] Buffer<T> copy_rows(const Source& source);

}  // namespace attn::kernels

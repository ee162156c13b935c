#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace attn::kernels {

/// Columns of a block: rows of a map are computed, masked and summed in pieces of this many keys.
inline constexpr std::size_t kBlock = 64;
[[nodiscard]] constexpr std::size_t blocks_of(std::size_t columns) {
  return (columns + kBlock - 1) / kBlock;
}

/// Numbers at an address that every instruction set loads at once; what they are is up to the one who fills
/// them.
template <class T>
class Aligned {
 public:
  Aligned() = default;
  explicit Aligned(std::size_t size)
      : data_(static_cast<T*>(::operator new[](size * sizeof(T), kAlignment))), size_(size) {}
  [[nodiscard]] T* data() { return data_.get(); }
  [[nodiscard]] const T* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Delete {
    void operator()(T* data) const { ::operator delete[](data, kAlignment); }
  };
  std::unique_ptr<T, Delete> data_;
  std::size_t size_ = 0;
};

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
  Aligned<T> values;

  [[nodiscard]] const T* block(std::size_t b) const { return values.data() + b * depth * kBlock; }
};
template <class T>
[[nodiscard]] Packed<T> pack(const Source& source);

/// Row-major copy, rows × columns, without gaps.
template <class T>
[[nodiscard]] Aligned<T> copy_rows(const Source& source);

}  // namespace attn::kernels

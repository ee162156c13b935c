#include "core/kernels/packed.hpp"

#include <algorithm>
#include <bit>

namespace attn::kernels {
namespace {

// IEEE binary16 → binary32, exactly.
float from_f16(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t{bits & 0x8000u} << 16;
  const std::uint32_t magnitude = bits & 0x7fffu;
  if (magnitude >= 0x7c00u) return std::bit_cast<float>(sign | 0x7f800000u | ((magnitude & 0x3ffu) << 13));
  // Shifted into place the exponent is 112 too small; multiplying by 2¹¹² mends that for denormals too.
  constexpr float kRebias = 0x1p112F;
  return std::bit_cast<float>(sign |
                              std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude << 13) * kRebias));
}

float from_bf16(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

// Calls visit(read), read(place) being the number at that place of the source.
template <class Visit>
void with_reader(const Source& source, Visit visit) {
  switch (source.storage) {
    case Storage::f32:
      return visit([base = static_cast<const float*>(source.base)](std::ptrdiff_t at) { return base[at]; });
    case Storage::f64:
      return visit([base = static_cast<const double*>(source.base)](std::ptrdiff_t at) { return base[at]; });
    case Storage::f16:
      return visit([base = static_cast<const std::uint16_t*>(source.base)](std::ptrdiff_t at) {
        return from_f16(base[at]);
      });
    case Storage::bf16:
      return visit([base = static_cast<const std::uint16_t*>(source.base)](std::ptrdiff_t at) {
        return from_bf16(base[at]);
      });
  }
}

}  // namespace

template <class T>
Packed<T> pack(const Source& source) {
  const std::size_t blocks = blocks_of(source.columns);
  Packed<T> packed{source.rows, source.columns, Buffer<T>(blocks * source.rows * kBlock)};
  with_reader(source, [&](auto read) {
    T* out = packed.values.data();
    for (std::size_t b = 0; b < blocks; ++b) {
      const std::size_t width = std::min(kBlock, source.columns - b * kBlock);
      for (std::size_t p = 0; p < source.rows; ++p) {
        const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(p) * source.row_step;
        for (std::size_t c = 0; c < width; ++c) {
          *out++ =
              static_cast<T>(read(row + static_cast<std::ptrdiff_t>(b * kBlock + c) * source.column_step));
        }
        out = std::fill_n(out, kBlock - width, T{0});
      }
    }
  });
  return packed;
}

template <class T>
Buffer<T> copy_rows(const Source& source) {
  Buffer<T> copy(source.rows * source.columns);
  with_reader(source, [&](auto read) {
    T* out = copy.data();
    for (std::size_t i = 0; i < source.rows; ++i) {
      const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(i) * source.row_step;
      for (std::size_t j = 0; j < source.columns; ++j) {
        *out++ = static_cast<T>(read(row + static_cast<std::ptrdiff_t>(j) * source.column_step));
      }
    }
  });
  return copy;
}

template Packed<float> pack<float>(const Source&);
template Packed<double> pack<double>(const Source&);
template Buffer<float> copy_rows<float>(const Source&);
template Buffer<double> copy_rows<double>(const Source&);

}  // namespace attn::kernels

#include "core/document/tensors/dtype.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn {
namespace {

static_assert(std::endian::native == std::endian::little && std::numeric_limits<float>::is_iec559);

constexpr double kLargest = std::numeric_limits<float>::max();
constexpr double kOverflow = 0x1.ffffffp127;  // from here on, the nearest float32 is infinite
constexpr int kMantissaBits = 24;

struct Half {
  std::uint16_t bits;
};
struct BrainFloat {
  std::uint16_t bits;
};
struct Truth {
  std::uint8_t byte;
};

void note_bad(Conversion& state, std::string expected, std::string found) {
  if (!state.bad) state.bad = Conversion::Bad{state.done, std::move(expected), std::move(found)};
}

float to_float(float x, Conversion&) {
  return x;
}

float to_float(double x, Conversion& state) {
  if (!std::isfinite(x)) return static_cast<float>(x);
  if (std::abs(x) >= kOverflow) {
    note_bad(state, "a number that float32 can hold (up to 3.4e38)", fmt::format("{}", x));
    return 0;
  }
  const auto stored = static_cast<float>(std::clamp(x, -kLargest, kLargest));
  if (stored == 0 && x != 0) ++state.vanished;
  return stored;
}

// Sign, 5 bits of exponent, 10 of mantissa.
float to_float(Half x, Conversion&) {
  const std::uint32_t sign = std::uint32_t{x.bits & 0x8000u} << 16;
  const std::uint32_t exponent = (x.bits >> 10) & 0x1fu;
  const std::uint32_t mantissa = x.bits & 0x3ffu;
  if (exponent == 0) {  // zero, or subnormal: mantissa · 2⁻²⁴
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
    return sign == 0 ? magnitude : -magnitude;
  }
  const std::uint32_t wide = exponent == 0x1f ? 0xffu : exponent + (127 - 15);
  return std::bit_cast<float>(sign | (wide << 23) | (mantissa << 13));
}

float to_float(BrainFloat x, Conversion&) {
  return std::bit_cast<float>(std::uint32_t{x.bits} << 16);
}

float to_float(Truth x, Conversion& state) {
  if (x.byte > 1) note_bad(state, "a bool: the byte 0 or 1", fmt::format("{}", x.byte));
  return x.byte == 0 ? 0.0f : 1.0f;
}

template <class T>
requires std::is_integral_v<T>
float to_float(T x, Conversion& state) {
  if constexpr (sizeof(T) > 2) {
    const auto wide = static_cast<std::uint64_t>(x);
    const std::uint64_t magnitude = x < 0 ? ~wide + 1 : wide;
    const int digits =
        static_cast<int>(std::bit_width(magnitude)) - (magnitude == 0 ? 0 : std::countr_zero(magnitude));
    if (digits > kMantissaBits) ++state.rounded;
  }
  return static_cast<float>(x);
}

template <class T>
void convert(const std::byte* from, std::size_t count, bool swapped, float* to, Conversion& state) {
  if constexpr (std::is_same_v<T, float>) {
    if (!swapped) {
      std::memcpy(to, from, count * sizeof(float));
      state.done += count;
      return;
    }
  }
  for (std::size_t i = 0; i < count; ++i, ++state.done) {
    std::array<std::byte, sizeof(T)> bytes;
    std::memcpy(bytes.data(), from + i * sizeof(T), sizeof(T));
    if (swapped) std::reverse(bytes.begin(), bytes.end());
    to[i] = to_float(std::bit_cast<T>(bytes), state);
  }
}

template <class T>
constexpr Dtype row(std::string_view name, std::string_view npy, std::string_view safetensors) {
  return {name, npy, safetensors, sizeof(T), convert<T>};
}

constexpr std::array kDtypes = {
    row<Half>("f16", "f2", "F16"),          row<BrainFloat>("bf16", "", "BF16"),
    row<float>("f32", "f4", "F32"),         row<double>("f64", "f8", "F64"),
    row<std::int8_t>("i8", "i1", "I8"),     row<std::int16_t>("i16", "i2", "I16"),
    row<std::int32_t>("i32", "i4", "I32"),  row<std::int64_t>("i64", "i8", "I64"),
    row<std::uint8_t>("u8", "u1", "U8"),    row<std::uint16_t>("u16", "u2", "U16"),
    row<std::uint32_t>("u32", "u4", "U32"), row<std::uint64_t>("u64", "u8", "U64"),
    row<Truth>("bool", "b1", "BOOL"),
};

}  // namespace

std::span<const Dtype> dtypes() {
  return kDtypes;
}

const Dtype* find_dtype(std::string_view Dtype::*column, std::string_view name) {
  const auto* row =
      std::find_if(kDtypes.begin(), kDtypes.end(), [&](const Dtype& each) { return each.*column == name; });
  return row == kDtypes.end() || name.empty() ? nullptr : row;
}

std::string dtype_names() {
  std::vector<std::string> names;
  for (const Dtype& dtype : kDtypes) names.emplace_back(dtype.name);
  return join_or(names);
}

}  // namespace attn

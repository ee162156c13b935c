#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace attn {

/// A .npy file, version 1.0: little-endian, C order; float32 (`<f4`), float64 (`<f8`) or bool (`|b1`). Bits
/// are kept, those of NaN too. `values` has as many numbers as the product of `shape` (1 for an empty shape).
[[nodiscard]] std::string npy_bytes(std::span<const std::size_t> shape, std::span<const float> values);
[[nodiscard]] std::string npy_bytes(std::span<const std::size_t> shape, std::span<const double> values);
[[nodiscard]] std::string npy_bytes(std::span<const std::size_t> shape, std::span<const bool> values);

}  // namespace attn

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace attn::support {

/// An array of a .npy file, whatever its type, as doubles in C order.
struct Npy {
  std::string dtype;  ///< `<f4`, `<f8` or `|b1`
  std::vector<std::size_t> shape;
  std::vector<double> values;
};

/// Reads .npy bytes (version 1; float32, float64, bool; C order); nothing where they are anything else.
[[nodiscard]] std::optional<Npy> parse_npy(const std::string& bytes);

/// How `actual` differs from `expected`: words, or empty where it agrees.
struct Difference {
  std::string words;
  double worst = 0;  ///< the largest |actual − expected| of finite numbers
};

/// Agreement: the same dtype and shape, NaN and infinities at the same places, bool exactly, and all else
/// within atol + rtol · |expected|.
[[nodiscard]] Difference compare(const Npy& actual, const Npy& expected, double atol, double rtol);

}  // namespace attn::support

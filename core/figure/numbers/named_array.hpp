#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace attn {

/// An array on its way into a file: C order, `values` as many as the product of `shape`.
struct NamedArray {
  enum class Type { f32, f64, boolean };
  std::string name;  ///< a stage, or `L{l}.{stage}`; letters, digits, dots
  std::vector<std::size_t> shape;
  std::vector<double> values;
  Type type = Type::f32;  ///< what is written: float32, float64, or bool (not 0)
};

}  // namespace attn

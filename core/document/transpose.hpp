#pragma once

#include "core/document/tensor.hpp"

namespace attn {

/// The columns of a matrix as rows: m × n to n × m.
[[nodiscard]] Tensor transposed(const Tensor& matrix);

}  // namespace attn

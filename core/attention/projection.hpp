#pragma once

#include <functional>
#include <vector>

#include "core/base/matrix.hpp"
#include "core/document/tensor.hpp"

namespace attn {

/// x·W + b in double: x n × d_in, W d_in × width, b width or nullptr. Rows are multiplied in fixed blocks
/// (the last one filled with zeros), so a row's bits do not depend on how many rows there are.
[[nodiscard]] Matrix project(const Matrix& x, const Tensor& weight, const Tensor* bias);
/// `project`, or what does the same faster.
using Project = std::function<Matrix(const Matrix& x, const Tensor& weight, const Tensor* bias)>;

/// A rank 2 tensor in double.
[[nodiscard]] Matrix to_matrix(const Tensor& tensor);

/// H × n × d laid side by side: n × (H · d).
[[nodiscard]] Matrix side_by_side(const Tensor& heads);

/// Columns h·d … (h+1)·d − 1 of each head, d = x.cols() / heads.
[[nodiscard]] std::vector<Matrix> cut_heads(const Matrix& x, Index heads);

}  // namespace attn

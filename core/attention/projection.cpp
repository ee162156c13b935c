#include "core/attention/projection.hpp"

#include <algorithm>

namespace attn {
namespace {

constexpr Index kBlockRows = 64;

}  // namespace

Matrix to_matrix(const Tensor& tensor) {
  const auto rows = static_cast<Index>(tensor.shape()[0]);
  const auto columns = static_cast<Index>(tensor.shape()[1]);
  using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const Floats>(tensor.values().data(), rows, columns).cast<double>();
}

Matrix side_by_side(const Tensor& heads) {
  const auto width = static_cast<Index>(heads.shape()[2]);
  Matrix x(static_cast<Index>(heads.shape()[1]), static_cast<Index>(heads.shape()[0]) * width);
  for (std::size_t h = 0; h < heads.shape()[0]; ++h) {
    x.middleCols(static_cast<Index>(h) * width, width) = to_matrix(heads.slice(h));
  }
  return x;
}

std::vector<Matrix> cut_heads(const Matrix& x, Index heads) {
  const Index width = x.cols() / heads;
  std::vector<Matrix> cut;
  for (Index h = 0; h < heads; ++h) cut.emplace_back(x.middleCols(h * width, width));
  return cut;
}

Matrix project(const Matrix& x, const Tensor& weight, const Tensor* bias) {
  const Matrix w = to_matrix(weight);
  Matrix y(x.rows(), w.cols());
  for (Index first = 0; first < x.rows(); first += kBlockRows) {
    const Index rows = std::min(kBlockRows, x.rows() - first);
    Matrix block = Matrix::Zero(kBlockRows, x.cols());
    block.topRows(rows) = x.middleRows(first, rows);
    const Matrix product = block * w;
    y.middleRows(first, rows) = product.topRows(rows);
  }
  if (bias != nullptr) {
    const auto b = bias->values();
    for (Index c = 0; c < y.cols(); ++c)
      y.col(c).array() += static_cast<double>(b[static_cast<std::size_t>(c)]);
  }
  return y;
}

}  // namespace attn

#include "core/engine/products.hpp"

#include <algorithm>

#include "core/base/parallel.hpp"
#include "core/kernels/isa.hpp"

namespace attn {
namespace {

// Rows that are multiplied in one go: eight tiles of the kernels' six.
constexpr Index kRows = 48;

kernels::Packed<double> packed_weight(const Tensor& weight) {
  const std::size_t depth = weight.shape()[0];
  const std::size_t width = weight.shape()[1];
  return kernels::pack<double>(
      {weight.values().data(), kernels::Storage::f32, depth, width, static_cast<std::ptrdiff_t>(width), 1});
}

Matrix project_packed(const Matrix& x, const kernels::Packed<double>& weight, const Tensor* bias,
                      std::size_t threads) {
  Matrix y(x.rows(), static_cast<Index>(weight.columns));
  const Index chunks = (x.rows() + kRows - 1) / kRows;
  parallel_for(static_cast<std::size_t>(chunks), threads, [&](std::size_t chunk) {
    const Index first = static_cast<Index>(chunk) * kRows;
    const Index rows = std::min(kRows, x.rows() - first);
    y.middleRows(first, rows) =
        multiply({x.data() + first * x.cols(), static_cast<std::size_t>(rows), weight.depth}, weight);
    if (bias == nullptr) return;
    const Eigen::Map<const Eigen::RowVectorXf> b(bias->values().data(), y.cols());
    y.middleRows(first, rows).rowwise() += b.cast<double>();
  });
  return y;
}

}  // namespace

kernels::Source source_of(const Matrix& matrix) {
  return {matrix.data(),
          kernels::Storage::f64,
          static_cast<std::size_t>(matrix.rows()),
          static_cast<std::size_t>(matrix.cols()),
          matrix.cols(),
          1};
}

Matrix multiply(kernels::Rows<const double> left, const kernels::Packed<double>& right) {
  const std::size_t step = kernels::blocks_of(right.columns) * kernels::kBlock;
  Buffer<double> out(left.count * step);
  kernels::multiply(left, right, {out.data(), left.count, step});
  using Whole = Eigen::Map<const Matrix>;
  return Whole(out.data(), static_cast<Index>(left.count), static_cast<Index>(step))
      .leftCols(static_cast<Index>(right.columns));
}

Project projection_by_kernels(std::size_t threads) {
  if (kernels::selected() == kernels::Isa::baseline) return project;
  return [threads](const Matrix& x, const Tensor& weight, const Tensor* bias) {
    return project_packed(x, packed_weight(weight), bias, threads);
  };
}

Project projection_by_kernels(const Tensor* weight) {
  if (weight == nullptr || kernels::selected() == kernels::Isa::baseline) return project;
  return [packed = packed_weight(*weight)](const Matrix& x, const Tensor&, const Tensor* bias) {
    return project_packed(x, packed, bias, 1);
  };
}

}  // namespace attn

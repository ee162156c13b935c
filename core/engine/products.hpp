#pragma once

#include "core/attention/projection.hpp"
#include "core/kernels/matrix.hpp"

namespace attn {

/// A matrix of ours, as a source for packing.
[[nodiscard]] kernels::Source source_of(const Matrix& matrix);

/// left · right by the kernels.
[[nodiscard]] Matrix multiply(kernels::Rows<const double> left, const kernels::Packed<double>& right);

/// x·W + b like `project`, in double too, by the kernels on `threads` threads; by `project` where the machine
/// has none. A row's bits do not depend on the others.
[[nodiscard]] Project projection_by_kernels(std::size_t threads);
/// The same on the caller's thread, again and again by one `weight`, which is packed once; null: by none.
[[nodiscard]] Project projection_by_kernels(const Tensor* weight);

}  // namespace attn

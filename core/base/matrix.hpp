#pragma once

#include <Eigen/Core>

namespace attn {

/// Rows are queries (or tokens), columns keys (or features); row-major, double: the reference's arithmetic.
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
/// Same shape, true = query i may attend to key j.
using MaskMatrix = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;
using Index = Eigen::Index;

/// Rows [begin, end) of a map. Every row-wise stage is computed band by band, and no row depends on its band.
struct RowRange {
  Index begin = 0;
  Index end = 0;
  [[nodiscard]] Index size() const { return end - begin; }
};

/// Rows of a band and of a tile. Long maps are computed and drawn in pieces of this many rows.
inline constexpr Index kBandRows = 256;

}  // namespace attn

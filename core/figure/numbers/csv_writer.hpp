#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace attn {

/// A table, one line a row of the last axis, led by the indices of the axes before it: `head,row,c0,c1,…` for
/// rank 3
/// (`row,…` for 2, `layer,head,row,…` for 4; rank 1 is one row without a leading index). C order. Numbers are
/// the shortest that read back as the same bits, never in the locale's way; `nan`, `inf`, `-inf`; bools are 1
/// and 0. `values` has as many numbers as the product of `shape`; rank 1 to 4.
[[nodiscard]] std::string csv_text(std::span<const std::size_t> shape, std::span<const float> values);
[[nodiscard]] std::string csv_text(std::span<const std::size_t> shape, std::span<const double> values);
[[nodiscard]] std::string csv_text(std::span<const std::size_t> shape, std::span<const bool> values);

}  // namespace attn

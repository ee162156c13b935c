#pragma once

#include "core/figure/display_list.hpp"

namespace attn {

/// The nearest pixel for each of width × height, in whole numbers: no rounding that drifts over large
/// figures.
[[nodiscard]] PixelImage resized(const PixelImage& image, int width, int height);

/// Every pixel as a square of k × k, k up to kMostEnlarged and as great as leaves no side longer than
/// kEnlargedSide (1 where there is none): a viewer that smooths what it enlarges then blurs the edges of
/// cells by 1/k of a cell.
[[nodiscard]] PixelImage enlarged(const PixelImage& image);
inline constexpr int kEnlargedSide = 2048, kMostEnlarged = 32;

}  // namespace attn

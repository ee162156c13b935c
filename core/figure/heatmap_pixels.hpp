#pragma once

#include "core/figure/color_scale.hpp"
#include "core/figure/display_list.hpp"

namespace attn {

/// One pixel a cell, row by row: pixel (j, i) is cell_color() of cell (i, j), so the screen and a figure
/// agree.
[[nodiscard]] PixelImage heatmap_pixels(const StageMap& map, const ColorScale& scale, Theme theme);

}  // namespace attn

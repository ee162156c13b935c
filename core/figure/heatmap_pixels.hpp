#pragma once

#include "core/figure/color_scale.hpp"
#include "core/figure/display_list.hpp"

namespace attn {

/// Which kinds of cells a map holds, for the legend.
struct CellKinds {
  bool masked = false;
  bool not_a_number = false;
};

/// One pixel a cell, row by row: pixel (j, i) is cell_color() of cell (i, j), so the screen and a figure
/// agree.
[[nodiscard]] PixelImage heatmap_pixels(const StageMap& map, const ColorScale& scale, Theme theme);

[[nodiscard]] CellKinds cell_kinds(const StageMap& map);

}  // namespace attn

#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/engine/stage_map.hpp"
#include "core/figure/heatmap_pixels.hpp"
#include "core/figure/layout/figure_canvas.hpp"

namespace attn {

/// A colour that no colour bar explains.
struct LegendEntry {
  std::string_view meaning;
  Rgb color;
  Rgb edge;  ///< one pixel around it
};

/// Only what stands in the map: masked cells, cells without a number, and each kind of flagged row.
[[nodiscard]] std::vector<LegendEntry> legend_entries(const CellKinds& kinds, std::span<const RowFlag> flags,
                                                      Theme theme);

/// One after the other from `at` (the top left corner), in lines of about `width` pixels.
void add_legend(FigureCanvas& canvas, const std::vector<LegendEntry>& entries, const TextStyle& style,
                Point at, double width);

}  // namespace attn

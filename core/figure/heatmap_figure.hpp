#pragma once

#include <span>
#include <string>

#include "core/attention/settings.hpp"
#include "core/base/error.hpp"
#include "core/engine/stage_map.hpp"
#include "core/figure/display_list.hpp"
#include "core/figure/figure_options.hpp"

namespace attn {

/// One map and the words around it. Labels are tokens as the document has them; where their number is not the
/// map's, indices are shown. Empty names mean what the stage says: queries, keys, dimension, the stage's
/// name.
struct HeatmapFigure {
  const StageMap& map;
  std::span<const std::string> row_labels, column_labels;
  std::string title;
  std::string row_axis, column_axis;
  std::string value_name;  ///< at the colour bar
  std::string caption;     ///< settings, small, below; empty = none
  View view;
  FigureOptions options;
};

/// Maps with more cells a side are refused: one pixel a cell would no longer be a figure.
inline constexpr Index kMaxFigureCells = 8192;

/// The figure: title, axis names, labels (thinned evenly where cells are close), the map with cells of whole
/// pixels (square, but for very long and narrow maps; up to 48 pixels, down to 1), marks beside flagged rows,
/// a legend of what is special in it, a colour bar, the caption. The canvas is as large as its parts need,
/// without options about 900 to 1,400 pixels, less for small maps. No two texts overlap, and none leaves the
/// canvas. The first image of the list is the map, one pixel a cell. A function of its arguments and the
/// installed fonts alone. Errors: limit (more than kMaxFigureCells rows or columns), value (a map without
/// cells; a width or height too small for one pixel a cell and the labels).
[[nodiscard]] Result<DisplayList> heatmap_figure(const HeatmapFigure& input, TextRenderer& text);

}  // namespace attn

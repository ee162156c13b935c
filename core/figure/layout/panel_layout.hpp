#pragma once

#include "core/figure/layout/figure_canvas.hpp"
#include "core/figure/layout/figure_sizes.hpp"
#include "core/figure/layout/figure_theme.hpp"
#include "core/figure/panels.hpp"

namespace attn {

/// How large one map is drawn. A cell is `map_width / columns` pixels wide: whole pixels, but where a size
/// that is asked for would then stay empty.
struct MapSize {
  double map_width = 1, map_height = 1;
  bool whole = true;
};

/// One panel around the top left corner of its map; with `names_rows` its rows have labels and a name. The
/// first item is the map, without its pixels.
[[nodiscard]] FigureCanvas lay_out_panel(const Panel& panel, const PanelGrid& grid, bool names_rows,
                                         const MapSize& size, const FigureSizes& sizes,
                                         const FigureFonts& fonts, TextRenderer& text);

/// The map as it is drawn at this size: one pixel a cell, or less where there are more cells than pixels.
[[nodiscard]] PixelImage panel_pixels(const Panel& panel, const MapSize& size, Theme theme);

/// The bar of `panel`, upright at the right of a map of `height` pixels or lying below one of `width`;
/// `right` and `bottom` are where it may begin.
void add_bar(FigureCanvas& canvas, const Panel& panel, const PanelGrid& grid, const FigureSizes& sizes,
             const FigureFonts& fonts, Box map, double right, double bottom);

}  // namespace attn

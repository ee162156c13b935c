#pragma once

#include <optional>
#include <string>

#include "core/figure/color_scale.hpp"
#include "core/figure/layout/figure_canvas.hpp"
#include "core/figure/layout/figure_theme.hpp"

namespace attn {

struct ColorBar {
  ColorScale scale;
  std::string name;
  FigureFonts fonts;
  FigureTheme theme;
  double unit = 1, stroke = 1;
  std::optional<int> ticks;  ///< about so many; nothing: as many as have room, up to 5
};

/// Upright, its top left corner at `at`, `length` pixels high; numbers at its right, its name along them.
void add_upright_bar(FigureCanvas& canvas, const ColorBar& bar, Point at, double length);

/// Lying under its name, the name's top left corner at `at`, `length` pixels wide; numbers below.
void add_lying_bar(FigureCanvas& canvas, const ColorBar& bar, Point at, double length);

}  // namespace attn

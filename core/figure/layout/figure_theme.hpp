#pragma once

#include "core/engine/stage_map.hpp"
#include "core/figure/color_scale.hpp"
#include "core/figure/text.hpp"

namespace attn {

/// The quiet colours around a map.
struct FigureTheme {
  Rgb paper, ink, quiet, line;
  Rgb grid;       ///< between cells
  Rgb highlight;  ///< around highlighted rows and columns
  Rgb bar;        ///< of a profile
};

[[nodiscard]] constexpr FigureTheme figure_theme(Theme theme) {
  return theme == Theme::light ? FigureTheme{rgb(0xffffff), rgb(0x1f2328), rgb(0x636b75), rgb(0xb8bec6),
                                             rgb(0xffffff), rgb(0xe5484d), rgb(0x7d8fa3)}
                               : FigureTheme{rgb(0x14171b), rgb(0xdde1e6), rgb(0x98a1ab), rgb(0x444b54),
                                             rgb(0x14171b), rgb(0xff6b6b), rgb(0x6b7d91)};
}

/// The colour of a row's flag; the theme's paper for normal rows.
[[nodiscard]] inline Rgb flag_color(RowFlag flag, Theme theme) {
  switch (flag) {
    case RowFlag::empty:
      return figure_theme(theme).quiet;
    case RowFlag::not_a_number:
      return not_a_number_color(theme);
    case RowFlag::infinite:
      return rgb(0xd97706);
    case RowFlag::normal:
      break;
  }
  return figure_theme(theme).paper;
}

/// The five kinds of text in a figure. `unit` is the figure's own pixel: 1, or more where the map is very
/// large.
struct FigureFonts {
  TextStyle title, axis, label, number, caption;
};

[[nodiscard]] inline FigureFonts figure_fonts(const FigureTheme& theme, double unit, double label_px) {
  FigureFonts fonts;
  fonts.title.size_px = 18 * unit;
  fonts.title.weight = 600;
  fonts.title.color = theme.ink;
  fonts.axis.size_px = 14 * unit;
  fonts.axis.color = theme.quiet;
  fonts.label.size_px = label_px;
  fonts.label.color = theme.ink;
  fonts.number.size_px = 13 * unit;
  fonts.number.tabular = true;
  fonts.number.color = theme.ink;
  fonts.caption.size_px = 13 * unit;
  fonts.caption.color = theme.quiet;
  return fonts;
}

}  // namespace attn

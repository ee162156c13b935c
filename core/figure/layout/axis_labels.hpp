#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/matrix.hpp"
#include "core/figure/figure_options.hpp"
#include "core/figure/layout/figure_canvas.hpp"
#include "core/figure/layout/figure_theme.hpp"

namespace attn {

/// What stands beside one side of a map: one text a cell, `pitch` pixels apart.
struct LabelAxis {
  Index count = 0;
  double pitch = 1;
  std::span<const std::string> texts;  ///< `count` tokens; any other number: indices are shown
  Index first = 0;                     ///< the index of the first cell, in the document
  LabelChoice choice;                  ///< by the document's indices, as `strong` is
  std::span<const Index> strong;       ///< highlighted: their labels come first, and are bold
  std::optional<double> angle;         ///< of the columns' labels, in degrees; nothing: as they fit
  TextStyle style;
  double unit = 1;
  double stroke = 1;
  double most_px = 160;  ///< longer labels lose their middle
  Rgb tick_color;

  [[nodiscard]] bool is_numeric() const { return texts.size() != static_cast<std::size_t>(count); }
};

/// Left of x = 0, right-aligned; `clear` pixels at the map's edge are kept free for the rows' marks.
void add_row_labels(FigureCanvas& canvas, const LabelAxis& axis, double clear);

/// Above y = 0. Level where every label fits its cell, and for indices; else leaning by 60 degrees.
void add_column_labels(FigureCanvas& canvas, const LabelAxis& axis);

/// A mark at the map's left edge for each row that is not normal; all marks stay within `clear` pixels of it.
void add_row_marks(FigureCanvas& canvas, std::span<const RowFlag> flags, double pitch, double clear,
                   Theme theme);

}  // namespace attn

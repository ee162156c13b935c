#include "core/figure/layout/axis_labels.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/figure/labels.hpp"

namespace attn {
namespace {

constexpr double kGap = 10;       // between a label and the map
constexpr double kTick = 4;       // length of the line that leads to a thinned label
constexpr double kLean = 60;      // degrees
constexpr double kThinned = 1.6;  // lines from one label to the next where not all are drawn

std::string label(const LabelAxis& axis, Index i, TextRenderer& text) {
  if (axis.is_numeric()) return std::to_string(i);
  return text.fit(presentable(axis.texts[static_cast<std::size_t>(i)]), axis.style, axis.most_px);
}

double middle(const LabelAxis& axis, Index i) {
  return (static_cast<double>(i) + 0.5) * axis.pitch;
}

// All labels where lines of `line` pixels just fit; else few enough to be read at a glance.
Index token_step(double pitch, double line) {
  return label_step(pitch, line) == 1 ? 1 : label_step(pitch, kThinned * line);
}

// Ticks are as crisp as the cells: a whole pixel beside the middle of the cell.
double tick_at(const LabelAxis& axis, Index i) {
  return std::floor(middle(axis, i)) + 0.5;
}

double widest_level_label(const LabelAxis& axis, TextRenderer& text) {
  if (axis.is_numeric()) return text.measure(std::to_string(axis.count - 1), axis.style).width;
  double widest = 0;
  for (Index i = 0; i < axis.count && widest <= axis.pitch; ++i) {
    widest = std::max(widest, text.measure(label(axis, i, text), axis.style).width);
  }
  return widest;
}

void add_level_columns(FigureCanvas& canvas, const LabelAxis& axis, Index step) {
  const LineMetrics line = canvas.text().line_metrics(axis.style);
  const double y = -kGap * axis.unit - line.cap_height / 2;
  for (Index i = 0; i < axis.count; i += step) {
    canvas.add_text(label(axis, i, canvas.text()), axis.style, {middle(axis, i), y}, Align::center);
  }
}

void add_leaning_columns(FigureCanvas& canvas, const LabelAxis& axis, Index step) {
  const LineMetrics line = canvas.text().line_metrics(axis.style);
  const double lowest = (line.cap_height / 2 + line.descent) * std::cos(kLean * std::numbers::pi / 180);
  const double y = -0.6 * kGap * axis.unit - lowest;
  for (Index i = 0; i < axis.count; i += step) {
    canvas.add_turned_text(label(axis, i, canvas.text()), axis.style, {middle(axis, i), y}, Align::left,
                           kLean);
  }
}

}  // namespace

void add_row_labels(FigureCanvas& canvas, const LabelAxis& axis, double clear) {
  const Index step = token_step(axis.pitch, canvas.text().line_metrics(axis.style).height());
  for (Index i = 0; i < axis.count; i += step) {
    canvas.add_text(label(axis, i, canvas.text()), axis.style, {-clear - kGap * axis.unit, middle(axis, i)},
                    Align::right);
    const double y = tick_at(axis, i);
    if (step > 1) canvas.add(LineItem{{-clear - kTick - 1, y}, {-clear - 1, y}, 1, axis.tick_color});
  }
}

void add_column_labels(FigureCanvas& canvas, const LabelAxis& axis) {
  const double space = 8 * axis.unit;
  const double widest = widest_level_label(axis, canvas.text());
  const double line = canvas.text().line_metrics(axis.style).height();
  const bool level = axis.is_numeric() || widest + space <= axis.pitch;
  const Index step = level ? label_step(axis.pitch, widest + space)
                           : token_step(axis.pitch * std::sin(kLean * std::numbers::pi / 180), line);
  level ? add_level_columns(canvas, axis, step) : add_leaning_columns(canvas, axis, step);
  for (Index i = 0; step > 1 && i < axis.count; i += step) {
    const double x = tick_at(axis, i);
    canvas.add(LineItem{{x, -kTick - 1}, {x, -1}, 1, axis.tick_color});
  }
}

void add_row_marks(FigureCanvas& canvas, std::span<const RowFlag> flags, double pitch, double clear,
                   Theme theme) {
  const double side = std::min(clear - 4, pitch);
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i] == RowFlag::normal) continue;
    const double top = std::floor((static_cast<double>(i) + 0.5) * pitch - side / 2);
    canvas.add(RectItem{{1 - clear, top, 1 - clear + clear - 4, top + side}, flag_color(flags[i], theme)});
  }
}

}  // namespace attn

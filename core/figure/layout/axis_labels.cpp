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
  if (axis.is_numeric()) return std::to_string(axis.first + i);
  return text.fit(presentable(axis.texts[static_cast<std::size_t>(i)]), axis.style, axis.most_px);
}

double middle(const LabelAxis& axis, Index i) {
  return (static_cast<double>(i) + 0.5) * axis.pitch;
}

// Ticks are as crisp as the cells: a whole pixel beside the middle of the cell.
double tick_at(const LabelAxis& axis, Index i) {
  return std::floor(middle(axis, i)) + 0.5;
}

bool is_strong(const LabelAxis& axis, Index i) {
  return std::ranges::find(axis.strong, axis.first + i) != axis.strong.end();
}

TextStyle style_of(const LabelAxis& axis, Index i) {
  TextStyle style = axis.style;
  if (is_strong(axis, i)) style.weight = 700;
  return style;
}

// The document's indices as cells of this axis, in order, each once.
std::vector<Index> cells_of(const LabelAxis& axis, std::span<const Index> indices) {
  std::vector<Index> cells;
  for (const Index index : indices) {
    if (index >= axis.first && index - axis.first < axis.count) cells.push_back(index - axis.first);
  }
  std::ranges::sort(cells);
  cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
  return cells;
}

// The cells that have a label where labels need `needed` pixels from one to the next. Highlighted ones come
// first; of those that are asked for by index, the earlier of two that are too close.
std::vector<Index> labelled_cells(const LabelAxis& axis, double needed, double thinned) {
  std::vector<Index> chosen;
  const auto has_room = [&](Index i) {
    const auto far = [&](Index other) {
      return static_cast<double>(std::abs(other - i)) * axis.pitch >= needed - 1e-9;
    };
    const auto next = std::ranges::lower_bound(chosen, i);
    return (next == chosen.end() || far(*next)) && (next == chosen.begin() || far(*std::prev(next)));
  };
  const auto take = [&](Index i) {
    if (has_room(i)) chosen.insert(std::ranges::lower_bound(chosen, i), i);
  };
  if (axis.choice.all || !axis.choice.only.empty())
    for (const Index i : cells_of(axis, axis.strong)) take(i);
  if (axis.choice.all) {
    const Index step = label_step(axis.pitch, needed) == 1 ? 1 : label_step(axis.pitch, thinned);
    for (Index i = 0; i < axis.count; i += step) take(i);
  } else {
    for (const Index i : cells_of(axis, axis.choice.only)) take(i);
  }
  return chosen;
}

bool all_labelled(const LabelAxis& axis, const std::vector<Index>& cells) {
  return std::ssize(cells) == axis.count;
}

// Of those that may be drawn; `enough` ends the search.
double widest_label(const LabelAxis& axis, double enough, TextRenderer& text) {
  TextStyle style = axis.style;
  if (!axis.strong.empty()) style.weight = 700;
  if (axis.is_numeric()) return text.measure(std::to_string(axis.first + axis.count - 1), style).width;
  double widest = 0;
  const auto look = [&](Index i) {
    if (widest <= enough) widest = std::max(widest, text.measure(label(axis, i, text), style).width);
  };
  if (axis.choice.all) {
    for (Index i = 0; i < axis.count && widest <= enough; ++i) look(i);
  } else {
    for (const Index i : cells_of(axis, axis.choice.only)) look(i);
    for (const Index i : cells_of(axis, axis.strong)) look(i);
  }
  return widest;
}

void add_column_label(FigureCanvas& canvas, const LabelAxis& axis, Index i, double angle) {
  const LineMetrics line = canvas.text().line_metrics(axis.style);
  if (angle == 0) {
    canvas.add_text(label(axis, i, canvas.text()), style_of(axis, i),
                    {middle(axis, i), -kGap * axis.unit - line.cap_height / 2}, Align::center);
    return;
  }
  const double lowest = (line.cap_height / 2 + line.descent) * std::cos(angle * std::numbers::pi / 180);
  canvas.add_turned_text(label(axis, i, canvas.text()), style_of(axis, i),
                         {middle(axis, i), -0.6 * kGap * axis.unit - lowest}, Align::left, angle);
}

}  // namespace

void add_row_labels(FigureCanvas& canvas, const LabelAxis& axis, double clear) {
  const double line = canvas.text().line_metrics(axis.style).height();
  const auto cells = labelled_cells(axis, line, kThinned * line);
  const double tick = kTick * axis.unit;
  for (const Index i : cells) {
    canvas.add_text(label(axis, i, canvas.text()), style_of(axis, i),
                    {-clear - kGap * axis.unit, middle(axis, i)}, Align::right);
    const double y = tick_at(axis, i);
    if (!all_labelled(axis, cells))
      canvas.add(LineItem{{-clear - tick - 1, y}, {-clear - 1, y}, axis.stroke, axis.tick_color});
  }
}

void add_column_labels(FigureCanvas& canvas, const LabelAxis& axis) {
  const double line = canvas.text().line_metrics(axis.style).height();
  const double thinned = kThinned * line;
  // Listed labels and indices may be far apart, so that all of their width counts.
  const bool may_be_far = axis.angle || axis.is_numeric() || !axis.choice.all;
  const double enough = may_be_far ? axis.most_px : std::max(axis.pitch, thinned);
  const double level = widest_label(axis, enough, canvas.text()) + 8 * axis.unit;
  std::vector<Index> cells;
  double angle = axis.angle.value_or(kLean);
  // Short labels stand level even where not all of them have room.
  if (axis.angle == 0 || (!axis.angle && (axis.is_numeric() || level <= std::max(axis.pitch, thinned)))) {
    angle = 0;
    cells = labelled_cells(axis, level, level);
  } else {
    const double leaning = line / std::sin(angle * std::numbers::pi / 180);
    const double needed = may_be_far ? std::min(leaning, level + line) : leaning;
    cells = labelled_cells(axis, needed, std::max(needed, thinned));
  }
  for (const Index i : cells) {
    add_column_label(canvas, axis, i, angle);
    if (all_labelled(axis, cells)) continue;
    const double x = tick_at(axis, i);
    canvas.add(LineItem{{x, -kTick * axis.unit - 1}, {x, -1}, axis.stroke, axis.tick_color});
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

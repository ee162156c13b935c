#include "core/figure/layout/legend.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/figure/layout/figure_theme.hpp"

namespace attn {

std::string_view sentence_of(RowFlag flag) {
  const auto row = std::ranges::find(kRowFlagWords, flag, &RowFlagWords::flag);
  return row == kRowFlagWords.end() ? std::string_view() : row->sentence;
}

std::vector<LegendEntry> legend_entries(const CellKinds& kinds, std::span<const RowFlag> flags, Theme theme) {
  std::vector<LegendEntry> entries;
  if (kinds.masked) entries.push_back({"masked", masked_color(theme), figure_theme(theme).line});
  if (kinds.not_a_number) {
    entries.push_back({"not a number", not_a_number_color(theme), not_a_number_color(theme)});
  }
  for (const RowFlagWords& words : kRowFlagWords) {
    if (kinds.not_a_number && words.flag == RowFlag::not_a_number) continue;
    const Rgb color = flag_color(words.flag, theme);
    if (std::find(flags.begin(), flags.end(), words.flag) != flags.end())
      entries.push_back({words.legend, color, color});
  }
  return entries;
}

void add_legend(FigureCanvas& canvas, const std::vector<LegendEntry>& entries, const TextStyle& style,
                Point at, double width, double unit) {
  const double edge = std::max(1.0, std::round(unit));
  const LineMetrics line = canvas.text().line_metrics(style);
  const double side = std::round(line.cap_height + 2 * edge);
  double x = at.x, y = at.y + line.height() / 2;
  for (const LegendEntry& entry : entries) {
    const std::string meaning = canvas.text().fit(entry.meaning, style, width - 1.6 * side);
    const double words = canvas.text().measure(meaning, style).width;
    if (x > at.x && x + 1.6 * side + words > at.x + width) {
      x = at.x;
      y += 1.4 * line.height();
    }
    const double left = std::round(x), top = std::round(y - side / 2);
    canvas.add(RectItem{{left, top, left + side, top + side}, entry.edge});
    canvas.add(RectItem{{left + edge, top + edge, left + side - edge, top + side - edge}, entry.color});
    canvas.add_text(meaning, style, {left + 1.6 * side, y}, Align::left);
    x += 1.6 * side + words + 2 * side;
  }
}

}  // namespace attn

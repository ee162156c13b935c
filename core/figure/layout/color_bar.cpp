#include "core/figure/layout/color_bar.hpp"

#include <algorithm>
#include <cmath>

#include "core/figure/labels.hpp"

namespace attn {
namespace {

constexpr double kThickness = 14;
constexpr double kTick = 4;

PixelImage gradient(const Colormap& map, bool upright) {
  PixelImage image{upright ? 1 : 256, upright ? 256 : 1, {}};
  for (const Rgb color : map.colors) image.pixels.push_back(pack(color));
  if (upright) std::reverse(image.pixels.begin(), image.pixels.end());
  return image;
}

double share(const ColorScale& scale, double value) {
  return (value - scale.lo) / (static_cast<double>(scale.hi) - scale.lo);
}

// The middle of the pixel at `share` of the bar, so that ticks at both ends stay within it.
double tick_at(double length, double share) {
  return std::clamp(std::floor(share * length), 0.0, length - 1) + 0.5;
}

int most_ticks(double length, double apart) {
  return std::clamp(static_cast<int>(length / apart), 1, 5);
}

// Numbers side by side: fewer of them where the longest leave no room.
std::vector<Tick> ticks_with_room(const ColorBar& bar, double length, TextRenderer& text) {
  for (int most = most_ticks(length, 36 * bar.unit); most > 1; --most) {
    auto result = ticks(bar.scale.lo, bar.scale.hi, most);
    double widest = 0;
    for (const Tick& tick : result)
      widest = std::max(widest, text.measure(tick.text, bar.fonts.number).width);
    const double apart =
        result.size() < 2 ? length
                          : length * (share(bar.scale, result[1].value) - share(bar.scale, result[0].value));
    if (widest + 10 * bar.unit <= apart) return result;
  }
  auto result = ticks(bar.scale.lo, bar.scale.hi, 1);
  result.erase(result.begin() + 1, result.end());
  return result;
}

}  // namespace

void add_upright_bar(FigureCanvas& canvas, const ColorBar& bar, Point at, double length) {
  const double right = at.x + std::round(kThickness * bar.unit);
  canvas.add(ImageItem{{at.x, at.y, right, at.y + length}, gradient(*bar.scale.map, true)});
  double widest = 0;
  const double numbers = right + (kTick + 5) * bar.unit;
  for (const Tick& tick : ticks(bar.scale.lo, bar.scale.hi, most_ticks(length, 48 * bar.unit))) {
    const double y = at.y + tick_at(length, 1 - share(bar.scale, tick.value));
    canvas.add(LineItem{{right + 1, y}, {right + 1 + kTick * bar.unit, y}, 1, bar.theme.line});
    canvas.add_text(tick.text, bar.fonts.number, {numbers, y}, Align::left);
    widest = std::max(widest, canvas.text().measure(tick.text, bar.fonts.number).width);
  }
  const LineMetrics line = canvas.text().line_metrics(bar.fonts.axis);
  canvas.add_turned_text(canvas.text().fit(bar.name, bar.fonts.axis, length), bar.fonts.axis,
                         {numbers + widest + 8 * bar.unit + line.height() / 2, at.y + length / 2},
                         Align::center, 90);
}

void add_lying_bar(FigureCanvas& canvas, const ColorBar& bar, Point at, double length) {
  const double line = canvas.text().line_metrics(bar.fonts.axis).height();
  const double number_line = canvas.text().line_metrics(bar.fonts.number).height();
  canvas.add_text(canvas.text().fit(bar.name, bar.fonts.axis, length), bar.fonts.axis,
                  {at.x, at.y + line / 2}, Align::left);
  const double top = std::ceil(at.y + line + 4 * bar.unit);
  const double bottom = top + std::round(kThickness * bar.unit);
  canvas.add(ImageItem{{at.x, top, at.x + length, bottom}, gradient(*bar.scale.map, false)});
  for (const Tick& tick : ticks_with_room(bar, length, canvas.text())) {
    const double x = at.x + tick_at(length, share(bar.scale, tick.value));
    canvas.add(LineItem{{x, bottom + 1}, {x, bottom + 1 + kTick * bar.unit}, 1, bar.theme.line});
    canvas.add_text(tick.text, bar.fonts.number, {x, bottom + (kTick + 5) * bar.unit + number_line / 2},
                    Align::center);
  }
}

}  // namespace attn

#include "core/figure/layout/color_bar.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/figure/labels.hpp"
#include "core/figure/scale_ticks.hpp"

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

// The middle of the pixel at `share` of the bar, so that ticks at both ends stay within it.
double tick_at(double length, double share) {
  return std::clamp(std::floor(share * length), 0.0, length - 1) + 0.5;
}

// The numbers beside a bar of `length` pixels, none nearer to the next than the room that it needs: `room`
// says how much of the bar's length a number takes.
template <class Room>
std::vector<Tick> ticks_with_room(const ColorBar& bar, double length, double apart, const Room& room) {
  const int most = bar.ticks.value_or(std::clamp(static_cast<int>(length / apart), 1, 5));
  std::vector<Tick> kept;
  double last = 0;
  for (int wanted = most; wanted >= 1; --wanted) {
    const auto all = scale_ticks(bar.scale, wanted);
    kept.clear();
    for (const Tick& tick : all) {
      const double at = length * scale_position(bar.scale, tick.value), half = room(tick) / 2;
      if (!kept.empty() && at - half < last) continue;
      kept.push_back(tick);
      last = at + half;
    }
    // Fewer numbers at even steps look better than gaps in many; a curved scale has gaps anyway.
    if (kept.size() == all.size() || bar.scale.transfer != Transfer::linear) return kept;
  }
  return kept;
}

}  // namespace

void add_upright_bar(FigureCanvas& canvas, const ColorBar& bar, Point at, double length) {
  const double right = at.x + std::round(kThickness * bar.unit);
  canvas.add(ImageItem{{at.x, at.y, right, at.y + length}, gradient(*bar.scale.map, true)});
  double widest = 0;
  const double numbers = right + (kTick + 5) * bar.unit;
  const double number_line = canvas.text().line_metrics(bar.fonts.number).height();
  for (const Tick& tick :
       ticks_with_room(bar, length, 48 * bar.unit, [&](const Tick&) { return 1.1 * number_line; })) {
    const double y = at.y + tick_at(length, 1 - scale_position(bar.scale, tick.value));
    canvas.add(LineItem{{right + 1, y}, {right + 1 + kTick * bar.unit, y}, bar.stroke, bar.theme.line});
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
  const auto room = [&](const Tick& tick) {
    return canvas.text().measure(tick.text, bar.fonts.number).width + 10 * bar.unit;
  };
  for (const Tick& tick : ticks_with_room(bar, length, 36 * bar.unit, room)) {
    const double x = at.x + tick_at(length, scale_position(bar.scale, tick.value));
    canvas.add(LineItem{{x, bottom + 1}, {x, bottom + 1 + kTick * bar.unit}, bar.stroke, bar.theme.line});
    canvas.add_text(tick.text, bar.fonts.number, {x, bottom + (kTick + 5) * bar.unit + number_line / 2},
                    Align::center);
  }
}

}  // namespace attn

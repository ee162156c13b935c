#include "core/figure/color_scale.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace attn {
namespace {

float within_limit(double value) {
  if (std::isnan(value)) return 0;
  return static_cast<float>(
      std::clamp(value, -static_cast<double>(kScaleLimit), static_cast<double>(kScaleLimit)));
}

// At least kLeastSpan wide, and wide enough that hi differs from lo.
std::pair<float, float> opened(float lo, float hi) {
  if (lo > hi) std::swap(lo, hi);
  if (hi - lo >= kLeastSpan) return {lo, hi};
  const float least = std::max(kLeastSpan, std::abs(lo) * 1e-6f);
  return lo + least <= kScaleLimit ? std::pair{lo, lo + least} : std::pair{lo - least, lo};
}

template <class Number>
Number curve(Transfer transfer, Number t) {
  if (transfer == Transfer::linear) return t;
  return transfer == Transfer::gamma
             ? std::sqrt(t)
             : std::log(Number{1} + Number{9999} * t) / static_cast<Number>(9.210340371976184);
}

// f of 0 … 1, or of both sides of the middle.
template <class Number>
Number curved(Transfer transfer, bool symmetric, Number t) {
  if (!symmetric) return curve(transfer, t);
  const Number side = 2 * t - 1;
  return (1 + std::copysign(curve(transfer, std::abs(side)), side)) / 2;
}

bool is_signed(const StageMap& map) {
  return info(map.stage).is_signed || map.min < 0;
}

std::pair<float, float> range_of(const View& view, const StageMap& map) {
  if (view.range) return opened(within_limit(view.range->first), within_limit(view.range->second));
  const float high = is_signed(map) ? std::max(std::abs(map.min), std::abs(map.max)) : map.max;
  const float hi = high > 0 ? std::max(within_limit(high), kLeastSpan) : 1.0f;
  return {is_signed(map) ? -hi : 0.0f, hi};
}

}  // namespace

ColorScale color_scale(const View& view, const StageMap& map) {
  const Colormap* colors = colormap_named(view.colormap);
  if (colors == nullptr) colors = is_signed(map) ? &diverging_colormap() : &colormaps().front();
  const auto [lo, hi] = range_of(view, map);
  return {colors, lo, hi, view.transfer};
}

std::uint8_t palette_index(const ColorScale& scale, float value) {
  if (scale.transfer == Transfer::linear) return palette_index(value, scale.lo, scale.hi);
  const float t = std::clamp((value - scale.lo) * (1.0f / (scale.hi - scale.lo)), 0.0f, 1.0f);
  if (!(t > 0.0f)) return 0;
  // As the shader does it; lround differs from it at halves.
  return static_cast<std::uint8_t>(  // NOLINT(bugprone-incorrect-roundings)
      curved(scale.transfer, scale.lo == -scale.hi, t) * 255.0f + 0.5f);
}

double scale_position(const ColorScale& scale, double value) {
  const double t = std::clamp((value - scale.lo) / (static_cast<double>(scale.hi) - scale.lo), 0.0, 1.0);
  return curved(scale.transfer, scale.lo == -scale.hi, t);
}

Rgb cell_color(const ColorScale& scale, float value, CellClass cell_class, Theme theme) {
  if (cell_class == CellClass::masked) return masked_color(theme);
  if (cell_class == CellClass::not_a_number || std::isnan(value)) return not_a_number_color(theme);
  return scale.map->colors[palette_index(scale, value)];
}

Rgb masked_color(Theme theme) {
  return theme == Theme::light ? rgb(0xf1f2f5) : rgb(0x1f2329);
}

Rgb not_a_number_color(Theme theme) {
  return theme == Theme::light ? rgb(0xff00c8) : rgb(0xff3fd4);
}

}  // namespace attn

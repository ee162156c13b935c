#pragma once

#include <cstdint>

#include "core/attention/settings.hpp"
#include "core/engine/stage_map.hpp"
#include "core/figure/colormap.hpp"

namespace attn {

/// How values become colours: lo takes the map's first colour, hi its last, values beyond them the same ones.
/// lo < hi, both within ±kScaleLimit and at least kLeastSpan apart, so no step of palette_index() overflows
/// or leaves the normal float32 numbers.
struct ColorScale {
  const Colormap* map = nullptr;  ///< never null once made by color_scale()
  float lo = 0, hi = 1;
  Transfer transfer = Transfer::linear;
};
inline constexpr float kScaleLimit = 4e37f;
inline constexpr float kLeastSpan = 1e-37f;

/// The scale of a view over a map of numbers. An explicit range stands (reversed ones are put in order). Auto
/// is 0 … maximum, and 0 … 1 where nothing is above 0; for signed stages, and where a cell is below 0
/// (normaliser `identity`), symmetric about 0. Colormap `auto`, or a name that does not exist: viridis, or
/// the diverging map for the symmetric case.
[[nodiscard]] ColorScale color_scale(const View& view, const StageMap& map);

/// The entry of the colormap for `value`, in float32, the very operations that the shader does:
///   t = clamp((value − lo) · (1 / (hi − lo)), 0, 1);  entry = int(t · 255 + 0.5)
/// NaN, and any value where lo == hi, give entry 0.
[[nodiscard]] inline std::uint8_t palette_index(float value, float lo, float hi) {
  const float t = (value - lo) * (1.0f / (hi - lo));
  if (!(t > 0.0f)) return 0;
  if (t >= 1.0f) return lo == hi ? 0 : 255;
  // As the shader does it; lround differs from it at halves.
  return static_cast<std::uint8_t>(t * 255.0f + 0.5f);  // NOLINT(bugprone-incorrect-roundings)
}

/// The same for a scale with a transfer function f: entry = int(f(t) · 255 + 0.5), f on both sides of the
/// middle where lo = −hi.
[[nodiscard]] std::uint8_t palette_index(const ColorScale& scale, float value);

/// Where `value` stands on the scale's bar: f(t), in [0, 1].
[[nodiscard]] double scale_position(const ColorScale& scale, double value);

/// The colour of a cell: by its value, or one of its own for masked cells and for NaN (or an infinity), which
/// no colormap contains. ±infinity in a cell of class value clamps to the ends.
[[nodiscard]] Rgb cell_color(const ColorScale& scale, float value, CellClass cell_class, Theme theme);

/// The colour of every cell that the query may not attend to: near the background of the theme.
[[nodiscard]] Rgb masked_color(Theme theme);

/// The colour of cells without a number: a signal, in no colormap.
[[nodiscard]] Rgb not_a_number_color(Theme theme);

}  // namespace attn

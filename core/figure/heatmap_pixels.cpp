#include "core/figure/heatmap_pixels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <tuple>

namespace attn {
namespace {

using Palette = std::array<std::uint32_t, std::tuple_size_v<decltype(Colormap::colors)>>;

// A row of a tile, as if every cell had a value: palette_index() of many cells at once.
void color_values(const float* values, std::size_t count, const ColorScale& scale, const Palette& palette,
                  std::uint32_t* out) {
  if (scale.transfer != Transfer::linear) {
    std::transform(values, values + count, out,
                   [&](float value) { return palette[palette_index(scale, value)]; });
    return;
  }
  const float lo = scale.lo, inverse = 1.0f / (scale.hi - scale.lo);
  std::array<std::uint8_t, kTileSize> entries;  // all that are read are written before
  for (std::size_t j = 0; j < count; ++j) {
    float t = (values[j] - lo) * inverse;
    t = t > 0.0f ? t : 0.0f;
    t = t < 1.0f ? t : 1.0f;
    entries[j] = static_cast<std::uint8_t>(static_cast<int>(t * 255.0f + 0.5f));
  }
  for (std::size_t j = 0; j < count; ++j) out[j] = palette[entries[j]];
}

bool all_are_values(const float* values, const CellClass* classes, std::size_t count) {
  int odd = 0;
  for (std::size_t j = 0; j < count; ++j) {
    odd |= static_cast<int>(classes[j] != CellClass::value) | static_cast<int>(std::isnan(values[j]));
  }
  return odd == 0;
}

}  // namespace

PixelImage heatmap_pixels(const StageMap& map, const ColorScale& scale, Theme theme) {
  PixelImage image{static_cast<int>(map.columns), static_cast<int>(map.rows), {}};
  const auto width = static_cast<std::size_t>(map.columns);
  image.pixels.resize(static_cast<std::size_t>(map.rows) * width);
  Palette palette{};
  std::transform(scale.map->colors.begin(), scale.map->colors.end(), palette.begin(), pack);
  for (const auto& tile : map.tiles) {
    const auto columns = static_cast<std::size_t>(tile->columns);
    for (std::size_t i = 0; i < static_cast<std::size_t>(tile->rows); ++i) {
      std::uint32_t* out = &image.pixels[(static_cast<std::size_t>(tile->row) + i) * width +
                                         static_cast<std::size_t>(tile->column)];
      const float* values = tile->values.data() + i * columns;
      const CellClass* classes = tile->classes.data() + i * columns;
      color_values(values, columns, scale, palette, out);
      if (all_are_values(values, classes, columns)) continue;
      for (std::size_t j = 0; j < columns; ++j) {
        if (classes[j] != CellClass::value || std::isnan(values[j])) {
          out[j] = pack(cell_color(scale, values[j], classes[j], theme));
        }
      }
    }
  }
  return image;
}

}  // namespace attn

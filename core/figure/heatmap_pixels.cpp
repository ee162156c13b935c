#include "core/figure/heatmap_pixels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <tuple>

namespace attn {

PixelImage heatmap_pixels(const StageMap& map, const ColorScale& scale, Theme theme) {
  PixelImage image{static_cast<int>(map.columns), static_cast<int>(map.rows), {}};
  const auto width = static_cast<std::size_t>(map.columns);
  image.pixels.resize(static_cast<std::size_t>(map.rows) * width);
  std::array<std::uint32_t, std::tuple_size_v<decltype(Colormap::colors)>> palette{};
  std::transform(scale.map->colors.begin(), scale.map->colors.end(), palette.begin(), pack);
  const bool even = scale.transfer == Transfer::linear;
  for (const auto& tile : map.tiles) {
    const auto columns = static_cast<std::size_t>(tile->columns);
    for (std::size_t i = 0; i < static_cast<std::size_t>(tile->rows); ++i) {
      std::uint32_t* out = &image.pixels[(static_cast<std::size_t>(tile->row) + i) * width +
                                         static_cast<std::size_t>(tile->column)];
      const float* values = tile->values.data() + i * columns;
      const CellClass* classes = tile->classes.data() + i * columns;
      for (std::size_t j = 0; j < columns; ++j) {
        // Nearly every cell has a value, and its colour stands in the table.
        out[j] = classes[j] == CellClass::value && !std::isnan(values[j])
                     ? palette[even ? palette_index(values[j], scale.lo, scale.hi)
                                    : palette_index(scale, values[j])]
                     : pack(cell_color(scale, values[j], classes[j], theme));
      }
    }
  }
  return image;
}

}  // namespace attn

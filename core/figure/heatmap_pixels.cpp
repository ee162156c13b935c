#include "core/figure/heatmap_pixels.hpp"

#include <cstddef>

namespace attn {

PixelImage heatmap_pixels(const StageMap& map, const ColorScale& scale, Theme theme) {
  PixelImage image{static_cast<int>(map.columns), static_cast<int>(map.rows), {}};
  const auto width = static_cast<std::size_t>(map.columns);
  image.pixels.resize(static_cast<std::size_t>(map.rows) * width);
  for (const auto& tile : map.tiles) {
    const auto columns = static_cast<std::size_t>(tile->columns);
    for (std::size_t i = 0; i < static_cast<std::size_t>(tile->rows); ++i) {
      std::uint32_t* out = &image.pixels[(static_cast<std::size_t>(tile->row) + i) * width +
                                         static_cast<std::size_t>(tile->column)];
      for (std::size_t j = 0; j < columns; ++j) {
        const std::size_t at = i * columns + j;
        out[j] = pack(cell_color(scale, tile->values[at], tile->classes[at], theme));
      }
    }
  }
  return image;
}

}  // namespace attn

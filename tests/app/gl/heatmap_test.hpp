#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "app/gl/frame.hpp"
#include "app/gl/heatmap_renderer.hpp"
#include "core/figure/color_scale.hpp"
#include "tests/app/gl/gl_test.hpp"

namespace attn::gl {

inline constexpr std::array<std::uint8_t, 3> kGround = {1, 2, 3};

/// Draws maps off the screen.
class HeatmapTest : public GlTest {
 protected:
  // Draws with whole cells of `cell` pixels, corner at (x, y).
  Picture draw(HeatmapRenderer& renderer, const StageMap& map, HeatmapParams params, PixelSize size) {
    const OffScreen target(size);
    clear_frame(size, kGround);
    params.clip_width = size.width;
    params.clip_height = size.height;
    renderer.draw(map, params, size);
    return read_frame(size);
  }

  HeatmapRenderer make_renderer(std::size_t budget = std::size_t{256} << 20) {
    auto renderer = HeatmapRenderer::create(budget);
    EXPECT_TRUE(renderer) << describe(renderer.error());
    return std::move(*renderer);
  }

  static bool near(const std::array<std::uint8_t, 4>& shown, Rgb wanted) {
    const auto close = [](int a, int b) { return std::abs(a - b) <= 1; };
    return close(shown[0], wanted.r) && close(shown[1], wanted.g) && close(shown[2], wanted.b);
  }

  // The number of pixels that are not within 1/255 of their cell's colour.
  static int wrong_pixels(const Picture& picture, const StageMap& map, const HeatmapParams& params,
                          int cell) {
    int wrong = 0;
    for (int y = 0; y < picture.size.height; ++y) {
      for (int x = 0; x < picture.size.width; ++x) {
        const Index row = y / cell, column = x / cell;
        const Rgb wanted =
            row < map.rows && column < map.columns
                ? cell_color(params.scale, map.value(row, column), map.cell_class(row, column), params.theme)
                : Rgb{kGround[0], kGround[1], kGround[2]};
        wrong += near(picture.at(x, y), wanted) ? 0 : 1;
      }
    }
    return wrong;
  }
};

}  // namespace attn::gl

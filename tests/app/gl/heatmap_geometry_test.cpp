#include "app/gl/heatmap_geometry.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace attn::gl {
namespace {

TEST(VisibleTiles, AreThoseInTheClip) {
  // 1000 cells of 2 pixels: tiles are 512 pixels wide.
  const TileRange all = visible_tiles(1000, 0, 2, 0, 5000);
  EXPECT_EQ(all.first, 0);
  EXPECT_EQ(all.end, 4);
  const TileRange some = visible_tiles(1000, -600, 2, 0, 400);
  EXPECT_EQ(some.first, 1);
  EXPECT_EQ(some.end, 2);
}

TEST(VisibleTiles, AreNoneOutsideAndForNonsense) {
  const auto count = [](TileRange range) { return range.end - range.first; };
  EXPECT_EQ(count(visible_tiles(1000, 700, 2, 0, 400)), 0);
  EXPECT_LE(count(visible_tiles(1000, -5000, 2, 0, 400)), 0);
  EXPECT_EQ(count(visible_tiles(0, 0, 2, 0, 400)), 0);
  EXPECT_EQ(count(visible_tiles(10, 0, 0, 0, 400)), 0);
  EXPECT_EQ(count(visible_tiles(10, 0, std::numeric_limits<double>::quiet_NaN(), 0, 400)), 0);
  EXPECT_EQ(count(visible_tiles(10, std::numeric_limits<double>::quiet_NaN(), 1, 0, 400)), 0);
}

TEST(PlaceTile, NeighboursShareAnEdge) {
  Tile left, right;
  left.rows = left.columns = right.rows = right.columns = kTileSize;
  right.column = kTileSize;
  for (int step = 1; step < 500; ++step) {
    HeatmapParams params;
    params.x = -0.013 * step;
    params.cell_width = 0.0137 * step;
    ASSERT_EQ(place_tile(left, params).right, place_tile(right, params).left) << step;
  }
}

TEST(PlaceTile, FarAwayDoesNotOverflow) {
  Tile tile;
  tile.rows = tile.columns = kTileSize;
  tile.column = 4096;
  HeatmapParams params;
  params.x = 1e300;
  params.cell_width = 1e300;
  const TileQuad quad = place_tile(tile, params);
  EXPECT_LE(quad.left, quad.right);
}

TEST(Clipped, NeverTurnsInsideOut) {
  HeatmapParams params;
  params.clip_x = 10;
  params.clip_width = 10;
  params.clip_height = 10;
  const HeatmapParams none = clipped(params, 100, 0, 200, 10);
  EXPECT_EQ(none.clip_width, 0);
  const PixelRect pixels = clip_pixels(none, {640, 480});
  EXPECT_EQ(pixels.width, 0);
}

TEST(Transformed, MovesAndScales) {
  HeatmapParams params;
  params.x = 30;
  params.clip_x = 20;
  params.cell_width = 3;
  const HeatmapParams pixels = transformed(params, 10, 0, 2, 2);
  EXPECT_EQ(pixels.x, 40);
  EXPECT_EQ(pixels.clip_x, 20);
  EXPECT_EQ(pixels.cell_width, 6);
}

}  // namespace
}  // namespace attn::gl

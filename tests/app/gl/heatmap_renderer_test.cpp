#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "tests/app/gl/heatmap_test.hpp"
#include "tests/app/gl/test_map.hpp"

namespace attn::gl {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Values of every kind: random ones in and around the range, ties, both ends, infinities, NaN, masked cells.
TestCell any_cell(Index row, Index column) {
  const double u = uniform(7, row, column);
  const auto value = static_cast<float>(3 * uniform(8, row, column) - 1);
  if (u < 0.05) return {kNan, CellClass::value};
  if (u < 0.10) return {kNan, CellClass::not_a_number};
  if (u < 0.15) return {kInfinity, CellClass::value};
  if (u < 0.20) return {-kInfinity, CellClass::value};
  if (u < 0.25) return {-kInfinity, CellClass::masked};
  if (u < 0.35) return {0, CellClass::masked};
  if (u < 0.45) return {0.25f, CellClass::value};
  if (u < 0.50) return {u < 0.47 ? 0.0f : 1.0f, CellClass::value};
  return {value, CellClass::value};
}

TEST_F(HeatmapTest, ShowsTheColorOfEveryCell) {
  HeatmapRenderer renderer = make_renderer();
  const std::array<std::array<Index, 2>, 4> shapes = {{{1, 1}, {257, 300}, {1000, 3}, {31, 33}}};
  for (const auto& [rows, columns] : shapes) {
    const auto map = make_map(rows, columns, any_cell);
    for (const Colormap& colors : colormaps()) {
      for (const Theme theme : {Theme::dark, Theme::light}) {
        HeatmapParams params;
        params.scale = {&colors, -0.2f, 1.3f};
        params.theme = theme;
        const PixelSize size{static_cast<int>(columns) + 2, static_cast<int>(rows) + 1};
        const Picture picture = draw(renderer, *map, params, size);
        EXPECT_EQ(wrong_pixels(picture, *map, params, 1), 0)
            << rows << " × " << columns << " " << colors.name;
      }
    }
  }
}

TEST_F(HeatmapTest, TakesTheVeryEntryOfThePalette) {
  // Grey levels tell the entries apart, and the values lie on the borders between entries.
  HeatmapRenderer renderer = make_renderer();
  Colormap levels;
  for (std::size_t i = 0; i < 256; ++i) {
    const auto level = static_cast<std::uint8_t>(i);
    levels.colors[i] = {level, level, level};
  }
  const std::array<std::array<float, 2>, 5> ranges = {
      {{0, 1}, {-1, 1}, {0.1f, 0.7f}, {-1e30f, 1e30f}, {1000, 1000.5f}}};
  for (const auto& [lo, hi] : ranges) {
    const auto map = make_map(64, 256, [lo = lo, hi = hi](Index row, Index column) {
      float value = lo + (hi - lo) * (static_cast<float>(column) + 0.5f) / 255.0f;
      for (Index step = 0; step < row / 2; ++step)
        value = std::nextafter(value, row % 2 == 0 ? -kInfinity : kInfinity);
      return TestCell{value};
    });
    HeatmapParams params;
    params.scale = {&levels, lo, hi};
    const Picture picture = draw(renderer, *map, params, {256, 64});
    int wrong = 0;
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 256; ++x)
        wrong += picture.at(x, y)[0] != palette_index(map->value(y, x), lo, hi) ? 1 : 0;
    }
    EXPECT_EQ(wrong, 0) << lo << " … " << hi;
  }
}

TEST_F(HeatmapTest, TransferFunctionsAgreeToOneEntry) {
  // The processor's logarithm and root may differ from the driver's in the last places: by one entry at most.
  HeatmapRenderer renderer = make_renderer();
  Colormap levels;
  for (std::size_t i = 0; i < 256; ++i) {
    const auto level = static_cast<std::uint8_t>(i);
    levels.colors[i] = {level, level, level};
  }
  for (const TransferInfo& transfer : kTransfers) {
    for (const float lo : {0.0f, -1.0f, 0.25f}) {
      const auto map = make_map(64, 256, [lo](Index row, Index column) {
        const float t = static_cast<float>(row * 256 + column) / (64 * 256 - 1);
        return TestCell{lo + (1 - lo) * t * t * t};
      });
      HeatmapParams params;
      params.scale = {&levels, lo, 1, transfer.transfer};
      const Picture picture = draw(renderer, *map, params, {256, 64});
      int furthest = 0;
      bool bent = false;
      for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 256; ++x) {
          const int entry = palette_index(params.scale, map->value(y, x));
          furthest = std::max(furthest, std::abs(picture.at(x, y)[0] - entry));
          bent = bent || std::abs(entry - palette_index(map->value(y, x), lo, 1)) > 20;
        }
      }
      EXPECT_LE(furthest, transfer.transfer == Transfer::linear ? 0 : 1) << transfer.name << " from " << lo;
      EXPECT_EQ(bent, transfer.transfer != Transfer::linear);
    }
  }
}

TEST_F(HeatmapTest, TheComparatorCanFail) {
  HeatmapRenderer renderer = make_renderer();
  const auto map = make_map(4, 4, [](Index row, Index) { return TestCell{static_cast<float>(row)}; });
  HeatmapParams params;
  params.scale = {&colormaps()[0], 0, 4};
  const Picture picture = draw(renderer, *map, params, {4, 4});
  params.scale.hi = 8;
  EXPECT_GT(wrong_pixels(picture, *map, params, 1), 0);
}

TEST_F(HeatmapTest, LargeCellsAreSharpAndLinesAreWhereTheyBegin) {
  HeatmapRenderer renderer = make_renderer();
  const auto map = make_map(9, 11, any_cell);
  HeatmapParams params;
  params.scale = {&colormaps()[0], 0, 1};
  params.cell_width = params.cell_height = 17;
  EXPECT_EQ(wrong_pixels(draw(renderer, *map, params, {200, 170}), *map, params, 17), 0);
  params.grid = {9, 200, 9};
  params.grid_alpha = 1;
  const Picture lined = draw(renderer, *map, params, {187, 153});
  for (int y = 0; y < 153; ++y) {
    for (int x = 0; x < 187; ++x) {
      const bool is_line = lined.at(x, y) == std::array<std::uint8_t, 4>{9, 200, 9, 255};
      ASSERT_EQ(is_line, x % 17 == 0 || y % 17 == 0) << x << ", " << y;
    }
  }
}

TEST_F(HeatmapTest, TilesMeetAtAnyZoom) {
  HeatmapRenderer renderer = make_renderer();
  const auto map = make_map(600, 600, [](Index, Index) { return TestCell{1}; });
  for (const double cell : {0.21, 0.37, 0.99, 1.01, 3.3}) {
    HeatmapParams params;
    params.scale = {&colormaps()[0], 0, 1};
    params.x = -7.3;
    params.y = 0.51;
    params.cell_width = params.cell_height = cell;
    const auto edge = static_cast<int>(std::floor(600 * cell)) - 8;
    const Picture picture = draw(renderer, *map, params, {std::min(edge, 1500), std::min(edge, 1500)});
    int ground = 0;
    for (int y = 1; y < picture.size.height; ++y) {
      for (int x = 0; x < picture.size.width; ++x)
        ground += near(picture.at(x, y), colormaps()[0].colors[255]) ? 0 : 1;
    }
    EXPECT_EQ(ground, 0) << cell;
  }
}

TEST_F(HeatmapTest, DrawsInsideItsClipOnly) {
  HeatmapRenderer renderer = make_renderer();
  const auto map = make_map(20, 20, [](Index, Index) { return TestCell{1}; });
  HeatmapParams params;
  params.scale = {&colormaps()[0], 0, 1};
  params.clip_x = 3;
  params.clip_y = 5;
  params.clip_width = 4;
  params.clip_height = 2;
  const OffScreen target({20, 20});
  clear_frame({20, 20}, kGround);
  renderer.draw(*map, params, {20, 20});
  const Picture picture = read_frame({20, 20});
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 20; ++x) {
      const bool inside = x >= 3 && x < 7 && y >= 5 && y < 7;
      ASSERT_EQ(picture.at(x, y)[0] != kGround[0], inside) << x << ", " << y;
    }
  }
}

TEST_F(HeatmapTest, AnUnchangedMapUploadsNothing) {
  HeatmapRenderer renderer = make_renderer();
  const auto first = make_map(300, 300, any_cell);
  HeatmapParams params;
  params.scale = {&colormaps()[0], 0, 1};
  (void)draw(renderer, *first, params, {300, 300});
  EXPECT_EQ(renderer.uploads(), 4u);
  params.scale = {&colormaps()[1], -1, 1};
  (void)draw(renderer, *first, params, {300, 300});
  EXPECT_EQ(renderer.uploads(), 4u);
  // A new map that shares three tiles costs one.
  auto second = std::make_shared<StageMap>(*first);
  second->tiles[1] = make_map(256, 300, any_cell)->tiles[1];
  auto moved = std::make_shared<Tile>(*second->tiles[1]);
  second->tiles[1] = moved;
  (void)draw(renderer, *second, params, {300, 300});
  EXPECT_EQ(renderer.uploads(), 5u);
  // What is outside the window is not uploaded.
  const auto wide = make_map(2, 2000, any_cell);
  (void)draw(renderer, *wide, params, {300, 300});
  EXPECT_EQ(renderer.uploads(), 7u);
}

TEST_F(HeatmapTest, ANewTileAtAnOldAddressIsNew) {
  HeatmapRenderer renderer = make_renderer();
  HeatmapParams params;
  params.scale = {&colormaps()[0], 0, 100};
  for (int step = 0; step < 100; ++step) {
    const auto map = make_map(8, 8, [&](Index, Index) { return TestCell{static_cast<float>(step)}; });
    ASSERT_EQ(wrong_pixels(draw(renderer, *map, params, {8, 8}), *map, params, 1), 0) << step;
  }
  EXPECT_EQ(renderer.uploads(), 100u);
}

TEST_F(HeatmapTest, AMapBeyondTheBudgetIsStillRight) {
  HeatmapRenderer renderer = make_renderer(1);
  const auto map = make_map(1600, 1600, any_cell);  // 49 tiles; a page holds 32
  HeatmapParams params;
  params.scale = {&colormaps()[0], 0, 1};
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(wrong_pixels(draw(renderer, *map, params, {1600, 1600}), *map, params, 1), 0);
  }
  EXPECT_LT(renderer.memory(), std::size_t{16} << 20);
}

TEST_F(HeatmapTest, ReducingLosesNoNeedleAndNoMass) {
  HeatmapRenderer renderer = make_renderer();
  const auto map = make_map(
      700, 700, [](Index row, Index column) { return TestCell{column == (row * 37) % 700 ? 1.0f : 0.0f}; });
  HeatmapParams params;
  params.cell_width = params.cell_height = 1.0 / 7;
  params.scale = {&colormaps()[0], 0, 1};
  params.reduce = Reduce::max;
  const auto lit = [&](const Picture& picture, int y) {
    int pixels = 0;
    for (int x = 0; x < 100; ++x) pixels += near(picture.at(x, y), colormaps()[0].colors[255]) ? 1 : 0;
    return pixels;
  };
  const Picture most = draw(renderer, *map, params, {100, 100});
  for (int y = 0; y < 100; ++y) EXPECT_GE(lit(most, y), 1) << y;

  // Each row's mass is 1; all of it falls into one pixel where the map is one pixel wide a tile.
  const auto even = make_map(256, 256, [](Index, Index) { return TestCell{1.0f / 256}; });
  params.reduce = Reduce::mass;
  params.scale = {&colormaps()[0], 0, 1};
  params.cell_width = 1.0 / 256;
  params.cell_height = 1;
  const Picture mass = draw(renderer, *even, params, {1, 256});
  for (int y = 0; y < 256; ++y) EXPECT_TRUE(near(mass.at(0, y), colormaps()[0].colors[255])) << y;
}

TEST_F(HeatmapTest, EvenWeightsLookEvenAtOneToTwoCellsAPixel) {
  HeatmapRenderer renderer = make_renderer();
  Colormap levels;
  for (std::size_t i = 0; i < 256; ++i) {
    const auto level = static_cast<std::uint8_t>(i);
    levels.colors[i] = {level, level, level};
  }
  const auto map = make_map(600, 300, [](Index row, Index column) {
    return TestCell{static_cast<float>(uniform(3, row, column)) / 150};
  });
  for (const int width : {200, 225, 290}) {
    HeatmapParams params;
    params.cell_width = static_cast<double>(width) / 300;
    params.cell_height = 1;
    params.scale = {&levels, 0, 1.0f / 75};
    params.reduce = Reduce::mass;
    const Picture picture = draw(renderer, *map, params, {width, 600});
    std::vector<double> means;
    for (int x = 0; x < width; ++x) {
      double sum = 0;
      for (int y = 0; y < 600; ++y) sum += picture.at(x, y)[0];
      means.push_back(sum / 600);
    }
    // A pixel's keys are 300 / width of mean 1/300; noise of a column of 600 is about 2 % of that.
    const double wanted = 255 * (1.0 / width) * 75;
    for (int x = 0; x < width; ++x) {
      EXPECT_NEAR(means[static_cast<std::size_t>(x)], wanted, 0.1 * wanted) << x << " of " << width;
    }
  }
}

}  // namespace
}  // namespace attn::gl

// What frames show while tiles are on their way.
#include <cstdlib>
#include <memory>

#include "core/base/random.hpp"
#include "core/engine/complete_map.hpp"
#include "tests/app/gl/heatmap_test.hpp"
#include "tests/app/gl/test_map.hpp"

namespace attn::gl {
namespace {

// Maps of one value each: which of them is on the screen is seen at once.
class LiveMapTest : public HeatmapTest {
 protected:
  static constexpr Index kSide = 2048;  // 64 tiles, 21 MB: three frames' worth

  static std::shared_ptr<StageMap> even_map(float value, Index side = kSide) {
    return make_map(side, side, [value](Index, Index) { return TestCell{value}; });
  }

  // One frame, of a screen that shows every cell.
  Picture frame(HeatmapRenderer& renderer, const std::shared_ptr<const StageMap>& map,
                HeatmapParams params = {}) {
    const PixelSize size{static_cast<int>(kSide), static_cast<int>(kSide)};
    const OffScreen target(size);
    clear_frame(size, kGround);
    params.scale = {&colormaps()[0], 0, 1};
    params.clip_width = size.width;
    params.clip_height = size.height;
    renderer.begin_frame();
    const std::size_t before = renderer.uploaded_bytes();
    renderer.draw_live(map, params, size);
    EXPECT_LE(renderer.uploaded_bytes() - before, kUploadBudget);
    return read_frame(size);
  }

  // Pixels that are not of this value.
  static int others(const Picture& picture, float value) {
    const Rgb wanted = colormaps()[0].colors[palette_index(value, 0, 1)];
    int count = 0;
    for (int y = 0; y < picture.size.height; y += 7) {
      for (int x = 0; x < picture.size.width; x += 7) count += near(picture.at(x, y), wanted) ? 0 : 1;
    }
    return count;
  }
};

TEST_F(LiveMapTest, UploadsWithinTheBudgetUntilAllIsThere) {
  HeatmapRenderer renderer = make_renderer();
  const auto map = even_map(0.25f);
  int frames = 0;
  do {
    static_cast<void>(frame(renderer, map));
    ASSERT_LT(++frames, 10);
  } while (renderer.waiting());
  EXPECT_EQ(frames, 2);  // 64 tiles of 256 KB
  EXPECT_EQ(renderer.uploads(), 64u);
  EXPECT_EQ(others(frame(renderer, map), 0.25f), 0);
  EXPECT_EQ(renderer.uploads(), 64u) << "what is there is not uploaded again";
}

TEST_F(LiveMapTest, TheOlderMapStaysUntilTheNewOneIsThere) {
  HeatmapRenderer renderer = make_renderer();
  const auto older = even_map(0.25f), newer = even_map(0.75f);
  do static_cast<void>(frame(renderer, older));
  while (renderer.waiting());
  int frames = 0;
  do {
    const Picture picture = frame(renderer, newer);
    const float shown = renderer.waiting() ? 0.25f : 0.75f;
    EXPECT_EQ(others(picture, shown), 0) << "frame " << frames;
    ASSERT_LT(++frames, 10);
  } while (renderer.waiting());
  EXPECT_EQ(frames, 2);  // 64 tiles of 256 KB
}

TEST_F(LiveMapTest, ADragDoesNotStarveThePicture) {
  HeatmapRenderer renderer = make_renderer();
  static_cast<void>(frame(renderer, even_map(0)));
  // A new map in every frame; each of those that are shown is shown whole.
  int changes = 0;
  float last = -1;
  for (int step = 0; step < 12; ++step) {
    const Picture picture = frame(renderer, even_map(0.1f + 0.05f * static_cast<float>(step)));
    EXPECT_TRUE(renderer.waiting());
    for (int shown = 0; shown <= step; ++shown) {
      const float value = 0.1f + 0.05f * static_cast<float>(shown);
      if (others(picture, value) == 0 && value != last) {
        last = value;
        ++changes;
      }
    }
  }
  EXPECT_GE(changes, 3);
}

TEST_F(LiveMapTest, AMapOfAnotherShapeOrFromBeforeAGapIsNoOlderPicture) {
  HeatmapRenderer renderer = make_renderer();
  const auto first = even_map(0.25f), second = even_map(0.75f);
  do static_cast<void>(frame(renderer, first));
  while (renderer.waiting());
  renderer.begin_frame();  // a frame that shows no map
  const Picture picture = frame(renderer, second);
  EXPECT_TRUE(near(picture.at(5, 5), colormaps()[0].colors[palette_index(0.75f, 0, 1)]));
  EXPECT_EQ(picture.at(2000, 2000)[0], kGround[0]) << "not there yet, and nothing stands for it";
}

TEST_F(LiveMapTest, CoarserTilesStandForThoseThatComeIntoSight) {
  HeatmapRenderer renderer = make_renderer();
  const auto map = even_map(0.5f);
  complete_map(*map, 1);
  ASSERT_TRUE(map->coarser);
  HeatmapParams near_by, far;
  near_by.reduce = far.reduce = Reduce::mass;
  far.cell_width = far.cell_height = 0.5;
  do static_cast<void>(frame(renderer, map, far));
  while (renderer.waiting());
  EXPECT_EQ(others(frame(renderer, map, near_by), 0.5f), 0);
  EXPECT_TRUE(renderer.waiting()) << "the fine ones are on their way";
}

TEST_F(LiveMapTest, AMapOutOfSightIsNotWaitedFor) {
  HeatmapRenderer renderer = make_renderer();
  HeatmapParams away;
  away.x = 10.0 * kSide;
  for (int step = 0; step < 4; ++step) {
    renderer.begin_frame();
    HeatmapParams params;
    params.scale = {&colormaps()[0], 0, 1};  // no clip: no pixel
    renderer.draw_live(even_map(0.5f, 64), params, {64, 64});
    EXPECT_FALSE(renderer.waiting()) << step;
    static_cast<void>(frame(renderer, even_map(0.5f, 65), away));
    EXPECT_FALSE(renderer.waiting()) << step;
  }
}

TEST_F(LiveMapTest, TwoMapsOfOneShapeAreBothShown) {
  HeatmapRenderer renderer = make_renderer();
  const auto left = even_map(0.25f, 64), right = even_map(0.75f, 64);
  for (int step = 0; step < 3; ++step) {
    const PixelSize size{128, 64};
    const OffScreen target(size);
    clear_frame(size, kGround);
    renderer.begin_frame();
    for (const bool is_left : {true, false}) {
      HeatmapParams params;
      params.scale = {&colormaps()[0], 0, 1};
      params.x = params.clip_x = is_left ? 0 : 64;
      params.clip_width = params.clip_height = 64;
      renderer.draw_live(is_left ? left : right, params, size);
    }
    EXPECT_FALSE(renderer.waiting()) << step;
    const Picture picture = read_frame(size);
    EXPECT_TRUE(near(picture.at(5, 5), colormaps()[0].colors[palette_index(0.25f, 0, 1)])) << step;
    EXPECT_TRUE(near(picture.at(70, 5), colormaps()[0].colors[palette_index(0.75f, 0, 1)])) << step;
  }
}

// What a map shows is the same number, from whichever of the coarser ones it is drawn.
TEST_F(LiveMapTest, ACoarserMapShowsTheSameMass) {
  HeatmapRenderer renderer = make_renderer();
  const auto map = make_map(1600, 1600, [](Index row, Index column) {
    return TestCell{static_cast<float>(uniform(3, row / 4, column / 4)) / 1600};
  });
  const auto plain = std::make_shared<StageMap>(*map);
  complete_map(*map, 1);
  ASSERT_TRUE(map->coarser);
  HeatmapParams params;
  params.reduce = Reduce::mass;
  Colormap levels;
  for (std::size_t i = 0; i < 256; ++i) {
    const auto level = static_cast<std::uint8_t>(i);
    levels.colors[i] = {level, level, level};
  }
  for (const double cell : {0.5, 0.25}) {
    params.cell_width = params.cell_height = cell;
    params.scale = {&levels, 0, static_cast<float>(1 / (1600 * cell))};
    const auto edge = static_cast<int>(1600 * cell);
    const std::size_t before = renderer.uploads();
    const Picture coarse = draw(renderer, *map, params, {edge, edge});
    EXPECT_EQ(renderer.uploads() - before, cell == 0.5 ? 16u : 0u) << "of a map with 49 tiles";
    const Picture fine = draw(renderer, *plain, params, {edge, edge});
    int wrong = 0;
    for (int y = 0; y < edge; ++y) {
      for (int x = 0; x < edge; ++x) wrong += std::abs(coarse.at(x, y)[0] - fine.at(x, y)[0]) > 1 ? 1 : 0;
    }
    EXPECT_EQ(wrong, 0) << cell;
  }
}

}  // namespace
}  // namespace attn::gl

// Maps that are reduced as they are gathered.
#include "core/figure/map_source.hpp"

#include <gtest/gtest.h>

#include "core/figure/figure_kinds.hpp"
#include "core/figure/reduced_map.hpp"
#include "tests/core/figure/jobs.hpp"

namespace attn::test {
namespace {

constexpr std::size_t kManyFrames = 1'000'000;  // leave each map its least share: 16 cells a side
constexpr Index kLeast = 16;

PanelGrid gathered(const FigureJob& job, std::size_t frames) {
  MapSource source(job, 1, nullptr, frames);
  auto grid = gather_comparison(source);
  if (!grid) ADD_FAILURE() << describe(grid.error());
  return grid ? std::move(*grid) : PanelGrid{};
}

std::vector<float> cells_of(const StageMap& map) {
  std::vector<float> cells;
  for (Index i = 0; i < map.rows; ++i)
    for (Index j = 0; j < map.columns; ++j) cells.push_back(map.value(i, j));
  return cells;
}

TEST(MapSource, ADifferenceIsMadeOfWholeMaps) {
  const FigureJob job = job_of(document(40, 50), with_kind("compare", {}));
  const PanelGrid whole = gathered(job, 1), reduced = gathered(job, kManyFrames);
  ASSERT_EQ(whole.panels.size(), 3u);
  ASSERT_EQ(reduced.panels.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const Panel &panel = whole.panels[i], &less = reduced.panels[i];
    ASSERT_EQ(panel.map->rows, 40);
    ASSERT_EQ(less.map->rows, kLeast);
    EXPECT_EQ(less.map->columns, kLeast);
    EXPECT_EQ(cells_of(*less.map), cells_of(*reduced_map(panel.map, kLeast, kLeast))) << i;
    EXPECT_EQ(less.row_count(), 40);
  }
}

TEST(MapSource, ProfilesAreOfWholeMaps) {
  const FigureJob job = job_of(document(40, 48), with_kind("compare", {{"profiles", true}}));
  const PanelGrid whole = gathered(job, 1), reduced = gathered(job, kManyFrames);
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(whole.panels[i].profiles && reduced.panels[i].profiles);
    const std::vector<double>& all = whole.panels[i].profiles->columns;
    const std::vector<double>& groups = reduced.panels[i].profiles->columns;
    ASSERT_EQ(all.size(), 48u);
    ASSERT_EQ(groups.size(), 16u);
    for (std::size_t group = 0; group < 16; ++group)
      EXPECT_NEAR(groups[group], (all[3 * group] + all[3 * group + 1] + all[3 * group + 2]) / 3, 1e-9);
    EXPECT_EQ(reduced.panels[i].profiles->rows.size(), 16u);
  }
}

}  // namespace
}  // namespace attn::test

// Where cells are on the screen, for random areas and maps.
#include "app/views/map_geometry.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace attn::app::test {
namespace {

using support::Random;

struct Place {
  double x, y, width, height;
  Index rows, columns;
};

Place random_place(Random& random) {
  return {100 * random.unit(),
          100 * random.unit(),
          120 + 1500 * random.unit(),
          120 + 1000 * random.unit(),
          static_cast<Index>(random.from_to(1, random.chance(0.3) ? 5000 : 60)),
          static_cast<Index>(random.from_to(1, random.chance(0.3) ? 5000 : 60))};
}

MapGeometry place(const Camera& camera, const Place& p) {
  return place_map(camera, p.x, p.y, p.width, p.height, p.rows, p.columns, 96);
}

// The map point under a point of the screen, in cells.
std::pair<double, double> cells_at(const MapGeometry& map, double x, double y) {
  return {(x - map.x) / map.cell, (y - map.y) / map.cell};
}

// A map that was zoomed into around a random point.
MapGeometry random_map(Random& random, const Place& p) {
  MapGeometry map = place({}, p);
  for (std::size_t zooms = random.below(6); zooms > 0; --zooms) {
    map = place(
        zoomed(map, p.x + p.width * random.unit(), p.y + p.height * random.unit(), 0.7 + 2 * random.unit()),
        p);
  }
  return map;
}

TEST(MapGeometry, FitShowsTheWholeMapInTheMiddle) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const Place p = random_place(random);
    const MapGeometry map = place({}, p);
    EXPECT_LE(map.cell, 96);
    if (map.cell * static_cast<double>(std::max(p.rows, p.columns)) < std::min(p.width, p.height)) {
      EXPECT_NEAR(map.x - p.x, p.x + p.width - map.x - map.cell * static_cast<double>(p.columns), 1.01);
      EXPECT_NEAR(map.y - p.y, p.y + p.height - map.y - map.cell * static_cast<double>(p.rows), 1.01);
    }
    // The map begins at a whole pixel, so cells that are a fraction of one may slip out by that much.
    const auto hidden = [&](std::pair<Index, Index> shown, Index count) {
      return static_cast<double>(count - (shown.second - shown.first)) * map.cell;
    };
    EXPECT_LE(hidden(map.visible_rows(), p.rows), 1);
    EXPECT_LE(hidden(map.visible_columns(), p.columns), 1);
  }
}

TEST(MapGeometry, CellAtIsTheInverseOfWhereACellIs) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const Place p = random_place(random);
    const MapGeometry map = random_map(random, p);
    const auto row = static_cast<Index>(random.below(static_cast<std::size_t>(p.rows)));
    const auto column = static_cast<Index>(random.below(static_cast<std::size_t>(p.columns)));
    const double x = map.x + (static_cast<double>(column) + 0.5) * map.cell;
    const double y = map.y + (static_cast<double>(row) + 0.5) * map.cell;
    const bool on_screen = x >= p.x && x < p.x + p.width && y >= p.y && y < p.y + p.height;
    const auto cell = map.cell_at(x, y);
    ASSERT_EQ(cell.has_value(), on_screen) << "seed " << seed;
    if (!cell) continue;
    EXPECT_EQ(*cell, (Cell{row, column}));
    EXPECT_TRUE(map.visible_rows().first <= row && row < map.visible_rows().second);
    EXPECT_TRUE(map.visible_columns().first <= column && column < map.visible_columns().second);
  }
}

TEST(MapGeometry, OutsideTheMapThereIsNoCell) {
  const MapGeometry map = place({}, {10, 20, 500, 300, 4, 4});
  EXPECT_TRUE(map.cell_at(map.left(), map.top()));
  EXPECT_FALSE(map.cell_at(map.left() - 1, map.top()));
  EXPECT_FALSE(map.cell_at(map.left(), map.top() - 1));
  EXPECT_FALSE(map.cell_at(map.right(), map.top()));
  EXPECT_FALSE(map.cell_at(map.left(), map.bottom()));
}

TEST(MapGeometry, ZoomKeepsThePointUnderTheCursor) {
  std::size_t free = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    const Place p = random_place(random);
    const MapGeometry before = random_map(random, p);
    const double x = before.left() + (before.right() - before.left()) * random.unit();
    const double y = before.top() + (before.bottom() - before.top()) * random.unit();
    const MapGeometry after = place(zoomed(before, x, y, 0.5 + 2 * random.unit()), p);
    const auto [column, row] = cells_at(before, x, y);
    const auto [column_after, row_after] = cells_at(after, x, y);
    // Along an axis that fits the area the map is centred, and at an edge it stops: there the point moves.
    const auto moves = [](double start, double length, double origin, double size) {
      return size <= length || origin >= start || origin + size <= start + length + 1e-6;
    };
    const double width = after.cell * static_cast<double>(p.columns),
                 height = after.cell * static_cast<double>(p.rows);
    if (!moves(p.x, p.width, after.x, width)) {
      EXPECT_NEAR(column, column_after, 1e-6);
      ++free;
    }
    if (!moves(p.y, p.height, after.y, height)) {
      EXPECT_NEAR(row, row_after, 1e-6);
      ++free;
    }
  }
  EXPECT_GT(free, 100u) << "the test says something";
}

TEST(MapGeometry, ZoomAndPanStayWithinBounds) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const Place p = random_place(random);
    MapGeometry map = place({}, p);
    const double fitting = map.cell;
    for (int i = 0; i < 60; ++i) {
      const double x = p.x + p.width * random.unit(), y = p.y + p.height * random.unit();
      map = random.chance(0.5) ? place(zoomed(map, x, y, std::exp(random.normal())), p)
                               : place(panned(map, 500 * random.normal(), 500 * random.normal()), p);
      ASSERT_TRUE(map.cell > 0 && map.cell <= 256);
      ASSERT_TRUE(map.left() <= map.right() && map.top() <= map.bottom())
          << "something of the map is on the screen";
      const double width = map.cell * static_cast<double>(p.columns);
      if (width > p.width) {
        ASSERT_LE(map.x, p.x + 1e-6) << "no gap at the left";
        ASSERT_GE(map.x + width, p.x + p.width - 1e-6) << "no gap at the right";
      }
    }
    EXPECT_EQ(place({}, p).cell, fitting) << "fit forgets the past";
  }
}

TEST(MapGeometry, PanMovesTheMapWithTheHand) {
  const Place p{0, 0, 400, 400, 100, 100};
  const MapGeometry map = place(zoomed(place({}, p), 200, 200, 16), p);
  const MapGeometry moved = place(panned(map, -30, 12), p);
  EXPECT_NEAR(moved.x, map.x - 30, 1e-9);
  EXPECT_NEAR(moved.y, map.y + 12, 1e-9);
  EXPECT_EQ(moved.cell, map.cell);
}

}  // namespace
}  // namespace attn::app::test

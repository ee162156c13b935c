// Range, kinds and coarser maps follow from the tiles, as the header says.
#include "core/engine/complete_map.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace attn::test {
namespace {

struct Cell {
  float value = 0;
  CellClass kind = CellClass::value;
};

StageMap map_of(Stage stage, Index rows, Index columns, const std::function<Cell(Index, Index)>& cell) {
  StageMap map;
  map.stage = stage;
  map.rows = rows;
  map.columns = columns;
  map.tile_columns = (columns + kTileSize - 1) / kTileSize;
  for (Index row = 0; row < rows; row += kTileSize) {
    for (Index column = 0; column < columns; column += kTileSize) {
      auto tile = std::make_shared<Tile>();
      tile->row = row;
      tile->column = column;
      tile->rows = std::min(kTileSize, rows - row);
      tile->columns = std::min(kTileSize, columns - column);
      for (Index i = row; i < row + tile->rows; ++i) {
        for (Index j = column; j < column + tile->columns; ++j) {
          tile->values.push_back(cell(i, j).value);
          tile->classes.push_back(cell(i, j).kind);
        }
      }
      map.tiles.push_back(std::move(tile));
    }
  }
  complete_map(map, 2);
  return map;
}

// Values, masked cells and a few NaN, each kind also in blocks that fill whole tiles.
Cell any_cell(Index row, Index column) {
  const double u = uniform(5, row, column);
  const auto value = static_cast<float>(uniform(6, row, column));
  if (row < 256 && column >= 256 && column < 512) return {0, CellClass::masked};
  if (row >= 256 && row < 512 && column < 256) return {value, CellClass::value};
  if (u < 0.3) return {0, CellClass::masked};
  if (u < 0.302) return {std::numeric_limits<float>::quiet_NaN(), CellClass::not_a_number};
  return {value, CellClass::value};
}

Cell even_value(Index row, Index column) {
  return {static_cast<float>(uniform(6, row, column)), CellClass::value};
}

// What the header says of a coarser cell, one by one.
Cell joined(const StageMap& fine, Index row, Index column) {
  std::vector<Cell> cells;
  const Index rows = std::min<Index>(2, fine.rows - 2 * row);
  for (Index i = 2 * row; i < 2 * row + rows; ++i) {
    for (Index j = 2 * column; j < std::min(2 * column + 2, fine.columns); ++j)
      cells.push_back({fine.value(i, j), fine.cell_class(i, j)});
  }
  const bool mass = fine.stage == Stage::weights || fine.stage == Stage::dropped;
  if (!mass && fine.stage != Stage::mask) return cells.front();
  Cell whole{0, CellClass::masked};
  for (const Cell& cell : cells) {
    if (cell.kind == CellClass::not_a_number) return {0, cell.kind};
    if (cell.kind != CellClass::value) continue;
    whole.kind = CellClass::value;
    whole.value =
        mass ? whole.value + cell.value / static_cast<float>(rows) : std::max(whole.value, cell.value);
  }
  return whole;
}

TEST(CompleteMap, EachCoarserCellStandsForFour) {
  for (const Stage stage : {Stage::weights, Stage::mask, Stage::logits, Stage::dropped}) {
    for (const auto& cell : {any_cell, even_value}) {
      const StageMap map = map_of(stage, 1203, 1026, cell);
      ASSERT_TRUE(map.coarser);
      const StageMap& coarse = *map.coarser;
      EXPECT_EQ(coarse.stage, stage);
      ASSERT_EQ(coarse.rows, 602);
      ASSERT_EQ(coarse.columns, 513);
      for (Index i = 0; i < coarse.rows; ++i) {
        for (Index j = 0; j < coarse.columns; ++j) {
          const Cell wanted = joined(map, i, j);
          ASSERT_EQ(coarse.cell_class(i, j), wanted.kind) << info(stage).name << ' ' << i << ", " << j;
          if (wanted.kind == CellClass::value) {
            ASSERT_NEAR(coarse.value(i, j), wanted.value, 1e-6f) << info(stage).name << ' ' << i << ", " << j;
          }
        }
      }
    }
  }
}

TEST(CompleteMap, CoarserMapsEndWhereAScreenIsLarger) {
  const StageMap large = map_of(Stage::weights, 4100, 5, even_value);
  std::vector<Index> rows;
  for (const StageMap* map = &large; map != nullptr; map = map->coarser.get()) {
    EXPECT_EQ(map->tile_columns, (map->columns + kTileSize - 1) / kTileSize);
    rows.push_back(map->rows);
  }
  EXPECT_EQ(rows, (std::vector<Index>{4100, 2050, 1025, 513}));
  EXPECT_EQ(map_of(Stage::weights, kCoarsestSide, kCoarsestSide, even_value).coarser, nullptr);
}

TEST(CompleteMap, RowsKeepTheirMass) {
  const StageMap map = map_of(Stage::weights, 1100, 1100, [](Index, Index) { return Cell{1.0f / 1100}; });
  for (const Index row : {0, 300, 549}) {
    double sum = 0;
    for (Index j = 0; j < map.coarser->columns; ++j) sum += static_cast<double>(map.coarser->value(row, j));
    EXPECT_NEAR(sum, 1, 1e-5);
  }
}

TEST(CompleteMap, RangeAndKindsAreOfTheCells) {
  const StageMap values = map_of(Stage::weights, 300, 300, [](Index i, Index j) {
    return Cell{static_cast<float>(i) - static_cast<float>(j) / 1000};
  });
  EXPECT_EQ(values.min, -0.299f);
  EXPECT_EQ(values.max, 299.0f);
  EXPECT_FALSE(values.kinds.masked || values.kinds.not_a_number);
  const StageMap masked = map_of(Stage::logits, 300, 300, [](Index i, Index j) {
    if (i == 299 && j == 299) return Cell{-HUGE_VALF, CellClass::not_a_number};
    return j > i ? Cell{-HUGE_VALF, CellClass::masked} : Cell{static_cast<float>(j) + 2};
  });
  EXPECT_EQ(masked.min, 2.0f);
  EXPECT_EQ(masked.max, 300.0f);
  EXPECT_TRUE(masked.kinds.masked && masked.kinds.not_a_number);
}

}  // namespace
}  // namespace attn::test

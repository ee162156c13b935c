#include "core/engine/head_sheet.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/documents.hpp"

namespace attn {
namespace {

StageMap map_of(Index rows, Index columns, const std::vector<float>& values, Stage stage = Stage::weights) {
  auto tile = std::make_shared<Tile>();
  tile->rows = rows;
  tile->columns = columns;
  tile->values.assign(values.begin(), values.end());
  tile->classes.assign(values.size(), CellClass::value);
  StageMap map;
  map.stage = stage;
  map.rows = rows;
  map.columns = columns;
  map.tile_columns = 1;
  map.tiles.push_back(tile);
  return map;
}

TEST(Thumbnail, OfTheSameSizeIsTheMap) {
  const std::vector<float> values{0.1f, 0.9f, 0.4f, 0.6f};
  EXPECT_EQ(thumbnail_of(map_of(2, 2, values), 2).values, values);
}

TEST(Thumbnail, KeepsTheMassOfRows) {
  std::vector<float> values(64 * 64, 0);
  for (std::size_t i = 0; i < 64; ++i) values[i * 64 + (i * 7) % 64] = 1;
  const Thumbnail small = thumbnail_of(map_of(64, 64, values), 16);
  for (std::size_t row = 0; row < 16; ++row) {
    float sum = 0;
    for (std::size_t column = 0; column < 16; ++column) sum += small.values[row * 16 + column];
    EXPECT_NEAR(sum, 1, 1e-6) << row;
  }
}

TEST(Thumbnail, OfASignedStageKeepsTheMean) {
  const Thumbnail small = thumbnail_of(map_of(2, 2, {-4, 2, 1, 5}, Stage::scores), 1);
  EXPECT_FLOAT_EQ(small.values[0], 1);
}

TEST(Thumbnail, RepeatsCellsOfSmallerMaps) {
  EXPECT_EQ(thumbnail_of(map_of(1, 2, {0.25f, 0.75f}), 4).values,
            (std::vector<float>{0.25f, 0.25f, 0.75f, 0.75f, 0.25f, 0.25f, 0.75f, 0.75f, 0.25f, 0.25f, 0.75f,
                                0.75f, 0.25f, 0.25f, 0.75f, 0.75f}));
}

SheetRequest request_of(std::size_t layers) {
  support::Random random(3);
  Document document = support::qkv_document(random, {3, 3, 5, 5, 4, 2});
  document.layers.resize(layers, document.layers[0]);
  SheetRequest request;
  request.document = std::make_shared<const Document>(std::move(document));
  request.settings = std::make_shared<const std::vector<Settings>>(layers);
  request.revision = 9;
  return request;
}

HeadSheet sheet_of(const SheetRequest& request, StageGraph& graph) {
  HeadSheet last;
  compute_sheet(
      request, graph, [&](HeadSheet sheet) { last = std::move(sheet); }, [] { return false; });
  return last;
}

HeadSheet sheet_of(const SheetRequest& request) {
  StageGraph graph(2);
  return sheet_of(request, graph);
}

TEST(Sheet, HoldsEveryHeadWithGapsBetween) {
  const HeadSheet sheet = sheet_of(request_of(2));
  EXPECT_EQ(sheet.revision, 9u);
  EXPECT_EQ(sheet.done, 6u);
  EXPECT_EQ(sheet.total, 6u);
  EXPECT_EQ(sheet.edge, 5);
  ASSERT_EQ(sheet.map->rows, 2 * 5 + sheet.gap);
  ASSERT_EQ(sheet.map->columns, 3 * 5 + 2 * sheet.gap);
  for (Index row = 0; row < sheet.map->rows; ++row) {
    for (Index column = 0; column < sheet.map->columns; ++column) {
      const bool in_gap = row % (5 + sheet.gap) >= 5 || column % (5 + sheet.gap) >= 5;
      EXPECT_EQ(sheet.map->cell_class(row, column) == CellClass::nothing, in_gap) << row << " " << column;
    }
  }
}

TEST(Sheet, ShowsEachHeadsOwnWeights) {
  const SheetRequest request = request_of(1);
  const HeadSheet sheet = sheet_of(request);
  auto inputs = layer_inputs(request.document, 0, request.settings->front());
  ASSERT_TRUE(inputs);
  auto equation =
      Equation::make(std::make_shared<const LayerInputs>(std::move(*inputs)), request.settings->front());
  ASSERT_TRUE(equation);
  for (Index head = 0; head < 3; ++head) {
    const Band band = equation->band(Stage::weights, head, {0, 5});
    for (Index i = 0; i < 5; ++i) {
      for (Index j = 0; j < 5; ++j) {
        EXPECT_NEAR(sheet.map->value(i, sheet.column_of(head) + j), band.values(i, j), 1e-6);
      }
    }
  }
}

TEST(Sheet, OwnRangesReachOne) {
  SheetRequest request = request_of(1);
  request.own_range = true;
  const HeadSheet sheet = sheet_of(request);
  for (Index head = 0; head < 3; ++head) {
    float largest = 0;
    for (Index i = 0; i < 5; ++i) {
      for (Index j = 0; j < 5; ++j)
        largest = std::max(largest, sheet.map->value(i, sheet.column_of(head) + j));
    }
    EXPECT_EQ(largest, 1);
  }
}

TEST(Sheet, StopsWhenItIsOutdated) {
  int published = 0;
  StageGraph graph(1);
  compute_sheet(
      request_of(2), graph, [&](const HeadSheet&) { ++published; }, [] { return true; });
  EXPECT_EQ(published, 0);
}

TEST(Sheet, IsTheSameAfterAnother) {
  StageGraph graph(1);
  SheetRequest request = request_of(1);
  static_cast<void>(sheet_of(request, graph));
  std::vector<Settings> settings = *request.settings;
  settings[0].temperature.all = 3;
  request.settings = std::make_shared<const std::vector<Settings>>(settings);
  const HeadSheet after = sheet_of(request, graph), alone = sheet_of(request);
  ASSERT_EQ(after.map->tiles.size(), alone.map->tiles.size());
  for (std::size_t tile = 0; tile < alone.map->tiles.size(); ++tile)
    EXPECT_TRUE(std::ranges::equal(after.map->tiles[tile]->values, alone.map->tiles[tile]->values));
}

TEST(Sheet, LeavesHeadsOutWhoseSettingsAreRefused) {
  SheetRequest request = request_of(2);
  std::vector<Settings> settings = *request.settings;
  settings[1].heads = 5;  // does not divide the widths
  request.settings = std::make_shared<const std::vector<Settings>>(std::move(settings));
  const HeadSheet sheet = sheet_of(request);
  ASSERT_TRUE(sheet.map);
  EXPECT_EQ(sheet.map->cell_class(0, 0), CellClass::value);
  EXPECT_EQ(sheet.map->cell_class(sheet.row_of(1), 0), CellClass::nothing);
}

}  // namespace
}  // namespace attn

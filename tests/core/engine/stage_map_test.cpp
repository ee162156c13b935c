// Tiles hold the same numbers as the array, and say of each cell what it is.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/engine/map_request.hpp"
#include "core/engine/stage_array.hpp"
#include "tests/support/documents.hpp"

namespace attn::test {
namespace {

using namespace support;
using Json = nlohmann::json;

std::shared_ptr<const StageMap> map_of(const Equation& equation, Stage stage, HeadChoice head = {},
                                       std::size_t threads = 2) {
  auto map = stage_map(equation, stage, head, threads);
  if (!map) throw std::runtime_error(describe(map.error()));
  return *map;
}

Document wide(std::size_t n_q, std::size_t n_k) {
  Random random(n_q * 1000 + n_k);
  return qkv_document(random, {2, 1, n_q, n_k, 3, 2});
}

bool same_float(float a, float b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

TEST(StageMap, TilesHoldTheArray) {
  const std::vector<std::pair<std::size_t, std::size_t>> shapes{{1, 1},     {255, 2}, {256, 256},
                                                                {257, 255}, {600, 3}, {3, 600}};
  for (const auto& [n_q, n_k] : shapes) {
    const Equation equation = equation_of(wide(n_q, n_k), {{"masks", {{{"kind", "causal"}}}}});
    for (const Stage stage : {Stage::k, Stage::logits, Stage::weights, Stage::context}) {
      const auto map = map_of(equation, stage);
      const StageArray array = stage_array(equation, stage, HeadChoice{}, 1).value();
      ASSERT_EQ(array.shape,
                (std::vector{static_cast<std::size_t>(map->rows), static_cast<std::size_t>(map->columns)}));
      std::size_t cell = 0, in_tiles = 0;
      for (Index i = 0; i < map->rows; ++i) {
        for (Index j = 0; j < map->columns; ++j, ++cell) {
          ASSERT_TRUE(same_float(map->value(i, j), static_cast<float>(array.values[cell]))) << i << ", " << j;
        }
      }
      for (const auto& tile : map->tiles) {
        EXPECT_TRUE(tile->rows <= kTileSize && tile->columns <= kTileSize);
        EXPECT_EQ(tile->values.size(), tile->classes.size());
        in_tiles += tile->values.size();
      }
      EXPECT_EQ(in_tiles, cell) << "every cell stands in one tile";
    }
  }
}

TEST(StageMap, CellsAreValuesMaskedOrNotANumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Equation equation =
      equation_of(document_of_scores({{1, 2, -INFINITY}, {nan, 1, -INFINITY}, {INFINITY, 0, 1}}),
                  {{"masks", {{{"kind", "causal"}, {"offset", 1}}}}});
  constexpr auto v = CellClass::value, m = CellClass::masked, n = CellClass::not_a_number;
  struct Row {
    Stage stage;
    Buffer<CellClass> classes;
    std::vector<float> range;
  };
  const std::vector<Row> rows{
      {Stage::scores, {v, v, m, n, v, m, n, v, v}, {0, 2}},
      {Stage::mask, {v, v, v, v, v, v, v, v, v}, {0, 1}},
      {Stage::logits, {v, v, m, n, v, m, n, v, v}, {0, 2}},
      {Stage::weights, {v, v, m, n, n, m, v, v, v}, {0, 1}},
  };
  for (const Row& row : rows) {
    const auto map = map_of(equation, row.stage);
    EXPECT_EQ(map->tiles[0]->classes, row.classes) << info(row.stage).name;
    EXPECT_EQ((std::vector{map->min, map->max}), row.range) << info(row.stage).name;
  }
  const auto flags = map_of(equation, Stage::weights)->row_flags;
  EXPECT_EQ(flags, (std::vector{RowFlag::normal, RowFlag::not_a_number, RowFlag::infinite}));
}

TEST(StageMap, AnEmptyRowIsMaskedAndAUniformOneHasValues) {
  const Document document = document_of_scores({{-INFINITY, -INFINITY}});
  const auto zero = map_of(equation_of(document), Stage::weights);
  EXPECT_EQ(zero->tiles[0]->classes, (Buffer<CellClass>{CellClass::masked, CellClass::masked}));
  EXPECT_EQ((std::vector{zero->min, zero->max}), (std::vector{0.0f, 0.0f})) << "no cell has a value";
  const auto uniform = map_of(equation_of(document, {{"empty_rows", "uniform"}}), Stage::weights);
  EXPECT_EQ(uniform->tiles[0]->classes, (Buffer<CellClass>{CellClass::value, CellClass::value}));
  EXPECT_EQ(uniform->max, 0.5f);
}

TEST(StageMap, AZeroOfSavedWeightsIsAValueUnlessAMaskLeavesItOut) {
  Random random(4);
  Document document = weights_document(random, {1, 1, 2, 2});
  document.layers[0].origin = GivenWeights{Tensor({1, 1, 2, 2}, {1, 0, 0, 1})};
  constexpr auto v = CellClass::value, m = CellClass::masked;
  const auto free = map_of(equation_of(document), Stage::weights);
  EXPECT_EQ(free->tiles[0]->classes, (Buffer<CellClass>{v, v, v, v}));
  const auto causal = map_of(equation_of(document, {{"masks", {{{"kind", "causal"}}}}}), Stage::weights);
  EXPECT_EQ(causal->tiles[0]->classes, (Buffer<CellClass>{v, m, v, v}));
}

TEST(StageMap, NumbersBeyondFloatAreNotValues) {
  const float huge = std::numeric_limits<float>::max();
  const Tensor q({1, 1, 1}, {huge}), k({1, 2, 1}, {huge, 1});
  const auto map = map_of(equation_of(document_of_qkv(q, k, std::nullopt)), Stage::scores);
  EXPECT_EQ(map->tiles[0]->classes, (Buffer<CellClass>{CellClass::not_a_number, CellClass::value}));
  EXPECT_TRUE(std::isfinite(map->max)) << "the colour range stays usable";
}

TEST(StageMap, DoesNotDependOnTheThreads) {
  const Equation equation = equation_of(wide(600, 300));
  const auto one = map_of(equation, Stage::weights, HeadChoice{HeadChoice::Join::mean}, 1);
  for (const std::size_t threads : {2, 3, 4, 8}) {
    const auto many = map_of(equation, Stage::weights, HeadChoice{HeadChoice::Join::mean}, threads);
    ASSERT_EQ(many->tiles.size(), one->tiles.size());
    for (std::size_t t = 0; t < one->tiles.size(); ++t) {
      EXPECT_EQ(many->tiles[t]->values, one->tiles[t]->values);
      EXPECT_EQ(many->tiles[t]->classes, one->tiles[t]->classes);
    }
    EXPECT_EQ(many->row_flags, one->row_flags);
    EXPECT_EQ(many->max, one->max);
  }
}

TEST(StageMap, RefusesAHeadThatIsNotThere) {
  const Equation equation = equation_of(wide(2, 2));
  EXPECT_TRUE(stage_map(equation, Stage::weights, HeadChoice{HeadChoice::Join::none, 1}, 1));
  const auto refused = stage_map(equation, Stage::weights, HeadChoice{HeadChoice::Join::none, 2}, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().expected, "a head below 2");
}

TEST(StageMap, AHeadShowsItsKeyHeadAndTheOnlyOutput) {
  Random random(9);
  const Equation equation = equation_of(qkv_document(random, {4, 2, 3, 3, 2, 2}));
  const auto map = [&](Stage stage, Index head) {
    return *stage_map(equation, stage, HeadChoice{HeadChoice::Join::none, head}, 1);
  };
  EXPECT_EQ(map(Stage::k, 1)->value(0, 0), map(Stage::k, 0)->value(0, 0));
  EXPECT_EQ(map(Stage::v, 3)->value(0, 0), map(Stage::v, 2)->value(0, 0));
  EXPECT_NE(map(Stage::k, 2)->value(0, 0), map(Stage::k, 1)->value(0, 0));
  EXPECT_EQ(map(Stage::output, 3)->value(0, 0), map(Stage::output, 0)->value(0, 0));
}

}  // namespace
}  // namespace attn::test

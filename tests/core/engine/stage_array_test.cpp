// All heads, one head, or heads joined.
#include "core/engine/stage_array.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/documents.hpp"

namespace attn::test {
namespace {

using namespace support;
using Join = HeadChoice::Join;

const Sizes kSizes{4, 2, 5, 7, 3, 2};

StageArray array_of(const Equation& equation, Stage stage, const std::optional<HeadChoice>& head,
                    std::size_t threads = 1) {
  auto array = stage_array(equation, stage, head, threads);
  if (!array) throw std::runtime_error(describe(array.error()));
  return *array;
}

TEST(StageArray, HasTheShapeOfTheContract) {
  Random random(1);
  const Equation equation = equation_of(qkv_document(random, kSizes));
  struct Row {
    Stage stage;
    std::vector<std::size_t> shape;
  };
  for (const Row& row : {Row{Stage::q, {4, 5, 3}}, Row{Stage::k, {2, 7, 3}}, Row{Stage::v, {2, 7, 2}},
                         Row{Stage::weights, {4, 5, 7}}, Row{Stage::context, {4, 5, 2}}}) {
    EXPECT_EQ(array_of(equation, row.stage, std::nullopt).shape, row.shape) << info(row.stage).name;
    const std::vector<std::size_t> one(row.shape.begin() + 1, row.shape.end());
    EXPECT_EQ(array_of(equation, row.stage, HeadChoice{}).shape, one) << info(row.stage).name;
    EXPECT_EQ(array_of(equation, row.stage, HeadChoice{Join::mean}).shape, one) << info(row.stage).name;
  }
  EXPECT_EQ(array_of(equation, Stage::output, std::nullopt).shape.size(), 2u);
}

TEST(StageArray, JoinsHeadsCellByCell) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const Equation equation = equation_of(qkv_document(random, kSizes), {{"masks", {{{"kind", "causal"}}}}});
    for (const Stage stage : {Stage::scores, Stage::weights, Stage::context}) {
      const StageArray all = array_of(equation, stage, std::nullopt);
      const StageArray mean = array_of(equation, stage, HeadChoice{Join::mean});
      const StageArray max = array_of(equation, stage, HeadChoice{Join::max});
      const StageArray min = array_of(equation, stage, HeadChoice{Join::min});
      const std::size_t cells = mean.values.size();
      for (std::size_t cell = 0; cell < cells; ++cell) {
        std::vector<double> heads;
        for (std::size_t h = 0; h < kSizes.heads; ++h) heads.push_back(all.values[h * cells + cell]);
        EXPECT_EQ(max.values[cell], *std::ranges::max_element(heads));
        EXPECT_EQ(min.values[cell], *std::ranges::min_element(heads));
        EXPECT_NEAR(mean.values[cell], (heads[0] + heads[1] + heads[2] + heads[3]) / 4, 1e-14);
      }
      for (std::size_t h = 0; h < all.values.size() / cells; ++h) {
        const StageArray one = array_of(equation, stage, HeadChoice{Join::none, static_cast<Index>(h)});
        EXPECT_TRUE(std::ranges::equal(one.values, std::span(all.values).subspan(h * cells, cells)));
      }
    }
  }
}

TEST(StageArray, ANanOfOneHeadStaysVisible) {
  Document document = document_of_scores({{1, 2}});
  document.layers[0].heads = document.layers[0].kv_heads = 2;
  for (const std::size_t nan_at : {std::size_t{0}, std::size_t{2}}) {
    std::vector<float> scores{1, 2, 3, 4};
    scores[nan_at] = NAN;
    document.layers[0].origin = GivenScores{Tensor({2, 1, 2}, scores)};
    for (const Join join : {Join::mean, Join::max, Join::min}) {
      const Band band = choice_band(equation_of(document), Stage::weights, HeadChoice{join}, {0, 1});
      EXPECT_TRUE(std::isnan(band.values(0, 0))) << to_text(HeadChoice{join});
      EXPECT_EQ(band.flags[0], RowFlag::not_a_number);
    }
  }
}

TEST(StageArray, DoesNotDependOnTheThreads) {
  Random random(2);
  const Equation equation = equation_of(projections_document(random, {4, 2, 600, 600, 8, 8}, false));
  for (const Stage stage : {Stage::weights, Stage::output}) {
    const StageArray one = array_of(equation, stage, std::nullopt, 1);
    for (const std::size_t threads : {2, 3, 4, 8})
      EXPECT_EQ(array_of(equation, stage, std::nullopt, threads).values, one.values);
  }
}

TEST(StageArray, RefusesWhatIsNotThere) {
  Random random(3);
  const Equation equation = equation_of(qkv_document(random, kSizes, false));
  EXPECT_FALSE(stage_array(equation, Stage::context, std::nullopt, 1));
  const auto refused = stage_array(equation, Stage::weights, HeadChoice{Join::none, 4}, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().expected, "a head below 4");
}

TEST(HeadChoice, IsWrittenAndRead) {
  for (const HeadChoice& choice : {HeadChoice{}, HeadChoice{Join::none, 12}, HeadChoice{Join::mean},
                                   HeadChoice{Join::max}, HeadChoice{Join::min}}) {
    EXPECT_EQ(head_choice_from(to_text(choice)), choice);
  }
  for (const char* wrong : {"", "-1", "1.5", "1 ", "all", "Mean", "99999999999999999999"}) {
    EXPECT_FALSE(head_choice_from(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace attn::test

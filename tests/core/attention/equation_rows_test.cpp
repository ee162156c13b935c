// Rows are independent: of the band they are asked for with, of later tokens, of each other; and what a row
// says of itself.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/support/documents.hpp"
#include "tests/support/random_settings.hpp"

namespace attn::test {
namespace {

using namespace support;
using Json = nlohmann::json;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
const Json kCausal{{"masks", {{{"kind", "causal"}}}}};

// The same numbers with rows (of the second last axis) reordered or cut: row r of the result is row order[r].
Tensor rows_of(const Tensor& tensor, const std::vector<std::size_t>& order) {
  const std::size_t rows = tensor.from_last(1), width = tensor.from_last(0);
  std::vector<float> values;
  for (std::size_t block = 0; block < tensor.size() / (rows * width); ++block) {
    for (const std::size_t row : order) {
      const auto part = tensor.values().subspan((block * rows + row) * width, width);
      values.insert(values.end(), part.begin(), part.end());
    }
  }
  std::vector<std::size_t> shape = tensor.shape();
  shape[shape.size() - 2] = order.size();
  return {std::move(shape), std::move(values)};
}

std::vector<std::size_t> first_rows(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

TEST(Rows, AnyBandEqualsTheRowsOfTheWhole) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const Document document = random_document(random);
    const Equation equation = equation_of(document, random_settings(random, document));
    for (const StageInfo& stage : kStages) {
      const auto shape = equation.shape(stage.stage);
      if (!shape) continue;
      const Index head = static_cast<Index>(random.below(static_cast<std::size_t>(shape->heads)));
      const Band whole = equation.band(stage.stage, head, {0, shape->rows});
      const Index begin = static_cast<Index>(random.below(static_cast<std::size_t>(shape->rows)));
      const Index end =
          begin + 1 + static_cast<Index>(random.below(static_cast<std::size_t>(shape->rows - begin)));
      const Band part = equation.band(stage.stage, head, {begin, end});
      EXPECT_TRUE(same_bits(part.values, whole.values.middleRows(begin, end - begin)))
          << stage.name << " seed " << seed;
      for (std::size_t row = 0; row < part.flags.size(); ++row) {
        EXPECT_EQ(part.flags[row], whole.flags[row + static_cast<std::size_t>(begin)]);
      }
    }
  }
}

Document wide_projections(Random& random, std::size_t tokens) {
  return projections_document(random, {3, 1, tokens, tokens, 7, 6}, false);
}

TEST(Rows, BandsOfALongProjectionDoNotDependOnWhereTheyBegin) {
  Random random(4);
  const Equation equation = equation_of(wide_projections(random, 200));
  const Matrix whole = stage_of(equation, Stage::output);
  for (const Index begin : {0, 1, 5, 63, 64, 65, 130, 199}) {
    EXPECT_TRUE(
        same_bits(equation.band(Stage::output, 0, {begin, 200}).values, whole.bottomRows(200 - begin)))
        << begin;
  }
}

TEST(Rows, APrefixOfALongerRunEqualsTheShorterRun) {
  Random random(5);
  const Document longer = wide_projections(random, 150);
  const Equation whole = equation_of(longer, kCausal);
  for (const std::size_t count : {1, 2, 63, 64, 65, 149}) {
    Document shorter = longer;
    shorter.sequences[0].tokens.resize(count);
    shorter.sequences[0].embeddings = rows_of(*longer.sequences[0].embeddings, first_rows(count));
    const Equation part = equation_of(std::move(shorter), kCausal);
    const auto n = static_cast<Index>(count);
    for (const StageInfo& stage : kStages) {
      const Matrix expected = stage_of(whole, stage.stage).topRows(n);
      const Index columns = stage.columns == Columns::keys ? n : expected.cols();
      EXPECT_TRUE(same_bits(stage_of(part, stage.stage), expected.leftCols(columns)))
          << stage.name << " of " << count;
    }
  }
}

TEST(Rows, CausalRowsDoNotSeeLaterTokens) {
  Random random(6);
  for (const Document& before :
       {embeddings_document(random, {2, 2, 9, 9, 3, 3}, false), wide_projections(random, 9)}) {
    Document after = before;
    const Tensor& embeddings = *before.sequences[0].embeddings;
    std::vector<float> values(embeddings.values().begin(), embeddings.values().end());
    const std::size_t known = 4 * embeddings.from_last(0);
    for (std::size_t cell = known; cell < values.size(); ++cell) values[cell] = cell % 3 == 0 ? kNan : 1e30f;
    after.sequences[0].embeddings = Tensor(embeddings.shape(), values);
    const Equation a = equation_of(before, kCausal), b = equation_of(std::move(after), kCausal);
    for (const Stage stage : {Stage::logits, Stage::weights, Stage::dropped, Stage::context, Stage::output}) {
      EXPECT_TRUE(same_bits(a.band(stage, 0, {0, 4}).values, b.band(stage, 0, {0, 4}).values))
          << info(stage).name;
    }
  }
}

TEST(Rows, PermutingQueriesPermutesRows) {
  Random random(7);
  std::vector<std::size_t> order = first_rows(70);
  for (std::size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[random.below(i + 1)]);
  const Document before = projections_document(random, {2, 2, 70, 11, 5, 4}, true);
  Document after = before;
  after.sequences[0].embeddings = rows_of(*before.sequences[0].embeddings, order);
  const Equation a = equation_of(before), b = equation_of(std::move(after));
  for (const Stage stage : {Stage::q, Stage::scores, Stage::weights, Stage::context, Stage::output}) {
    const Matrix straight = stage_of(a, stage), permuted = stage_of(b, stage);
    for (std::size_t row = 0; row < order.size(); ++row) {
      const auto i = static_cast<Index>(row), from = static_cast<Index>(order[row]);
      ASSERT_TRUE(same_bits(permuted.middleRows(i, 1), straight.middleRows(from, 1)))
          << info(stage).name << " row " << row;
    }
  }
}

TEST(Rows, WithoutAnAllowedKeyAreZeroOrUniformAndFlagged) {
  Random random(8);
  const Document document = qkv_document(random, {1, 1, 3, 4, 2, 2});
  Json settings{{"masks", {{{"kind", "causal"}, {"offset", -1}}}}};
  const Equation zero = equation_of(document, settings);
  const Band band = zero.band(Stage::weights, 0, {0, 3});
  EXPECT_EQ(band.flags, (std::vector{RowFlag::empty, RowFlag::normal, RowFlag::normal}));
  EXPECT_TRUE((band.values.row(0).array() == 0).all());
  EXPECT_TRUE((stage_of(zero, Stage::context).row(0).array() == 0).all());

  settings["empty_rows"] = "uniform";
  const Equation uniform = equation_of(document, settings);
  EXPECT_EQ(uniform.band(Stage::context, 0, {0, 1}).flags, std::vector{RowFlag::empty});
  EXPECT_TRUE((stage_of(uniform, Stage::weights).row(0).array() == 0.25).all());
  const Eigen::RowVectorXd mean = stage_of(uniform, Stage::v).colwise().mean();
  EXPECT_TRUE(stage_of(uniform, Stage::context).row(0).isApprox(mean, 1e-12));
  EXPECT_TRUE(same_bits(stage_of(uniform, Stage::weights).bottomRows(2), band.values.bottomRows(2)));
}

TEST(Rows, MinusInfinityInABiasCountsAsMasked) {
  Document document = document_of_scores({{1, 2}, {1, 2}});
  document.layers[0].bias = Tensor({2, 2}, {-INFINITY, 0, -INFINITY, -INFINITY});
  const Band band = equation_of(document).band(Stage::weights, 0, {0, 2});
  EXPECT_EQ(band.values, (Matrix{{0, 1}, {0, 0}}));
  EXPECT_EQ(band.flags, (std::vector{RowFlag::normal, RowFlag::empty}));
}

TEST(Rows, NanMakesOneRowNanAndNoOther) {
  const std::vector<std::vector<float>> clean{{1, 2, 3}, {3, 1, 2}, {0, 0, 1}};
  auto dirty = clean;
  dirty[1][0] = kNan;
  dirty[2][2] = kNan;  // masked below
  const Json padding{{"masks", {{{"kind", "window"}, {"right", 1}}, {{"kind", "causal"}, {"offset", 1}}}}};
  Document with_mask = document_of_scores(dirty);
  with_mask.layers[0].mask = Tensor({3, 3}, {1, 1, 1, 1, 1, 0, 1, 1, 0});
  Document reference = document_of_scores(clean);
  reference.layers[0].mask = with_mask.layers[0].mask;
  const Band band = equation_of(with_mask).band(Stage::weights, 0, {0, 3});
  EXPECT_EQ(band.flags, (std::vector{RowFlag::normal, RowFlag::not_a_number, RowFlag::normal}));
  EXPECT_TRUE(std::isnan(band.values(1, 0)) && std::isnan(band.values(1, 1)));
  EXPECT_EQ(band.values(1, 2), 0) << "masked cells stay 0";
  const Matrix expected = stage_of(equation_of(reference), Stage::weights);
  for (const Index row : {0, 2})
    EXPECT_TRUE(same_bits(band.values.middleRows(row, 1), expected.middleRows(row, 1)));
}

TEST(Rows, InfiniteScoresShareTheRow) {
  const Band band =
      equation_of(document_of_scores({{1, INFINITY, INFINITY, -INFINITY}})).band(Stage::weights, 0, {0, 1});
  EXPECT_EQ(band.flags, std::vector{RowFlag::infinite});
  EXPECT_EQ(band.values, (Matrix{{0, 0.5, 0.5, 0}}));
}

TEST(Rows, AMutedHeadIsSilentEvenWhereItIsNan) {
  Document document =
      document_of_qkv(Tensor({1, 1, 1}, {kNan}), Tensor({1, 1, 1}, {1}), Tensor({1, 1, 1}, {1}));
  const Equation equation = equation_of(std::move(document), {{"head_gates", {{"mute", {0}}}}});
  EXPECT_EQ(stage_of(equation, Stage::dropped)(0, 0), 0);
  EXPECT_EQ(stage_of(equation, Stage::context)(0, 0), 0);
}

}  // namespace
}  // namespace attn::test

// Documents that hold only weights, or only scores.
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/support/documents.hpp"

namespace attn::test {
namespace {

using namespace support;
using Json = nlohmann::json;

constexpr Sizes kSizes{2, 2, 4, 5, 1, 1};

const Tensor& saved(const Document& document) {
  return std::get<GivenWeights>(document.layers[0].origin).weights;
}

TEST(SavedWeights, PassThroughBitForBitWhileNothingIsInForce) {
  Random random(1);
  Document document = weights_document(random, kSizes);
  const Tensor odd = random_tensor(random, {1, 2, 4, 5}, 100);  // rows need not sum to 1, nor be positive
  for (const Tensor& weights : {saved(document), odd}) {
    document.layers[0].origin = GivenWeights{weights};
    for (const Json& neutral :
         {Json::object(), Json{{"temperature", 1}, {"masks", Json::array()}, {"scale", "none"}},
          Json{{"bias", Json::array()}, {"empty_rows", "uniform"}}}) {
      const Equation equation = equation_of(document, neutral);
      for (Index head = 0; head < 2; ++head) {
        EXPECT_TRUE(equation.passes_weights_through(head));
        const Matrix out = stage_of(equation, Stage::weights, head);
        const auto in = weights.slice(0).slice(static_cast<std::size_t>(head)).values();
        for (Index cell = 0; cell < out.size(); ++cell) {
          EXPECT_EQ(out.data()[cell], static_cast<double>(in[static_cast<std::size_t>(cell)]));
        }
      }
    }
  }
}

TEST(SavedWeights, AreRenormalisedOnceAKnobIsInForce) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    Document document = weights_document(random, kSizes);
    document.layers[0].bias = random_tensor(random, {4, 5});
    for (const Json& turned :
         {Json{{"bias", Json::array()}, {"temperature", 0.5}},
          Json{{"bias", Json::array()}, {"masks", {{{"kind", "causal"}}}}}, Json::object()}) {
      const Equation equation = equation_of(document, turned);
      EXPECT_FALSE(equation.passes_weights_through(0));
      const Matrix before = stage_of(equation_of(document, {{"bias", Json::array()}}), Stage::weights);
      const Band after = equation.band(Stage::weights, 0, {0, 4});
      for (Index i = 0; i < 4; ++i) {
        const bool empty = after.flags[static_cast<std::size_t>(i)] == RowFlag::empty;
        EXPECT_NEAR(after.values.row(i).sum(), empty ? 0 : 1, 1e-14);
        for (Index j = 0; j < 5; ++j)
          EXPECT_TRUE(before(i, j) != 0 || after.values(i, j) == 0) << "0 stays 0";
      }
    }
  }
}

TEST(SavedWeights, TemperatureIsThePowerOfTheWeight) {
  Random random(9);
  Document document = weights_document(random, {1, 1, 3, 6, 1, 1});
  const Matrix before = stage_of(equation_of(document), Stage::weights);
  const Matrix after = stage_of(equation_of(document, {{"temperature", 0.5}}), Stage::weights);
  for (Index i = 0; i < 3; ++i) {
    const Eigen::RowVectorXd squares = before.row(i).array().square();
    EXPECT_TRUE(after.row(i).isApprox(squares / squares.sum(), 1e-12));
  }
}

TEST(SavedWeights, OneHeadsTemperatureRenormalisesThatHead) {
  Random random(2);
  const Equation equation =
      equation_of(weights_document(random, kSizes), {{"temperature", {{"heads", {{"1", 2}}}}}});
  EXPECT_TRUE(equation.passes_weights_through(0));
  EXPECT_FALSE(equation.passes_weights_through(1));
}

TEST(SavedWeights, BatchPicksTheElement) {
  Random random(3);
  const Document document = weights_document(random, kSizes, 3);
  for (std::size_t b = 0; b < 3; ++b) {
    const Matrix out = stage_of(equation_of(document, {{"batch", b}}), Stage::weights, 1);
    EXPECT_EQ(out(3, 4), static_cast<double>(saved(document).slice(b).slice(1).values()[19]));
  }
  EXPECT_THROW(static_cast<void>(equation_of(document, {{"batch", 3}})), std::runtime_error);
}

// Settings that a document's origin cannot take, and a word of the refusal.
struct Refused {
  Document document;
  Json settings;
  const char* word;
};

std::string refusal(const Refused& row) {
  try {
    static_cast<void>(equation_of(row.document, row.settings));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SavedMaps, RefuseWhatTheyCannotHave) {
  Random random(4);
  const Document scores = scores_document(random, kSizes), weights = weights_document(random, kSizes);
  Document per_head = qkv_document(random, {2, 2, 3, 3, 2, 2});
  per_head.layers[0].mask = Tensor({2, 1, 3}, {1, 1, 0, 1, 0, 1});
  const std::vector<Refused> table{
      {scores, {{"scale", "inv_sqrt_dk"}}, "holds scores"},
      {scores, {{"scale", "inv_dk"}}, "holds scores"},
      {scores, {{"scale", "inv_sqrt_dmodel"}}, "holds scores"},
      {scores, {{"scale", "sqrt_dmodel"}}, "holds scores"},
      {weights, {{"scale", "inv_sqrt_dk"}}, "/settings/scale"},
      {weights, {{"scale", 2}}, "/settings/scale"},
      {scores, {{"heads", 1}}, "/settings/heads"},
      {scores, {{"score", {{"kind", "dot"}}}}, "/settings/score"},
      {scores, {{"position", {{"kind", "rope"}}}}, "/settings/position"},
      {scores, {{"embedding_scale", 2}}, "/settings/embedding_scale"},
      {scores, {{"normalizer", {{"kind", "linear"}}}}, "/settings/normalizer"},
      {weights, {{"score", {{"kind", "cosine"}}}}, "/settings/score"},
      {weights, {{"position", {{"kind", "sinusoidal"}}}}, "/settings/position"},
      {weights, {{"softcap", 2}}, "/settings/softcap"},
      {weights, {{"normalizer", {{"kind", "sink"}}}}, "constant a row"},
      {weights, {{"normalizer", {{"kind", "sigmoid"}}}}, "constant a row"},
      {weights, {{"normalizer", {{"kind", "relu"}}}}, "constant a row"},
      {weights, {{"normalizer", {{"kind", "identity"}}}}, "constant a row"},
      {weights, {{"normalizer", {{"kind", "softmax_plus_one"}}}}, "constant a row"},
      {weights, {{"normalizer", {{"kind", "softmax"}, {"axis", "queries"}}}}, "constant a row"},
      {per_head, {{"position", {{"kind", "sinusoidal"}}}}, "no embeddings"},
      {per_head, {{"embedding_scale", "sqrt_dmodel"}}, "no embeddings"},
      {weights, {{"heads", 4}}, "/settings/heads"},
      {per_head, {{"heads", 4}}, "/settings/heads"},
      {per_head, {{"heads", 3}}, "/settings/heads"},
      {weights, {{"masks", {{{"kind", "document"}}}}}, "/settings/masks/0"},
      {weights, {{"bias", {{{"kind", "document"}}}}}, "/settings/bias/0"},
      {weights, {{"temperature", {{"heads", {{"2", 1}}}}}}, "/settings/temperature/heads"},
      {weights, {{"head_gates", {{"mute", {2}}}}}, "/settings/head_gates/mute"},
      {weights, {{"head_gates", {{"solo", {2}}}}}, "/settings/head_gates/solo"},
      {weights, {{"head_gates", {{"gain", {{"2", 1}}}}}}, "/settings/head_gates/gain"},
  };
  for (const Refused& row : table) {
    EXPECT_NE(refusal(row).find(row.word), std::string::npos) << row.settings << " gives: " << refusal(row);
  }
}

TEST(SavedScores, HaveNoScaleByDefault) {
  Random random(5);
  const Document document = scores_document(random, kSizes);
  const Equation equation = equation_of(document);
  EXPECT_TRUE(same_bits(stage_of(equation, Stage::scaled), stage_of(equation, Stage::scores)));
  EXPECT_TRUE(same_bits(stage_of(equation_of(document, {{"scale", 2}}), Stage::scaled),
                        2 * stage_of(equation, Stage::scores)));
}

TEST(Heads, OnlyPossibleCountsAreTaken) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    const Document document = random_document(random);
    const auto possible = possible_heads(document, 0);
    if (origin_of(document.layers[0]) == Origin::qkv) {
      EXPECT_NE(std::ranges::find(possible, document.layers[0].heads), possible.end())
          << "the document's own";
    }
    for (std::size_t heads = 1; heads <= 60; ++heads) {
      const bool listed = std::ranges::find(possible, heads) != possible.end();
      const bool own = possible.empty() && heads == document.layers[0].heads;
      const bool taken = refusal({document, {{"heads", heads}}, ""}) == "accepted";
      EXPECT_EQ(taken, listed || own) << heads << " heads, seed " << seed;
    }
  }
}

}  // namespace
}  // namespace attn::test

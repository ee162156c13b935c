// Terms of the equation one by one: numbers that can be worked out by hand, and properties that hold for all
// numbers.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/attention/bias.hpp"
#include "core/attention/expression.hpp"
#include "core/attention/families.hpp"
#include "core/attention/normalizer.hpp"
#include "core/attention/position.hpp"
#include "tests/support/documents.hpp"

namespace attn::test {
namespace {

using namespace support;
using Json = nlohmann::json;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> normalized(const Json& term, std::vector<double> row, Index head = 0) {
  const Term read = *read_term(term, *family_named("normalizer"), "");
  if (!normalizer_named(read.kind)->normalize(read.parameters, head, row)) row.assign(row.size(), -1);
  return row;
}

double sum_of(const std::vector<double>& row) {
  double sum = 0;
  for (const double x : row) sum += x;
  return sum;
}

std::vector<double> random_row(Random& random) {
  std::vector<double> row;
  for (std::size_t count = random.from_to(1, 20); count > 0; --count) {
    row.push_back(random.chance(0.2) ? -kInfinity : 3 * random.normal());
  }
  row.front() = random.normal();
  return row;
}

TEST(Normalizers, RowsSumToOneKeepTheirOrderAndMaskedCellsAreZero) {
  for (const Json& term : {Json("softmax"), Json("sparsemax"), Json{{"kind", "entmax"}},
                           Json{{"kind", "entmax"}, {"alpha", 1.1}}, Json{{"kind", "entmax"}, {"alpha", 7}},
                           Json("double_softmax"), Json{{"kind", "top_k"}, {"k", 3}}}) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      Random random(seed);
      const std::vector<double> logits = random_row(random);
      const std::vector<double> weights = normalized(term, logits);
      EXPECT_NEAR(sum_of(weights), 1, 1e-14) << term;
      for (std::size_t j = 0; j < logits.size(); ++j) {
        EXPECT_GE(weights[j], 0);
        EXPECT_LE(weights[j], 1);
        EXPECT_TRUE(logits[j] != -kInfinity || (weights[j] == 0 && !std::signbit(weights[j]))) << term;
        for (std::size_t i = 0; i < j; ++i) {
          EXPECT_TRUE(logits[i] <= logits[j] || weights[i] >= weights[j]) << term;
        }
      }
    }
  }
}

TEST(Normalizers, AConstantOnTheRowChangesOnlyThoseThatSaySo) {
  const std::vector<double> row{0.5, -1, 2, 0.25};
  std::vector<double> moved = row;
  for (double& x : moved) x += 0.75;
  for (const NormalizerKind& kind : normalizer_kinds()) {
    const std::vector<double> a = normalized(starting_term(kind), row);
    const std::vector<double> b = normalized(starting_term(kind), moved);
    double difference = 0;
    for (std::size_t j = 0; j < a.size(); ++j) difference = std::max(difference, std::abs(a[j] - b[j]));
    EXPECT_EQ(difference < 1e-12, kind.shift_invariant) << kind.name;
  }
}

TEST(Normalizers, NumbersByHand) {
  const double e = std::exp(1.0);
  struct Row {
    Json term;
    std::vector<double> logits, weights;
  };
  const std::vector<Row> rows{
      {"softmax", {0, 0, -kInfinity}, {0.5, 0.5, 0}},
      {"softmax_plus_one", {0, 0}, {1.0 / 3, 1.0 / 3}},
      {"softmax_plus_one", {1000, 1000}, {0.5, 0.5}},
      {{{"kind", "sink"}, {"logits", {std::log(2.0)}}}, {0, 0}, {0.25, 0.25}},
      {"sparsemax", {1, 0.5, -3}, {0.75, 0.25, 0}},
      {"sparsemax", {5, 0, 0}, {1, 0, 0}},
      {{{"kind", "entmax"}, {"alpha", 1}}, {0, 0}, {0.5, 0.5}},
      {{{"kind", "entmax"}, {"alpha", 2}}, {1, 0.5, -3}, {0.75, 0.25, 0}},
      {{{"kind", "entmax"}, {"alpha", 1.5}}, {0, 0, 0, 0}, {0.25, 0.25, 0.25, 0.25}},
      {"sigmoid", {0, -kInfinity}, {0.5, 0}},
      {{{"kind", "sigmoid"}, {"bias", std::log(3.0)}}, {0}, {0.75}},
      {"relu", {3, -1, 1}, {0.75, 0, 0.25}},
      {"relu", {-1, -2}, {-1, -1}},
      {"relu", {1e308, 1e308}, {0.5, 0.5}},
      {"double_softmax", {0, -kInfinity}, {1, 0}},
      {"double_softmax", {1000, 0}, {e / (e + 1), 1 / (e + 1)}},
      {{{"kind", "top_k"}, {"k", 1}}, {2, 2, 1}, {1, 0, 0}},
      {{{"kind", "top_k"}, {"k", 9}}, {0, 0}, {0.5, 0.5}},
      {"identity", {1.5, -kInfinity}, {1.5, 0}},
      {"linear", {3, 1, -kInfinity}, {0.75, 0.25, 0}},
  };
  for (const Row& row : rows) {
    const std::vector<double> weights = normalized(row.term, row.logits);
    for (std::size_t j = 0; j < weights.size(); ++j)
      EXPECT_NEAR(weights[j], row.weights[j], 1e-15) << row.term;
  }
}

TEST(Normalizers, OverQueriesColumnsSumToOne) {
  Random random(3);
  const Document document = qkv_document(random, {2, 1, 300, 4, 3, 2});
  const Json term{{"kind", "softmax"}, {"axis", "queries"}};
  const Equation equation = equation_of(document, {{"normalizer", term}});
  const Matrix whole = stage_of(equation, Stage::weights, 1);
  for (Index j = 0; j < whole.cols(); ++j) EXPECT_NEAR(whole.col(j).sum(), 1, 1e-13);
  EXPECT_TRUE(same_bits(equation.band(Stage::weights, 1, {270, 300}).values, whole.bottomRows(30)));
}

TEST(Normalizers, OverQueriesARowIsFlaggedByItsColumns) {
  const float infinity = std::numeric_limits<float>::infinity();
  const Document document = document_of_scores({{1, infinity}, {2, -infinity}, {-infinity, -infinity}});
  const Equation equation =
      equation_of(document, {{"normalizer", {{"kind", "softmax"}, {"axis", "queries"}}}});
  const Band band = equation.band(Stage::weights, 0, {0, 3});
  EXPECT_EQ(band.flags, (std::vector<RowFlag>{RowFlag::infinite, RowFlag::normal, RowFlag::empty}));
}

TEST(Normalizers, InfinityIsSharedAndANumberElsewhere) {
  const Document document = document_of_scores(
      {{std::numeric_limits<float>::infinity(), 1, std::numeric_limits<float>::infinity()}});
  for (const NormalizerKind& kind : normalizer_kinds()) {
    if (kind.from_features) continue;
    const Equation equation = equation_of(document, {{"normalizer", starting_term(kind)}});
    const Band band = equation.band(Stage::weights, 0, {0, 1});
    EXPECT_EQ(band.flags[0], RowFlag::infinite) << kind.name;
    EXPECT_TRUE(kind.takes_infinity || band.values(0, 0) == 0.5) << kind.name;
    EXPECT_FALSE(band.values.array().isNaN().any()) << kind.name;
  }
}

TEST(Positions, RopeKeepsLengthsAndFeelsDistancesAlone) {
  Random random(5);
  for (const char* style : {"half", "interleaved"}) {
    Document document = qkv_document(random, {1, 1, 7, 7, 6, 2});
    const Json rope{{"kind", "rope"}, {"style", style}};
    const Matrix plain = stage_of(equation_of(document), Stage::q);
    const Matrix turned = stage_of(equation_of(document, {{"position", rope}}), Stage::q);
    for (Index i = 0; i < 7; ++i) EXPECT_NEAR(turned.row(i).norm(), plain.row(i).norm(), 1e-12);
    EXPECT_TRUE(same_bits(turned.topRows(1), plain.topRows(1))) << "position 0 does not turn";
    const Matrix scores = stage_of(equation_of(document, {{"position", rope}}), Stage::scores);
    for (Sequence& sequence : document.sequences) {
      for (std::int64_t t = 0; t < 7; ++t) sequence.positions.push_back(t + 40);
    }
    const Matrix moved = stage_of(equation_of(document, {{"position", rope}}), Stage::scores);
    EXPECT_TRUE((scores - moved).cwiseAbs().maxCoeff() < 1e-12) << style;
  }
}

TEST(Positions, SinusoidsAsTheyAreDefined) {
  Matrix x = Matrix::Zero(2, 3);
  const std::vector<std::int64_t> positions{0, 2};
  kind_named(position_kinds(), "sinusoidal")->on_embeddings(x, positions);
  EXPECT_EQ(x(0, 0), 0);
  EXPECT_EQ(x(0, 1), 1);
  EXPECT_NEAR(x(1, 0), std::sin(2.0), 1e-15);
  EXPECT_NEAR(x(1, 1), std::cos(2.0), 1e-15);
  EXPECT_NEAR(x(1, 2), std::sin(2 / std::pow(10000.0, 2.0 / 3)), 1e-15);
}

TEST(Biases, AlibiSlopes) {
  EXPECT_EQ(alibi_slopes(2), (std::vector<double>{std::exp2(-4), std::exp2(-8)}));
  EXPECT_EQ(alibi_slopes(1), std::vector<double>{std::exp2(-8)});
  const std::vector<double> six = alibi_slopes(6);
  EXPECT_EQ(six[3], std::exp2(-8));
  EXPECT_EQ(six[4], std::exp2(-1));
  EXPECT_EQ(six[5], std::exp2(-3));
}

TEST(Biases, T5BucketsStayInRangeAndGrowWithTheDistance) {
  for (const bool bidirectional : {false, true}) {
    for (const Index buckets : {2, 3, 4, 8, 32}) {
      for (const Index far : {2, 10, 128}) {
        Index before = -1;
        for (Index distance = 0; distance > -300; --distance) {
          const Index bucket = t5_bucket(distance, buckets, far, bidirectional);
          EXPECT_GE(bucket, std::max<Index>(before, 0));
          EXPECT_LT(bucket, bidirectional ? std::max<Index>(buckets / 2, 1) : buckets);
          before = bucket;
          EXPECT_LT(t5_bucket(-distance, buckets, far, bidirectional), buckets);
        }
      }
    }
  }
  EXPECT_EQ(t5_bucket(-3, 32, 128, true), 3);
  EXPECT_EQ(t5_bucket(3, 32, 128, true), 19);
  EXPECT_EQ(t5_bucket(-1000, 32, 128, true), 15);
  EXPECT_EQ(t5_bucket(5, 32, 128, false), 0);
}

TEST(Expressions, MeanWhatTheySay) {
  const Expression::Row row{1, 2, 5, 4, 7};
  const std::vector<std::int64_t> segments{7, 8, 9, 7};
  struct Case {
    const char* text;
    double at_3;  // at h = 1, q = 2, k = 3, n_q = 5, n_k = 4
  };
  for (const Case& one : {Case{"q + 10 * k + 100 * h + 1000 * n_q + 10000 * n_k", 45132},
                          {"seg_q == seg_k", 1},
                          {"-7 % 3", -1},
                          {"mod(-7, 3)", 2},
                          {"2 ^ 3 ^ 2", 512},
                          {"-2 ^ 2", -4},
                          {"!h", 0},
                          {"!h == 0", 1},
                          {"q < k && k <= 3", 1},
                          {"q > k || 0", 0},
                          {"q >= 2 ? 5 : 6", 5},
                          {"q != 2", 0},
                          {"abs(-2) + floor(2.7) + sqrt(9)", 7},
                          {"min(3, k - 2) + max(2, 8)", 9},
                          {"ln(exp(2))", 2},
                          {"sign(-3) + rint(2.6)", 2},
                          {"sin(0) + cos(0) + tanh(0)", 1},
                          {" 1.5e1 ", 15},
                          {"1 / 0 > 5", 1}}) {
    const auto expression = Expression::compile(one.text, "");
    ASSERT_TRUE(expression) << one.text << ": " << describe(expression.error());
    std::vector<double> values(4);
    expression->evaluate(row, segments, values);
    EXPECT_DOUBLE_EQ(values[3], one.at_3) << one.text;
  }
}

TEST(Expressions, RefusalsNameTheCharacter) {
  struct Case {
    const char* text;
    const char* hint;
  };
  for (const Case& one : {Case{"k <", "At character 4"},
                          {"k = 3", "At character 3"},
                          {"q + x", "At character 5"},
                          {"1, 2", "At character 2"},
                          {"\"a\"", "At character 1"},
                          {"(q", "At character"},
                          {"", "At character 1"},
                          {"sum(1, 2)", "At character"},
                          {"_pi", "At character"},
                          {"q; k", "At character 2"},
                          {"avg(q)", "At character"},
                          {"q k", "At character"}}) {
    const auto expression = Expression::compile(one.text, "/settings/masks/0/expr");
    ASSERT_FALSE(expression) << one.text;
    EXPECT_EQ(expression.error().place, "/settings/masks/0/expr");
    EXPECT_NE(expression.error().hint.find(one.hint), std::string::npos)
        << one.text << ": " << describe(expression.error());
  }
  EXPECT_FALSE(Expression::compile(std::string(1001, '1'), ""));
  EXPECT_FALSE(Expression::compile(std::string(1000, '('), ""));
  EXPECT_TRUE(Expression::compile(std::string(499, '(') + "1" + std::string(499, ')'), ""));
}

TEST(Expressions, SegmentsAreWantedOnlyWhereTheSequencesHaveThem) {
  Random random(1);
  const Document document = qkv_document(random, {1, 1, 2, 2, 1, 1});
  const Json mask{{"kind", "expression"}, {"expr", "seg_q == seg_k"}};
  EXPECT_THROW(static_cast<void>(equation_of(document, {{"masks", {mask}}})), std::runtime_error);
}

TEST(Dropout, KeepsTheSumOnAverageAndIsTheSameEveryTime) {
  Random random(2);
  const Document document = qkv_document(random, {1, 1, 60, 60, 2, 2});
  const Json settings{{"dropout", {{"p", 0.3}, {"seed", 5}}}};
  const Matrix dropped = stage_of(equation_of(document, settings), Stage::dropped);
  EXPECT_TRUE(same_bits(dropped, stage_of(equation_of(document, settings), Stage::dropped)));
  EXPECT_NEAR(dropped.sum() / 60, 1, 0.05);
  const auto zeros = static_cast<double>((dropped.array() == 0).count());
  EXPECT_NEAR(zeros / 3600, 0.3, 0.03);
}

TEST(Temperature, SoLowThatLogitsOverflowStillTakesTheLargest) {
  const Equation equation = equation_of(document_of_scores({{1, 2, -3e38f}}), {{"temperature", 1e-200}});
  const Band band = equation.band(Stage::weights, 0, {0, 1});
  EXPECT_TRUE(band.allowed.all());
  EXPECT_FALSE(band.values.array().isNaN().any());
  EXPECT_EQ(band.values(0, 0), 0);
  EXPECT_EQ(band.values(0, 1), 1);
  EXPECT_EQ(band.values(0, 2), 0);
  for (const double wrong : {1e-310, 1e300})
    EXPECT_FALSE(check_settings({{"temperature", wrong}}, "")) << wrong;
}

TEST(Biases, MinusInfinityMasksWhateverStandsThere) {
  const float infinity = std::numeric_limits<float>::infinity();
  Document document = document_of_scores({{std::nanf(""), 2}, {3, infinity}});
  document.layers[0].bias = Tensor({2, 2}, {-infinity, 0, 0, -infinity});
  const Matrix weights = stage_of(equation_of(document), Stage::weights);
  EXPECT_EQ(weights(0, 0), 0);
  EXPECT_EQ(weights(0, 1), 1);
  EXPECT_EQ(weights(1, 0), 1);
  EXPECT_EQ(weights(1, 1), 0);
}

TEST(Synthetic, ParametersThatNobodyGivesAreNamed) {
  Random random(6);
  const Document document = qkv_document(random, {2, 1, 3, 4, 2, 2});
  EXPECT_TRUE(equation_of(document).synthetic_parameters().empty());
  const Equation additive = equation_of(document, {{"score", "additive"}});
  EXPECT_EQ(additive.synthetic_parameters(), (std::vector<std::string>{"W_1", "W_2", "v"}));
  const Equation t5 = equation_of(document, {{"bias", {{{"kind", "t5"}}}}});
  EXPECT_EQ(t5.synthetic_parameters(), std::vector<std::string>{"table"});
}

TEST(Scores, ParametersOfTheWrongSizeNameTheSize) {
  Random random(7);
  const Document document = qkv_document(random, {2, 2, 3, 3, 2, 2});
  for (const Json& term :
       {Json{{"kind", "general"}, {"W", {{1, 2, 3}, {4, 5, 6}}}}, Json{{"kind", "additive"}, {"W_1", {1, 2}}},
        Json{{"kind", "additive"}, {"v", {1, 2, 3}}, {"b", {1, 2}}}, Json{{"kind", "gated"}, {"u", {1, 2}}},
        Json{{"kind", "concat"}, {"w", {1, 2, 3}}}, Json{{"kind", "general"}, {"b", {1, 2, 3}}}}) {
    try {
      static_cast<void>(equation_of(document, {{"score", term}}));
      ADD_FAILURE() << term << " is accepted";
    } catch (const std::runtime_error& error) {
      EXPECT_NE(std::string(error.what()).find("/settings/score/"), std::string::npos) << error.what();
    }
  }
}

TEST(Scores, EuclideanOfEqualVectorsIsZeroAndCosineOfParallelOnesIsOne) {
  const Tensor q({1, 1, 2}, {3, 4});
  const Tensor k({1, 3, 2}, {3, 4, 6, 8, 0, 0});
  const Document document = document_of_qkv(q, k, std::nullopt);
  const Matrix far =
      stage_of(equation_of(document, {{"score", {{"kind", "euclidean"}, {"power", 1}}}}), Stage::scores);
  EXPECT_EQ(far(0, 0), 0);
  EXPECT_NEAR(far(0, 1), -5, 1e-12);
  const Matrix angle = stage_of(equation_of(document, {{"score", "cosine"}}), Stage::scores);
  EXPECT_NEAR(angle(0, 0), 1, 1e-15);
  EXPECT_NEAR(angle(0, 1), 1, 1e-15);
  EXPECT_EQ(angle(0, 2), 0) << "a vector of zeros is like nothing";
}

TEST(Contributions, AreTheLengthsOfWhatArrives) {
  const Tensor q({1, 1, 1}, {0});
  const Tensor k({1, 2, 1}, {1, 2});
  const Tensor v({1, 2, 2}, {3, 4, 0, 0});
  const Equation equation = equation_of(document_of_qkv(q, k, v), {{"head_gates", {{"gain", {{"0", -2}}}}}});
  const Matrix parts = stage_of(equation, Stage::contributions);
  EXPECT_NEAR(parts(0, 0), 5, 1e-12);
  EXPECT_EQ(parts(0, 1), 0);
}

}  // namespace
}  // namespace attn::test

// What softmax, temperature and values must do whatever the numbers are (RELIABILITY's "Numbers").
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/support/documents.hpp"

namespace attn::test {
namespace {

using namespace support;
using Json = nlohmann::json;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kHuge = std::numeric_limits<float>::max();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> random_row(Random& random, std::size_t n, double spread) {
  std::vector<float> row(n);
  for (float& x : row) x = static_cast<float>(spread * random.normal());
  return row;
}

Matrix weights_of(const std::vector<std::vector<float>>& scores, const Json& settings = Json::object()) {
  return stage_of(equation_of(document_of_scores(scores), settings), Stage::weights);
}

TEST(Weights, RowsSumToOne) {
  for (const std::size_t n : {1, 2, 3, 7, 64, 1000, 5000}) {
    Random random(n);
    for (const double spread : {0.01, 1.0, 30.0}) {
      const Matrix weights = weights_of({random_row(random, n, spread), random_row(random, n, spread)});
      for (Index i = 0; i < weights.rows(); ++i) {
        const long double sum = std::accumulate(weights.row(i).begin(), weights.row(i).end(), 0.0L);
        const Eigen::RowVectorXf rounded = weights.row(i).cast<float>();
        const long double float_sum = std::accumulate(rounded.begin(), rounded.end(), 0.0L);
        const double sqrt_n = std::sqrt(static_cast<double>(n));
        EXPECT_LE(std::abs(static_cast<double>(sum - 1)), (4 + sqrt_n) * 0x1p-53) << n;
        EXPECT_LE(std::abs(static_cast<double>(float_sum - 1)), 4 * 0x1p-24) << n;
        EXPECT_TRUE((weights.row(i).array() >= 0).all() && (weights.row(i).array() <= 1).all());
      }
    }
  }
}

TEST(Weights, MaskedCellsAreZeroAndWhatStandsThereDoesNotMatter) {
  Random random(1);
  for (const float intruder : {kNan, kHuge, -kHuge, kInfinity, -kInfinity, 0.0f}) {
    std::vector<std::vector<float>> scores, changed;
    for (std::size_t i = 0; i < 5; ++i) {
      scores.push_back(random_row(random, 5, 2));
      changed.push_back(scores.back());
      for (std::size_t j = i + 1; j < 5; ++j) changed[i][j] = intruder;
    }
    const Json causal{{"masks", {{{"kind", "causal"}}}}};
    const Matrix weights = weights_of(scores, causal);
    EXPECT_TRUE(same_bits(weights, weights_of(changed, causal))) << intruder;
    for (Index i = 0; i < 5; ++i) {
      for (Index j = i + 1; j < 5; ++j) EXPECT_TRUE(weights(i, j) == 0 && !std::signbit(weights(i, j)));
    }
  }
}

TEST(Weights, AMaskedKeyTakesNoPartInTheContext) {
  Random random(2);
  const Tensor q = random_tensor(random, {1, 3, 4}), k = random_tensor(random, {1, 3, 4}),
               v = random_tensor(random, {1, 3, 2});
  const auto with_last = [](const Tensor& tensor, float value) {
    std::vector<float> values(tensor.values().begin(), tensor.values().end());
    std::fill(values.end() - static_cast<std::ptrdiff_t>(tensor.from_last(0)), values.end(), value);
    return Tensor(tensor.shape(), values);
  };
  const auto context = [&](const Tensor& keys, const Tensor& values) {
    Document document = document_of_qkv(q, keys, values);
    document.sequences[1].attention_mask = {1, 1, 0};
    return stage_of(equation_of(std::move(document)), Stage::context);
  };
  for (const float intruder : {kNan, kHuge, kInfinity}) {
    EXPECT_TRUE(same_bits(context(k, v), context(with_last(k, intruder), with_last(v, intruder))))
        << intruder;
  }
}

TEST(Weights, ShiftingARowChangesNothing) {
  Random random(3);
  std::vector<float> row(40), shifted(40);
  for (std::size_t j = 0; j < row.size(); ++j) {
    row[j] = static_cast<float>(static_cast<double>(random.below(200)) / 8 - 12);  // sums below are exact
    shifted[j] = row[j] + 1024;
  }
  EXPECT_TRUE(same_bits(weights_of({row}), weights_of({shifted})));
}

TEST(Weights, EqualScoresGetEqualWeightsAndOrderIsKept) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    std::vector<float> row = random_row(random, 12, 2);
    row[3] = row[7];
    const Matrix w = weights_of({row});
    EXPECT_EQ(w(0, 3), w(0, 7));
    for (std::size_t a = 0; a < row.size(); ++a) {
      for (std::size_t b = 0; b < row.size(); ++b) {
        EXPECT_TRUE(row[a] >= row[b] || w(0, static_cast<Index>(a)) <= w(0, static_cast<Index>(b)));
      }
    }
  }
  const Matrix flat = weights_of({std::vector<float>(8, 2.5f)});
  EXPECT_TRUE((flat.array() == 0.125).all());
}

TEST(Weights, HugeScoresGiveNoNan) {
  const Matrix w = weights_of({{kHuge, -kHuge, 0}, {-kHuge, -kHuge, -kHuge}, {kHuge, kHuge, -1}});
  const Matrix expected{{1, 0, 0}, {1.0 / 3, 1.0 / 3, 1.0 / 3}, {0.5, 0.5, 0}};
  EXPECT_TRUE(w.isApprox(expected, 1e-15)) << w;
  const Tensor huge({1, 1, 2}, {kHuge, kHuge});
  const Equation products = equation_of(document_of_qkv(huge, huge, huge));
  EXPECT_EQ(stage_of(products, Stage::weights)(0, 0), 1);
  EXPECT_TRUE(stage_of(products, Stage::context).allFinite());
}

TEST(Weights, OneTokenOfWidthOne) {
  const Equation one =
      equation_of(document_of_qkv(Tensor({1, 1, 1}, {3}), Tensor({1, 1, 1}, {-2}), Tensor({1, 1, 1}, {7})));
  EXPECT_EQ(stage_of(one, Stage::scaled)(0, 0), -6);
  EXPECT_EQ(stage_of(one, Stage::weights)(0, 0), 1);
  EXPECT_EQ(stage_of(one, Stage::output)(0, 0), 7);
}

double entropy(const Eigen::RowVectorXd& row) {
  double sum = 0;
  for (const double w : row) sum -= w > 0 ? w * std::log(w) : 0;
  return sum;
}

TEST(Temperature, NeverLowersTheEntropyWhenItRises) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random(seed);
    const std::vector<float> row = random_row(random, 10, 3);
    double before = -1;
    for (const double temperature : {1e-3, 0.01, 0.1, 0.5, 1.0, 2.0, 10.0, 1e3, 1e6}) {
      const double now = entropy(weights_of({row}, {{"temperature", temperature}}).row(0));
      EXPECT_GE(now, before - 1e-12) << temperature;
      before = now;
    }
    EXPECT_NEAR(before, std::log(10.0), 1e-6) << "very hot is flat";
  }
}

TEST(Temperature, NearZeroOneHotWithTiesShared) {
  for (const double temperature : {1e-6, 1e-30, 1e-200}) {
    const Matrix w = weights_of({{1, 3, 2}, {3, -1, 3}, {-5, -4, -4.5}}, {{"temperature", temperature}});
    EXPECT_EQ(w, (Matrix{{0, 1, 0}, {0.5, 0, 0.5}, {0, 1, 0}})) << temperature;
  }
}

TEST(Context, IsLinearInTheValues) {
  Random random(11);
  const Tensor q = random_tensor(random, {1, 4, 3}), k = random_tensor(random, {1, 6, 3});
  const Tensor a = random_tensor(random, {1, 6, 5}), b = random_tensor(random, {1, 6, 5});
  std::vector<float> sum;
  for (std::size_t i = 0; i < a.size(); ++i) sum.push_back(a.values()[i] + 2 * b.values()[i]);
  const auto context = [&](const Tensor& v) {
    return stage_of(equation_of(document_of_qkv(q, k, v)), Stage::context);
  };
  const Matrix expected = context(a) + 2 * context(b);
  EXPECT_TRUE(context(Tensor(a.shape(), sum)).isApprox(expected, 1e-6));
}

TEST(Context, OfTheIdentityIsTheWeights) {
  Random random(12);
  std::vector<float> identity(36, 0);
  for (std::size_t j = 0; j < 6; ++j) identity[7 * j] = 1;
  const Equation equation =
      equation_of(document_of_qkv(random_tensor(random, {1, 4, 3}), random_tensor(random, {1, 6, 3}),
                                  Tensor({1, 6, 6}, identity)),
                  {{"masks", {{{"kind", "causal"}}}}});
  EXPECT_TRUE(same_bits(stage_of(equation, Stage::context), stage_of(equation, Stage::weights)));
}

}  // namespace
}  // namespace attn::test

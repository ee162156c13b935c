// Against the functions of core/attention, which work in double.
#include "core/kernels/normalizers.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/attention/normalizer.hpp"
#include "tests/core/kernels/every_isa.hpp"
#include "tests/core/kernels/mask_row.hpp"

namespace attn::kernels::test {
namespace {

using support::Random;
using Json = nlohmann::json;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

class Normalizers : public EveryIsa {};
ATTN_ON_EVERY_ISA(Normalizers);

/// A normaliser as the kernels and as the reference have it, and how far apart they may be.
struct Pair {
  NormalizerJob job;
  std::string kind;
  Json parameters;
  double relative = 1e-6;
  double absolute = 0x1p-124;
};

Pair entmax_pair(double alpha) {
  const Pair softmax{{.kind = Normalizer::entmax, .alpha = alpha}, "entmax", {{"alpha", alpha}}};
  return alpha == 1 ? softmax : Pair{softmax.job, softmax.kind, softmax.parameters, 1e-7, 1e-9};
}
Pair top_k_pair(std::size_t k) {
  return {{.kind = Normalizer::top_k, .k = k}, "top_k", {{"k", k}}};
}

std::vector<Pair> pairs_with_sums() {
  std::vector<Pair> all{{{.kind = Normalizer::softmax}, "softmax", {}},
                        {{.kind = Normalizer::double_softmax}, "double_softmax", {}},
                        {{.kind = Normalizer::positive_share}, "relu", {}},
                        {{.kind = Normalizer::positive_share}, "linear", {}}};
  for (const double alpha : {1.0, 1.001, 1.1, 1.5, 1.7, 2.0, 2.5, 4.0}) all.push_back(entmax_pair(alpha));
  for (const std::size_t k : {1, 2, 10, 64, 500, 1000000000}) all.push_back(top_k_pair(k));
  return all;
}

std::vector<Pair> pairs_without_sums() {
  std::vector<Pair> all{{{.kind = Normalizer::softmax, .sink = 0}, "softmax_plus_one", {}},
                        {{.kind = Normalizer::identity}, "identity", {}}};
  for (const double logit : {-1000.0, -3.3, 0.0, 7.7, 90.0, 500000.0}) {
    all.push_back({{.kind = Normalizer::softmax, .sink = logit}, "sink", {{"logits", {logit}}}});
  }
  for (const double bias : {0.0, 0.3, -6.93, 1000.1, -200000.0}) {
    all.push_back({{.kind = Normalizer::sigmoid, .bias = bias}, "sigmoid", {{"bias", bias}}});
  }
  return all;
}

std::vector<Pair> all_pairs() {
  std::vector<Pair> all = pairs_with_sums();
  for (const Pair& pair : pairs_without_sums()) all.push_back(pair);
  return all;
}

struct Weights {
  bool some;
  std::vector<float> row;
};

Weights by_kernel(const NormalizerJob& job, const std::vector<float>& x, const MaskRow& mask) {
  NormalizerScratch scratch(blocks_of(mask.size()));
  std::fill_n(scratch.values.data(), scratch.values.size(), std::numeric_limits<float>::quiet_NaN());
  Weights weights{false, std::vector<float>(mask.size() + 1, 7)};
  const Extent x_extent = extent(x.data(), mask.row());
  EXPECT_TRUE(can_normalize(job, x_extent));
  weights.some = normalize(job, x.data(), x_extent, mask.row(), mask.size(), scratch, weights.row.data());
  EXPECT_EQ(weights.row.back(), 7) << "written beyond the row's end";
  weights.row.pop_back();
  return weights;
}

void expect_weights(const Pair& pair, const std::vector<float>& x, const MaskRow& mask) {
  std::vector<double> expected(mask.size(), -kInfinity);
  for (std::size_t j = 0; j < mask.size(); ++j) {
    if (mask.allows(j)) expected[j] = static_cast<double>(x[j]);
  }
  const bool some = normalizer_named(pair.kind)->normalize(pair.parameters, 0, expected);
  const Weights found = by_kernel(pair.job, x, mask);
  const auto context = [&] {
    return pair.kind + pair.parameters.dump() + ", n = " + std::to_string(mask.size());
  };
  ASSERT_EQ(found.some, some) << context();
  for (std::size_t j = 0; j < mask.size(); ++j) {
    if (!mask.allows(j)) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(found.row[j]), 0U) << context();
    } else {
      ASSERT_NEAR(found.row[j], expected[j], pair.relative * std::abs(expected[j]) + pair.absolute)
          << context() << ": x_" << j << " = " << x[j];
    }
  }
}

std::vector<float> row_of(const MaskRow& mask, const std::function<double()>& number) {
  std::vector<float> row(mask.room(), std::numeric_limits<float>::quiet_NaN());
  for (std::size_t j = 0; j < mask.size(); ++j) {
    if (mask.allows(j)) row[j] = static_cast<float>(number());
  }
  return row;
}

TEST_P(Normalizers, AgreeWithTheReferenceOnRandomRows) {
  Random random(1);
  for (const std::size_t n : {1, 2, 63, 64, 65, 129, 300}) {
    for (const MaskRow& mask : masks_of(n, random)) {
      for (const double spread : {0.01, 1.0, 8.0, 100.0}) {
        const std::vector<float> row = row_of(mask, [&] { return spread * random.normal(); });
        for (const Pair& pair : all_pairs()) expect_weights(pair, row, mask);
      }
    }
  }
}

TEST_P(Normalizers, AgreeWithTheReferenceOnOddRows) {
  Random random(2);
  const MaskRow mask(200, [&](std::size_t j) { return j / kBlock != 1 && j != 3; });
  const std::vector<std::function<double()>> numbers{
      [] { return 3.25; },
      [] { return -3.25; },
      [] { return 0; },
      [&] { return random.chance(0.5) ? 0.0 : -0.0; },
      [&] { return std::floor(3 * random.normal()); },  // ties
      [&] { return random.chance(0.1) ? 1 : -1; },
      [&] { return random.chance(0.5) ? 5e5 : -5e5; },
      [&] { return 400000 + 10 * random.unit(); },
      [&] { return 1e-40 * random.normal(); },
      [&] { return random.chance(0.02) ? 100 * random.unit() : -random.unit(); },
  };
  for (const auto& number : numbers) {
    const std::vector<float> row = row_of(mask, number);
    for (const Pair& pair : all_pairs()) expect_weights(pair, row, mask);
  }
}

TEST_P(Normalizers, WhatSumsNoExponentialsTakesAnyFiniteNumber) {
  Random random(3);
  const MaskRow mask(130, [](std::size_t j) { return j % 7 != 0; });
  for (const double size : {1e30, 3e38, 1e-44}) {
    const std::vector<float> row = row_of(mask, [&] { return size * (2 * random.unit() - 1); });
    for (const Pair& pair : all_pairs()) {
      if (can_normalize(pair.job, {-static_cast<float>(size), static_cast<float>(size), true})) {
        expect_weights(pair, row, mask);
      }
    }
  }
}

TEST_P(Normalizers, RowsSumToOne) {
  Random random(4);
  for (const std::size_t n : {1, 65, 1000}) {
    for (const MaskRow& mask : masks_of(n, random)) {
      std::vector<float> row = row_of(mask, [&] { return 3 * random.normal(); });
      for (float& x : row) {
        if (x < 0 && random.chance(0.1)) x = 5;  // relu's rows must not be empty for want of luck
      }
      for (const Pair& pair : pairs_with_sums()) {
        const Weights weights = by_kernel(pair.job, row, mask);
        double sum = 0;
        for (const float p : weights.row) sum += static_cast<double>(p);
        ASSERT_NEAR(sum, weights.some ? 1 : 0, 4 * 0x1p-24) << pair.kind << pair.parameters << ", n = " << n;
      }
    }
  }
}

TEST_P(Normalizers, TopKKeepsTheLowerKeysOfATie) {
  const MaskRow mask = all_keys(100);
  std::vector<float> row = row_of(mask, [] { return -0.0; });
  for (std::size_t j = 0; j < 100; j += 3) row[j] = 0.0F;
  row[90] = 1;
  const std::vector<float> kept = by_kernel({.kind = Normalizer::top_k, .k = 3}, row, mask).row;
  for (std::size_t j = 0; j < 100; ++j) EXPECT_EQ(kept[j] > 0, j == 0 || j == 1 || j == 90) << j;
}

TEST_P(Normalizers, ACausalRowDoesNotKnowHowLongItsMapIs) {
  Random random(5);
  std::vector<float> row(1024);
  for (float& x : row) x = static_cast<float>(3 * random.normal());
  for (const Pair& pair : all_pairs()) {
    for (const std::size_t last : {0, 62, 63, 64, 200}) {
      const std::vector<float> shortest = by_kernel(pair.job, row, keys_up_to(last, last + 1)).row;
      const std::vector<float> longer = by_kernel(pair.job, row, keys_up_to(last, 1000)).row;
      for (std::size_t j = 0; j <= last; ++j) {
        ASSERT_EQ(std::bit_cast<std::uint32_t>(longer[j]), std::bit_cast<std::uint32_t>(shortest[j]))
            << pair.kind << pair.parameters;
      }
    }
  }
}

TEST(NormalizersServe, OnlyRowsWithinTheirBounds) {
  const Extent ordinary{-5, 5, true};
  const Extent large{-5, 1e6F, true};
  for (const Pair& pair : all_pairs()) {
    EXPECT_TRUE(can_normalize(pair.job, ordinary)) << pair.kind;
    EXPECT_FALSE(can_normalize(pair.job, {-5, 5, false})) << pair.kind;
  }
  EXPECT_FALSE(can_normalize({.kind = Normalizer::softmax}, large));
  EXPECT_FALSE(can_normalize({.kind = Normalizer::softmax}, {-1e6F, 5, true}));
  EXPECT_FALSE(can_normalize({.kind = Normalizer::softmax, .sink = 1e6}, ordinary));
  EXPECT_FALSE(can_normalize({.kind = Normalizer::top_k, .k = 5}, large));
  EXPECT_FALSE(can_normalize({.kind = Normalizer::double_softmax}, large));
  EXPECT_FALSE(can_normalize({.kind = Normalizer::entmax, .alpha = 1}, large));
  EXPECT_FALSE(can_normalize({.kind = Normalizer::entmax, .alpha = 1 + 1e-9}, ordinary));
  EXPECT_FALSE(can_normalize({.kind = Normalizer::sigmoid, .bias = 1e6}, ordinary));
  EXPECT_TRUE(can_normalize({.kind = Normalizer::entmax, .alpha = 1.5}, large));
  EXPECT_TRUE(can_normalize({.kind = Normalizer::sigmoid}, large));
}

}  // namespace
}  // namespace attn::kernels::test

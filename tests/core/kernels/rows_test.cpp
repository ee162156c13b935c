#include "core/kernels/rows.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/core/kernels/every_isa.hpp"
#include "tests/core/kernels/mask_row.hpp"

namespace attn::kernels::test {
namespace {

using support::Random;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr double kUnit = 0x1p-24;

class KernelRows : public EveryIsa {};
ATTN_ON_EVERY_ISA(KernelRows);

// Numbers in the allowed cells, and in the others what must not be looked at.
std::vector<float> row_for(const MaskRow& mask, double spread, Random& random) {
  std::vector<float> row(mask.room());
  for (std::size_t j = 0; j < row.size(); ++j) {
    row[j] = mask.allows(j) ? static_cast<float>(spread * random.normal())
                            : random.one_of(std::vector<float>{kNaN, kInfinity, -kInfinity, 3e38F, -3e38F});
  }
  return row;
}

TEST_P(KernelRows, ExtentIsOfTheAllowedNumbers) {
  Random random(1);
  for (const std::size_t n : kLengths) {
    for (const MaskRow& mask : masks_of(n, random)) {
      for (const double spread : {1.0, 1e-42, 1e30}) {
        const std::vector<float> row = row_for(mask, spread, random);
        float low = kInfinity, high = -kInfinity;
        for (std::size_t j = 0; j < n; ++j) {
          if (!mask.allows(j)) continue;
          low = std::min(low, row[j]);
          high = std::max(high, row[j]);
        }
        const Extent found = extent(row.data(), mask.row());
        ASSERT_EQ(found.min, low) << n;
        ASSERT_EQ(found.max, high) << n;
        ASSERT_TRUE(found.finite) << n;
      }
    }
  }
}

TEST_P(KernelRows, ExtentSaysWhatIsNotFinite) {
  Random random(2);
  for (const std::size_t n : kLengths) {
    for (const MaskRow& mask : masks_of(n, random)) {
      for (const float odd : {kNaN, kInfinity, -kInfinity}) {
        std::vector<float> row = row_for(mask, 1, random);
        const std::size_t j = random.below(n);
        row[j] = odd;
        ASSERT_EQ(extent(row.data(), mask.row()).finite, !mask.allows(j)) << n << ": " << j;
      }
    }
  }
}

TEST_P(KernelRows, ExtentOfNothingIsTurnedAround) {
  const MaskRow none(100, [](std::size_t) { return false; });
  const std::vector<float> row(none.room(), 1);
  const Extent found = extent(row.data(), none.row());
  EXPECT_GT(found.min, found.max);
  EXPECT_TRUE(found.finite);
}

struct Judged {
  double value, bound;
};

// rows.hpp, in double.
Judged judge(const LogitTerms& terms, float x, std::size_t j) {
  const double away = static_cast<double>(j) - terms.query;
  const double bias = terms.bias != nullptr ? terms.bias[j]
                      : terms.symmetric     ? -terms.slope * std::abs(away)
                                            : terms.slope * away;
  const double product = static_cast<double>(x) * terms.scale;
  const auto capped = [&](double v) { return terms.cap == 0 ? v : terms.cap * std::tanh(v / terms.cap); };
  const double v = terms.cap_after_bias ? capped(product + bias) : capped(product) + bias;
  return {
      v * terms.factor,
      (4 * kUnit * (std::abs(product) + std::abs(bias)) + 3e-7 * terms.cap) * std::abs(terms.factor) + 1e-44};
}

void expect_logits(const LogitTerms& terms, const MaskRow& mask, Random& random) {
  std::vector<float> row = row_for(mask, 10, random);
  std::vector<float> out(mask.room(), 7);
  logits(row.data(), terms, mask.row(), out.data());
  for (std::size_t j = 0; j < mask.room(); ++j) {
    if (mask.skips(j)) {
      ASSERT_EQ(out[j], 7) << "a skipped block was written";
    } else if (mask.allows(j)) {
      const Judged expected = judge(terms, row[j], j);
      ASSERT_NEAR(out[j], expected.value, expected.bound) << j;
    }
  }
  // In place, the same bits.
  logits(row.data(), terms, mask.row(), row.data());
  for (std::size_t j = 0; j < mask.size(); ++j) {
    if (mask.allows(j)) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(row[j]), std::bit_cast<std::uint32_t>(out[j]));
    }
  }
}

TEST_P(KernelRows, LogitsOfEveryCombinationOfTerms) {
  Random random(3);
  for (const std::size_t n : {1, 64, 65, 1000}) {
    std::vector<float> bias(blocks_of(n) * kBlock);
    for (float& b : bias) b = static_cast<float>(5 * random.normal());
    for (const float cap : {0.0F, 0.5F, 30.0F}) {
      for (const bool cap_after_bias : {false, true}) {
        for (const int biased : {0, 1, 2, 3}) {
          LogitTerms terms{.scale = random.chance(0.3) ? 1 : static_cast<float>(random.normal()),
                           .cap = cap,
                           .cap_after_bias = cap_after_bias,
                           .bias = biased == 1 ? bias.data() : nullptr,
                           .factor = random.chance(0.3) ? 1 : static_cast<float>(3 * random.unit())};
          if (biased >= 2) {
            terms.slope = static_cast<float>(random.normal());
            terms.query = static_cast<float>(random.below(n));
            terms.symmetric = biased == 3;
          }
          for (const MaskRow& mask : masks_of(n, random)) expect_logits(terms, mask, random);
        }
      }
    }
  }
}

TEST_P(KernelRows, EachTermMatters) {
  const MaskRow mask = all_keys(64);
  const std::vector<float> row(64, 2), bias(64, 3);
  const auto first = [&](const LogitTerms& terms) {
    std::vector<float> out(64);
    logits(row.data(), terms, mask.row(), out.data());
    return out[5];
  };
  EXPECT_EQ(first({}), 2);
  EXPECT_EQ(first({.scale = 4}), 8);
  EXPECT_EQ(first({.bias = bias.data()}), 5);
  EXPECT_EQ(first({.slope = 2, .query = 7}), -2);
  EXPECT_EQ(first({.slope = 2, .query = 3}), 6);
  EXPECT_EQ(first({.slope = 2, .query = 3, .symmetric = true}), -2);
  EXPECT_EQ(first({.factor = 0.5}), 1);
  EXPECT_NEAR(first({.cap = 1, .bias = bias.data()}), std::tanh(2.0) + 3, 1e-6);
  EXPECT_NEAR(first({.cap = 1, .cap_after_bias = true, .bias = bias.data()}), std::tanh(5.0), 1e-6);
}

TEST_P(KernelRows, ScaleMultipliesAndSkippedBlocksAreZero) {
  Random random(4);
  for (const std::size_t n : kLengths) {
    for (const MaskRow& mask : masks_of(n, random)) {
      std::vector<float> row(mask.room(), kNaN);
      for (std::size_t j = 0; j < n; ++j) {
        if (!mask.skips(j)) row[j] = mask.allows(j) ? static_cast<float>(random.unit()) : 0;
      }
      // Rows of a map of any width begin anywhere.
      for (const std::size_t offset : {0, 1, 5}) {
        Buffer<float> room(n + offset + 1);
        std::fill_n(room.data(), room.size(), 7.0F);
        float* out = room.data() + offset;
        scale(row.data(), 0.3F, mask.row(), n, out);
        for (std::size_t j = 0; j < n; ++j) {
          ASSERT_EQ(std::bit_cast<std::uint32_t>(out[j]),
                    std::bit_cast<std::uint32_t>(mask.allows(j) ? 0.3F * row[j] : 0.0F))
              << n << ": " << j;
        }
        ASSERT_EQ(out[n], 7) << "written beyond the row's end";
        ASSERT_TRUE(offset == 0 || out[-1] == 7) << "written before its start";
      }
    }
  }
}

}  // namespace
}  // namespace attn::kernels::test

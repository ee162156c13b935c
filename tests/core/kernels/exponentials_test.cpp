// e^x and softmax put together from it.
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "core/kernels/rows.hpp"
#include "tests/core/kernels/every_isa.hpp"
#include "tests/core/kernels/mask_row.hpp"

namespace attn::kernels::test {
namespace {

using support::Random;
// Below this e^x is 0.
const double kSmallest = std::exp2(-125.5);

class Exponentials : public EveryIsa {};
ATTN_ON_EVERY_ISA(Exponentials);

Exponent exponent_for(double factor, const Extent& x) {
  const double t = factor * std::numbers::log2e * static_cast<double>(factor < 0 ? x.min : x.max);
  return {factor, static_cast<float>(std::nearbyint(t))};
}

std::vector<float> poisoned(const MaskRow& mask) {
  return std::vector<float>(mask.room(), std::numeric_limits<float>::quiet_NaN());
}

// Judges every cell and the sum.
void expect_exponentials(const std::vector<float>& row, const Exponent& exponent, const MaskRow& mask) {
  std::vector<float> out(mask.room(), 7);
  const double sum = exponentials(row.data(), exponent, mask.row(), out.data());
  double expected_sum = 0;
  for (std::size_t j = 0; j < mask.room(); ++j) {
    if (mask.skips(j)) {
      ASSERT_EQ(out[j], 7) << "a skipped block was written";
      continue;
    }
    if (!mask.allows(j)) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(out[j]), 0U) << j;
      continue;
    }
    const long double t = static_cast<long double>(exponent.factor) * std::numbers::log2e_v<long double> *
                              static_cast<long double>(row[j]) -
                          static_cast<long double>(exponent.shift);
    const auto expected = static_cast<double>(std::exp2(t));
    expected_sum += expected;
    if (expected > kSmallest * 1.00001) {
      ASSERT_NEAR(out[j] / expected, 1, 3e-7)
          << j << ": x = " << row[j] << ", t = " << static_cast<double>(t);
    } else if (expected < kSmallest * 0.99999) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(out[j]), 0U) << j << ": t = " << static_cast<double>(t);
    }
  }
  ASSERT_NEAR(sum / expected_sum, 1, 4e-7);
}

TEST_P(Exponentials, NearEverywhereUnderEveryMask) {
  Random random(1);
  for (const std::size_t n : kLengths) {
    for (const MaskRow& mask : masks_of(n, random)) {
      for (const double spread : {1e-3, 1.0, 20.0, 200.0, 1e5}) {
        std::vector<float> row = poisoned(mask);
        for (std::size_t j = 0; j < n; ++j) {
          if (mask.allows(j)) row[j] = static_cast<float>(spread * random.normal());
        }
        for (const double factor : {1.0, 0.125, 0.7071067811865476, -0.3}) {
          expect_exponentials(row, exponent_for(factor, extent(row.data(), mask.row())), mask);
        }
      }
    }
  }
}

// Rows whose largest t is anywhere up to 2²⁰, with cells all the way down to where the result is 0.
TEST_P(Exponentials, NearTheTopOfLargeNumbersToo) {
  Random random(2);
  const MaskRow mask = all_keys(200);
  for (int draw = 0; draw < 400; ++draw) {
    const double top = std::exp2(20 * random.unit()) * (random.chance(0.5) ? 1 : -1);
    const double factor = std::exp2(40 * random.unit() - 20) * (random.chance(0.2) ? -1 : 1);
    std::vector<float> row = poisoned(mask);
    for (std::size_t j = 0; j < mask.size(); ++j) {
      const double t = top - (random.chance(0.2) ? 0.5 : 130) * random.unit();
      row[j] = static_cast<float>(std::clamp(t, -0x1p20, 0x1p20) / (factor * std::numbers::log2e));
    }
    expect_exponentials(row, exponent_for(factor, extent(row.data(), mask.row())), mask);
  }
}

TEST_P(Exponentials, TinyResultsAreZero) {
  const MaskRow mask = all_keys(4096);
  std::vector<float> row(mask.room());
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = -86 - static_cast<float>(j) / 512;
  row[0] = 0;
  expect_exponentials(row, {1, 0}, mask);
}

// As the engine does it.
std::vector<float> softmax(const std::vector<float>& row, double factor, const MaskRow& mask) {
  std::vector<float> work = row;
  const double sum = exponentials(work.data(), exponent_for(factor, extent(work.data(), mask.row())),
                                  mask.row(), work.data());
  std::vector<float> out(mask.size());
  scale(work.data(), static_cast<float>(1 / sum), mask.row(), mask.size(), out.data());
  return out;
}

void expect_softmax(const std::vector<float>& row, double factor, const MaskRow& mask) {
  const std::vector<float> found = softmax(row, factor, mask);
  double top = -std::numeric_limits<double>::infinity(), sum = 0, found_sum = 0;
  for (std::size_t j = 0; j < mask.size(); ++j) {
    if (mask.allows(j)) top = std::max(top, factor * static_cast<double>(row[j]));
  }
  const auto share = [&](std::size_t j) { return std::exp(factor * static_cast<double>(row[j]) - top); };
  for (std::size_t j = 0; j < mask.size(); ++j) sum += mask.allows(j) ? share(j) : 0;
  for (std::size_t j = 0; j < mask.size(); ++j) {
    found_sum += static_cast<double>(found[j]);
    if (!mask.allows(j)) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(found[j]), 0U) << j;
      continue;
    }
    const double expected = share(j) / sum;
    // What is too small for a normal number may be 0: e^x is, and so is what the sum makes of it.
    const double floor = kSmallest * 2;
    ASSERT_NEAR(found[j], expected, expected > floor ? 2e-6 * expected : floor) << j << ": x = " << row[j];
  }
  ASSERT_NEAR(found_sum, 1, 4 * 0x1p-24);
}

TEST_P(Exponentials, SoftmaxOfRandomAndAdversarialRows) {
  Random random(3);
  for (const std::size_t n : kLengths) {
    for (const MaskRow& mask : masks_of(n, random)) {
      const auto row_of = [&](auto number) {
        std::vector<float> row = poisoned(mask);
        for (std::size_t j = 0; j < n; ++j) {
          if (mask.allows(j)) row[j] = static_cast<float>(number());
        }
        return row;
      };
      expect_softmax(row_of([&] { return random.normal(); }), 1, mask);
      expect_softmax(row_of([&] { return 8 * random.normal(); }), 0.125, mask);
      expect_softmax(row_of([&] { return 1e5 * random.normal(); }), 1, mask);
      expect_softmax(row_of([] { return 12345.678; }), 1, mask);
      expect_softmax(row_of([] { return 0; }), 1, mask);
      expect_softmax(row_of([] { return 1e30; }), 1e-25, mask);
      expect_softmax(row_of([&] { return random.chance(0.5) ? 1e30 : -1e30; }), 1e-25, mask);
      expect_softmax(row_of([&] { return random.chance(0.5) ? 1e30 : -1e30; }), 1e-30, mask);
      expect_softmax(row_of([&] { return 1e-40 * random.normal(); }), 1, mask);
      expect_softmax(row_of([&] { return 1e-40 * random.normal(); }), 1e35, mask);
      expect_softmax(row_of([&] { return random.chance(0.05) ? 0 : -5e5 * random.unit(); }), 1, mask);
      expect_softmax(row_of([&] { return 500000 + random.unit(); }), 1, mask);
    }
  }
}

TEST_P(Exponentials, ACausalRowDoesNotKnowHowLongItsMapIs) {
  Random random(4);
  constexpr std::size_t kLongest = 1000;
  std::vector<float> row(blocks_of(kLongest) * kBlock);
  for (float& x : row) x = static_cast<float>(3 * random.normal());
  for (const std::size_t last : {0, 1, 62, 63, 64, 100, 127, 128, 500}) {
    const std::vector<float> shortest = softmax(row, 0.125, keys_up_to(last, last + 1));
    for (const std::size_t n : {last + 2, last + 64, kLongest}) {
      const std::vector<float> longer = softmax(row, 0.125, keys_up_to(last, n));
      for (std::size_t j = 0; j < n; ++j) {
        ASSERT_EQ(std::bit_cast<std::uint32_t>(longer[j]),
                  j <= last ? std::bit_cast<std::uint32_t>(shortest[j]) : 0U)
            << last << ", " << n << ": " << j;
      }
    }
  }
}

}  // namespace
}  // namespace attn::kernels::test

#include "core/base/random.hpp"

#include <set>

#include <gtest/gtest.h>

namespace attn::test {
namespace {

// FORMAT.md §5, once more, step by step.
std::uint64_t mix_by_hand(std::uint64_t x) {
  x = x + 11400714819323198485u;
  std::uint64_t y = x ^ (x / (std::uint64_t{1} << 30));
  y = y * 13787848793156543929u;
  y = y ^ (y / (std::uint64_t{1} << 27));
  y = y * 10723151780598845931u;
  return y ^ (y / (std::uint64_t{1} << 31));
}

TEST(Random, MixIsSplitMix64) {
  // The generator seeded with 0 and with 1234567, as its authors' code prints it.
  EXPECT_EQ(mix(0), 0xe220a8397b1dcdafu);
  EXPECT_EQ(mix(0x9e3779b97f4a7c15u), 0x6e789e6aa1b965f4u);
  EXPECT_EQ(mix(0x3c6ef372fe94f82au), 0x06c45d188009454fu);
  EXPECT_EQ(mix(1234567), 6457827717110365317u);
  EXPECT_EQ(mix(1234567 + 0x9e3779b97f4a7c15u), 3203168211198807973u);
  for (std::uint64_t x = 0, step = 1; x < 1000; ++x, step = step * 3 + x)
    EXPECT_EQ(mix(step), mix_by_hand(step));
}

TEST(Random, UniformIsInTheUnitIntervalAndEven) {
  double sum = 0;
  std::set<double> seen;
  constexpr int kCount = 100000;
  for (int i = 0; i < kCount; ++i) {
    const double u = uniform(7, i);
    ASSERT_TRUE(u >= 0 && u < 1);
    sum += u;
    seen.insert(u);
  }
  EXPECT_NEAR(sum / kCount, 0.5, 0.005);
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(kCount));
}

TEST(Random, UniformChainsItsArguments) {
  const auto unit = [](std::uint64_t z) { return static_cast<double>(z >> 11) * 0x1p-53; };
  EXPECT_EQ(uniform(5), unit(mix(5)));
  EXPECT_EQ(uniform(5, 6), unit(mix(mix(5) ^ 6)));
  EXPECT_EQ(uniform(5, 6, 7), unit(mix(mix(mix(5) ^ 6) ^ 7)));
  EXPECT_NE(uniform(5, 6), uniform(6, 5));
}

TEST(Random, Fnv1aKnownAnswers) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325u);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8u);
  EXPECT_EQ(fnv1a("bar", fnv1a("foo")), fnv1a("foobar")) << "it goes on where it stopped";
  EXPECT_NE(fnv1a("\xff"), fnv1a("\x7f"));
}

}  // namespace
}  // namespace attn::test

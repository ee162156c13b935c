#include "core/base/sum.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace attn::test {
namespace {

TEST(Dot, IsWithinItsBoundOfTheExactSum) {
  support::Random random(1);
  for (std::size_t n = 0; n < 200; ++n) {
    std::vector<double> a(n), b(n);
    long double exact = 0, magnitude = 0;
    for (std::size_t i = 0; i < n; ++i) {
      a[i] = random.normal();
      b[i] = random.normal() * (random.chance(0.1) ? 1e6 : 1);
      exact += static_cast<long double>(a[i]) * b[i];
      magnitude += std::abs(static_cast<long double>(a[i]) * b[i]);
    }
    const long double bound = (static_cast<long double>(n) / 8 + 3 + 1) * 0x1p-53L * magnitude;
    EXPECT_LE(std::abs(dot(a.data(), b.data(), n) - exact), bound) << n;
  }
}

TEST(Dot, IsTheSameWhereverTheRowStands) {
  support::Random random(2);
  std::vector<double> a(40), b(40);
  for (double& x : a) x = random.normal();
  for (double& x : b) x = random.normal();
  for (std::size_t n : {1, 7, 8, 9, 17}) {
    const std::vector<double> c(a.begin() + 3, a.end()), d(b.begin() + 3, b.end());
    EXPECT_EQ(dot(a.data() + 3, b.data() + 3, n), dot(c.data(), d.data(), n));
  }
}

}  // namespace
}  // namespace attn::test

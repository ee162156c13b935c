#include "core/document/synthetic.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace attn {
namespace {

TEST(Synthetic, FollowsTheFormula) {
  const Tensor tensor = synthetic_embeddings({"cat", "猫", "cat"});
  ASSERT_EQ(tensor.shape(), (std::vector<std::size_t>{3, 64}));
  const std::vector<std::string> tokens = {"cat", "猫", "cat"};
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    for (std::size_t c = 0; c < 64; ++c) {
      double sum = -6;
      for (unsigned t = 0; t < 12; ++t) sum += uniform(0, fnv1a(tokens[i]), c, t);
      EXPECT_NEAR(tensor.values()[i * 64 + c], sum, 1e-6);
    }
  }
}

TEST(Synthetic, EqualTokensHaveEqualRowsAndOthersDiffer) {
  const Tensor tensor = synthetic_embeddings({"a", "b", "a"});
  const auto values = tensor.values();
  EXPECT_TRUE(std::equal(values.begin(), values.begin() + 64, values.begin() + 128));
  EXPECT_FALSE(std::equal(values.begin(), values.begin() + 64, values.begin() + 64));
}

TEST(Synthetic, IsNearlyAStandardNormal) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 500; ++i) tokens.push_back(std::to_string(i));
  const Tensor tensor = synthetic_embeddings(tokens);
  double sum = 0, squares = 0;
  for (const float x : tensor.values()) {
    sum += static_cast<double>(x);
    squares += static_cast<double>(x) * static_cast<double>(x);
  }
  const auto n = static_cast<double>(tensor.size());
  EXPECT_NEAR(sum / n, 0, 0.03);
  EXPECT_NEAR(squares / n, 1, 0.03);
}

}  // namespace
}  // namespace attn

#include "core/figure/numbers/json_writer.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/random.hpp"

namespace attn {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::string json(const std::vector<std::size_t>& shape, const std::vector<float>& values) {
  return json_text(shape, std::span<const float>(values));
}

TEST(JsonWriter, NestsAsTheShapeSays) {
  EXPECT_EQ(json({2, 2}, {1, 2, 3, 4}), "[[1, 2],\n[3, 4]]\n");
  EXPECT_EQ(json({2, 1, 2}, {1, 2, 3, 4}), "[[[1, 2]],\n[[3, 4]]]\n");
  EXPECT_EQ(json({}, {1.5f}), "1.5\n");
  EXPECT_EQ(json({2, 0}, {}), "[[],\n[]]\n");
  EXPECT_EQ(json({0, 2}, {}), "[]\n");
}

TEST(JsonWriter, SaysWhatIsNoNumber) {
  EXPECT_EQ(json({4}, {-kInf, kInf, kNan, -kNan}), "[null, \"Infinity\", \"NaN\", \"NaN\"]\n");
  const std::array<bool, 2> mask{true, false};
  const std::array<std::size_t, 1> shape{2};
  EXPECT_EQ(json_text(shape, std::span<const bool>(mask)), "[true, false]\n");
}

TEST(JsonWriter, EveryFloatReadsBackBitForBit) {
  std::vector<float> values{0.0f, -0.0f, 1e-45f, 3.4028235e38f, 0.1f, 16777216.0f};
  for (std::uint64_t i = 0; values.size() < 4000; ++i) {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(mix(i)));
    if (std::isfinite(value)) values.push_back(value);
  }
  const auto read = nlohmann::json::parse(json({values.size()}, values));
  ASSERT_EQ(read.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto back = static_cast<float>(read[i].get<double>());
    EXPECT_EQ(std::bit_cast<std::uint32_t>(back), std::bit_cast<std::uint32_t>(values[i])) << values[i];
  }
}

}  // namespace
}  // namespace attn

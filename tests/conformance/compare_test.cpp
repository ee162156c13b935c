// The comparison behind the reference cases can fail, in each way that counts.
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/npy.hpp"

namespace attn::support {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Npy floats(std::vector<double> values) {
  return {"<f4", {values.size()}, values};
}

struct Pair {
  const char* what;
  Npy actual, expected;
  bool agree;
};

TEST(Compare, SaysWhatDiffers) {
  const std::vector<Pair> pairs{
      {"equal", floats({1, kNan, kInfinity}), floats({1, kNan, kInfinity}), true},
      {"within atol", floats({1.0009}), floats({1}), true},
      {"within rtol", floats({1000.9}), floats({1000}), true},
      {"outside", floats({1.0021}), floats({1}), false},
      {"NaN for a number", floats({kNan}), floats({1}), false},
      {"a number for NaN", floats({1}), floats({kNan}), false},
      {"a number for infinity", floats({3e38}), floats({kInfinity}), false},
      {"the other infinity", floats({-kInfinity}), floats({kInfinity}), false},
      {"shape", {"<f4", {1, 2}, {1, 2}}, {"<f4", {2, 1}, {1, 2}}, false},
      {"dtype", {"<f8", {1}, {1}}, {"<f4", {1}, {1}}, false},
      {"bool is exact", {"|b1", {1}, {1}}, {"|b1", {1}, {0}}, false},
  };
  for (const Pair& pair : pairs) {
    EXPECT_EQ(compare(pair.actual, pair.expected, 1e-3, 1e-3).words.empty(), pair.agree) << pair.what;
  }
  EXPECT_DOUBLE_EQ(compare(floats({1.25, 2}), floats({1, 2}), 1, 0).worst, 0.25);
}

TEST(Npy, ReadsOnlyWhatItIs) {
  std::string dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }";
  dict.append(64 - 10 - dict.size() % 64 + 64, ' ');
  const std::string numbers("\0\0\x80\x3f\0\0\0\xc0", 8);
  const auto with = [&](const std::string& head, const std::string& data) {
    return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(head.size()) + '\0' + head + data;
  };
  const auto array = parse_npy(with(dict, numbers));
  ASSERT_TRUE(array);
  EXPECT_EQ(array->shape, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(array->values, (std::vector<double>{1, -2}));
  EXPECT_FALSE(parse_npy(with(dict, numbers.substr(1)))) << "too short";
  EXPECT_FALSE(parse_npy(with(dict, numbers + "x"))) << "too long";
  std::string turned = dict;
  turned.replace(turned.find("False"), 5, "True ");
  EXPECT_FALSE(parse_npy(with(turned, numbers))) << "Fortran order";
  EXPECT_FALSE(parse_npy("PK")) << "another format";
}

}  // namespace
}  // namespace attn::support

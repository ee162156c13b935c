#include "core/figure/numbers/csv_writer.hpp"

#include <array>
#include <limits>
#include <locale>
#include <vector>

#include <gtest/gtest.h>

namespace attn {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::string csv(const std::vector<std::size_t>& shape, const std::vector<float>& values) {
  return csv_text(shape, std::span<const float>(values));
}

TEST(CsvWriter, LeadsWithTheIndicesOfTheOuterAxes) {
  EXPECT_EQ(csv({2, 2}, {1, 2, 3, 4}), "row,c0,c1\n0,1,2\n1,3,4\n");
  EXPECT_EQ(csv({2, 1, 3}, {1, 2, 3, 4, 5, 6}), "head,row,c0,c1,c2\n0,0,1,2,3\n1,0,4,5,6\n");
  EXPECT_EQ(csv({2, 1, 2, 1}, {1, 2, 3, 4}), "layer,head,row,c0\n0,0,0,1\n0,0,1,2\n1,0,0,3\n1,0,1,4\n");
  EXPECT_EQ(csv({3}, {1, 2, 3}), "c0,c1,c2\n1,2,3\n");
  EXPECT_EQ(csv({0, 2}, {}), "row,c0,c1\n");
}

TEST(CsvWriter, NumbersAreTheShortestThatReadBack) {
  EXPECT_EQ(csv({1, 3}, {0.1f, 1e-30f, -0.0f}), "row,c0,c1,c2\n0,0.1,1e-30,-0\n");
  EXPECT_EQ(csv({1, 4}, {kNan, -kNan, kInf, -kInf}), "row,c0,c1,c2,c3\n0,nan,nan,inf,-inf\n");
  const std::array<double, 1> tenth{0.1};
  const std::array<std::size_t, 2> shape{1, 1};
  EXPECT_EQ(csv_text(shape, std::span<const double>(tenth)), "row,c0\n0,0.1\n");
  const std::array<bool, 1> yes{true};
  EXPECT_EQ(csv_text(shape, std::span<const bool>(yes)), "row,c0\n0,1\n");
}

struct CommaPoint : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(CsvWriter, TheLocaleDoesNotMatter) {
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new CommaPoint));
  const std::string text = csv({1, 2}, {1234567.0f, 0.5f});
  std::locale::global(before);
  EXPECT_EQ(text, "row,c0,c1\n0,1234567,0.5\n");
}

}  // namespace
}  // namespace attn

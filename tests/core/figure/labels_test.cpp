#include "core/figure/labels.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/figure/text.hpp"

namespace attn {
namespace {

std::vector<std::string> texts(double lo, double hi, int most) {
  std::vector<std::string> result;
  for (const Tick& tick : ticks(lo, hi, most)) result.push_back(tick.text);
  return result;
}

using Texts = std::vector<std::string>;

TEST(LabelStep, IsTheLeastRoundStepThatLeavesRoom) {
  EXPECT_EQ(label_step(20, 15), 1);
  EXPECT_EQ(label_step(15, 15), 1);
  EXPECT_EQ(label_step(14, 15), 2);
  EXPECT_EQ(label_step(3, 15), 5);
  EXPECT_EQ(label_step(2, 15), 10);
  EXPECT_EQ(label_step(1, 15), 20);
  EXPECT_EQ(label_step(0.01, 15), 2000);
  for (double pitch = 0.01; pitch < 60; pitch *= 1.3) {
    const Index step = label_step(pitch, 15);
    EXPECT_GE(static_cast<double>(step) * pitch, 15);
    EXPECT_TRUE(step == 1 || static_cast<double>(step) * pitch / 2.5 < 15);
  }
  EXPECT_GT(label_step(0, 15), 0) << "ends";
}

TEST(Presentable, ShowsWhatCannotBeSeen) {
  EXPECT_EQ(presentable("fox"), "fox");
  EXPECT_EQ(presentable(" the"), " the");
  EXPECT_EQ(presentable("\n"), "\\n");
  EXPECT_EQ(presentable("  "), "␣␣");
  EXPECT_EQ(presentable(""), "∅");
  EXPECT_EQ(presentable("\u202E"), "\\u202e");
}

TEST(WidestLabels, HoldTheWidestWhateverItsLetters) {
  std::vector<std::string> tokens(1000, "it");
  tokens[17] = "WWWWWW";
  tokens[400] = "illlllilllill";
  tokens[600] = "猫猫猫猫猫猫";
  TextRenderer text;
  const std::vector<Index> widest = widest_labels(tokens, 8);
  EXPECT_EQ(widest.size(), 8u);
  double most = 0, of_all = 0;
  for (const Index i : widest)
    most = std::max(most, text.measure(tokens[static_cast<std::size_t>(i)], {}).width);
  for (const std::string& token : tokens) of_all = std::max(of_all, text.measure(token, {}).width);
  EXPECT_EQ(most, of_all);
  EXPECT_EQ(std::ranges::count(widest, 999), 1) << "the last one";
  EXPECT_EQ(widest_labels({"a"}, 8), std::vector<Index>{0});
  EXPECT_TRUE(widest_labels({}, 8).empty());
}

TEST(Ticks, AreRoundRisingAndWithinTheScale) {
  for (const double lo : {0.0, -1.0, -7.3, 1000.001, -4e37}) {
    for (const double span : {1e-6, 0.33, 1.0, 12.4, 1e5, 4e37}) {
      for (int most = 1; most <= 8; ++most) {
        const auto result = ticks(lo, lo + span, most);
        ASSERT_FALSE(result.empty()) << lo << ' ' << span << ' ' << most;
        ASSERT_LE(static_cast<int>(result.size()), std::max(3, most + 1));
        for (std::size_t i = 0; i < result.size(); ++i) {
          EXPECT_GE(result[i].value, lo);
          EXPECT_LE(result[i].value, lo + span);
          if (i == 0) continue;
          EXPECT_LT(result[i - 1].value, result[i].value);
          EXPECT_NE(result[i - 1].text, result[i].text) << lo << ' ' << span;
        }
      }
    }
  }
}

TEST(Ticks, AreWrittenAsPeopleWriteThem) {
  EXPECT_EQ(texts(0, 1, 5), (Texts{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(texts(0, 1, 4), (Texts{"0.00", "0.25", "0.50", "0.75", "1.00"}));
  EXPECT_EQ(texts(-3, 3, 3), (Texts{"−2", "0", "2"}));
  EXPECT_EQ(texts(0, 0.0125, 3), (Texts{"0.000", "0.005", "0.010"}));
  EXPECT_EQ(texts(0, 40, 4), (Texts{"0", "10", "20", "30", "40"}));
  EXPECT_EQ(texts(-5e-7, 5e-7, 2), (Texts{"−5×10⁻⁷", "0", "5×10⁻⁷"}));
  EXPECT_EQ(texts(0, 2e8, 2), (Texts{"0", "1×10⁸", "2×10⁸"}));
}

}  // namespace
}  // namespace attn

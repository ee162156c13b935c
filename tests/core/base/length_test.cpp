#include "core/base/length.hpp"

#include <regex>

#include <gtest/gtest.h>

namespace attn {
namespace {

TEST(Length, IsReadWithItsUnitAndWrittenBack) {
  for (const char* text : {"8.5cm", "3.3in", "900px", "0.5mm", "12pt"}) {
    const auto length = length_from(text);
    ASSERT_TRUE(length) << text;
    EXPECT_EQ(to_text(*length), text);
    EXPECT_TRUE(std::regex_match(text, std::regex(length_pattern()))) << text;
  }
  EXPECT_EQ(length_from("900"), length_from("900 px"));
}

TEST(Length, IsReadBackHoweverSmallOrLarge) {
  for (const double number : {1e-5, 4.9e-324, 1.0 / 3, 2.2250738585072014e-308, 1e22, 1.7e308}) {
    const Length length{number, length_from("1cm")->unit};
    EXPECT_EQ(length_from(to_text(length)), length) << to_text(length);
  }
  EXPECT_EQ(to_text({1e-5, "cm"}), "0.00001cm");
}

TEST(Length, InPixels) {
  EXPECT_DOUBLE_EQ(pixels(*length_from("2.54cm"), 300), 300);
  EXPECT_DOUBLE_EQ(pixels(*length_from("25.4mm"), 300), 300);
  EXPECT_DOUBLE_EQ(pixels(*length_from("72pt"), 300), 300);
  EXPECT_DOUBLE_EQ(pixels(*length_from("2in"), 300), 600);
  EXPECT_DOUBLE_EQ(pixels(*length_from("900px"), 300), 900);
}

TEST(Length, WhatIsNoLengthIsNone) {
  for (const char* text :
       {"", "cm", "-3cm", "8.5 furlongs", "1e3px", "inf", "nan", "8.5cm wide", "8,5cm", "."}) {
    EXPECT_FALSE(length_from(text)) << text;
    EXPECT_FALSE(std::regex_match(text, std::regex(length_pattern()))) << text;
  }
}

}  // namespace
}  // namespace attn

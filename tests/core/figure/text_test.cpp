#include "core/figure/text.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "core/base/text.hpp"

namespace attn {
namespace {

const std::vector<std::string> kScripts{"fox",  "naïve", "注意力", "東京",    "한국어", "مرحبا",
                                        "שלום", "हिन्दी", "ไทย",    "e\u0301", "🎉",      "👩🏽‍🚀",
                                        "\n",   "",      " "};

bool has_ink(const TextBitmap& bitmap) {
  return std::any_of(bitmap.rgba.begin(), bitmap.rgba.end(), [](std::uint8_t byte) { return byte != 0; });
}

bool has_color(const TextBitmap& bitmap) {
  for (std::size_t i = 0; i < bitmap.rgba.size(); i += 4) {
    if (std::abs(bitmap.rgba[i] - bitmap.rgba[i + 2]) > 40) return true;
  }
  return false;
}

// Nothing touches the outermost pixels: the whole ink is in the bitmap.
bool has_clear_edge(const TextBitmap& bitmap) {
  for (int y = 0; y < bitmap.height; ++y) {
    for (int x = 0; x < bitmap.width; ++x) {
      const bool edge = x == 0 || y == 0 || x + 1 == bitmap.width || y + 1 == bitmap.height;
      if (edge && bitmap.rgba[static_cast<std::size_t>((y * bitmap.width + x) * 4 + 3)] != 0) return false;
    }
  }
  return true;
}

TEST(TextRenderer, MeasuresEveryScript) {
  TextRenderer text;
  for (const std::string& token : kScripts) {
    const TextSize size = text.measure(token, {});
    EXPECT_EQ(size.width > 0, !token.empty()) << token;
    EXPECT_GT(size.ascent, 0) << token;
    EXPECT_LT(size.ascent + size.descent, 2.5 * 14) << token;
  }
}

TEST(TextRenderer, WidthGrowsWithTheSize) {
  TextRenderer text;
  TextStyle small, large;
  large.size_px = 2 * small.size_px;
  EXPECT_NEAR(text.measure("attention", large).width, 2 * text.measure("attention", small).width, 0.1);
  TextStyle bold;
  bold.weight = 700;
  EXPECT_GT(text.measure("attention", bold).width, text.measure("attention", small).width);
}

TEST(TextRenderer, TabularDigitsHaveOneWidth) {
  TextRenderer text;
  TextStyle style;
  style.tabular = true;
  EXPECT_NEAR(text.measure("111111", style).width, text.measure("888888", style).width, 0.01);
}

TEST(TextRenderer, TextIsNeverMarkup) {
  TextRenderer text;
  EXPECT_GT(text.measure("<b>a</b>", {}).width, 3 * text.measure("a", {}).width);
  EXPECT_EQ(text.fit("<b>&amp;", {}, 1000), "<b>&amp;");
}

TEST(TextRenderer, TakesAnyBytes) {
  TextRenderer text;
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_GT(text.measure(bytes, {}).width, 256);
  EXPECT_TRUE(has_ink(text.render(bytes, {})));
  EXPECT_EQ(text.fit("a\nb", {}, 1000), "a\\nb");
  EXPECT_EQ(text.fit(std::string("a\0b", 3), {}, 1000), "a\\u0000b");
  EXPECT_EQ(text.fit("\u202Eabc", {}, 1000), "\\u202eabc");
}

TEST(TextRenderer, FittedTextFits) {
  TextRenderer text;
  std::vector<std::string> tokens = kScripts;
  tokens.push_back(std::string(80, 'w'));
  tokens.push_back(std::string(65536, 'x'));
  std::string family;
  for (int i = 0; i < 40; ++i) family += "👩🏽‍🚀";
  tokens.push_back(family);
  for (const std::string& token : tokens) {
    for (const double most : {20.0, 60.0, 140.0}) {
      const std::string shown = text.fit(token, {}, most);
      EXPECT_LE(text.measure(shown, {}).width, most) << token;
      EXPECT_EQ(first_invalid_utf8(shown), std::string::npos);
      EXPECT_TRUE(text.measure(token, {}).width > most || shown == visible(token));
    }
  }
}

TEST(TextRenderer, ShortensInTheMiddleAndKeepsBothEnds) {
  TextRenderer text;
  const std::string shown = text.fit("abcdefghijklmnopqrstuvwxyz", {}, 80);
  EXPECT_TRUE(shown.starts_with("ab"));
  EXPECT_TRUE(shown.ends_with("yz"));
  EXPECT_NE(shown.find("…"), std::string::npos);
  EXPECT_EQ(text.fit("abcdefghijklmnopqrstuvwxyz", {}, 1), "…");
}

TEST(TextRenderer, DoesNotCutInsideWhatPeopleSeeAsOneCharacter) {
  TextRenderer text;
  std::string accents;
  for (int i = 0; i < 30; ++i) accents += "e\u0301";
  const std::string shown = text.fit(accents, {}, 60);
  EXPECT_EQ((shown.size() - 3) % 3, 0u) << shown;
  EXPECT_EQ(shown.find("…\u0301"), std::string::npos);
}

TEST(TextRenderer, BitmapsHoldAllInkAtAnyAngle) {
  TextRenderer text;
  std::vector<std::string> tokens = kScripts;
  tokens.push_back("Z\u0317\u0322\u0351\u0343\u0306\u0350o\u0317\u0322\u0351\u0343\u0306\u0350");
  for (const std::string& token : tokens) {
    for (const double angle : {0.0, 60.0, 90.0, -30.0, 180.0}) {
      const TextBitmap bitmap = text.render(token, {}, angle);
      EXPECT_EQ(bitmap.rgba.size(), static_cast<std::size_t>(bitmap.width * bitmap.height * 4));
      EXPECT_TRUE(has_clear_edge(bitmap)) << token << ' ' << angle;
      EXPECT_EQ(has_ink(bitmap), !token.empty() && token != " ") << token << ' ' << angle;
    }
  }
}

TEST(TextRenderer, AlphaIsPremultipliedAndInkHasTheStylesColor) {
  TextRenderer text;
  TextStyle style;
  style.color = {200, 100, 0};
  const TextBitmap bitmap = text.render("Hamburg", style);
  bool solid = false;
  for (std::size_t i = 0; i < bitmap.rgba.size(); i += 4) {
    const int alpha = bitmap.rgba[i + 3];
    EXPECT_NEAR(bitmap.rgba[i], 200 * alpha / 255, 2);
    EXPECT_NEAR(bitmap.rgba[i + 1], 100 * alpha / 255, 2);
    EXPECT_EQ(bitmap.rgba[i + 2], 0);
    solid = solid || alpha > 200;
  }
  EXPECT_TRUE(solid);
}

TEST(TextRenderer, EmojiAreColorful) {
  TextRenderer text;
  EXPECT_TRUE(has_color(text.render("🎉", {})));
  EXPECT_FALSE(has_color(text.render("fox", {})));
}

TEST(TextRenderer, TheSameTwiceAndAfterOtherWork) {
  TextRenderer text, other;
  const TextBitmap first = text.render("注意 fox", {}, 0);
  const double width = text.measure("注意 fox", {}).width;
  (void)text.render("turned", {}, 37);
  EXPECT_EQ(text.render("注意 fox", {}, 0).rgba, first.rgba);
  EXPECT_EQ(other.render("注意 fox", {}, 0).rgba, first.rgba);
  EXPECT_EQ(text.measure("注意 fox", {}).width, width);
}

}  // namespace
}  // namespace attn

#include "app/platform/fonts.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "app/platform/sfnt.hpp"

namespace attn::app {
namespace {

constexpr std::array kAllFonts = {
    &Fonts::body,   &Fonts::strong,  &Fonts::small,           &Fonts::caption,
    &Fonts::figure, &Fonts::formula, &Fonts::formula_upright, &Fonts::formula_small};

TEST(Fonts, DigitsAreTabularAtEveryScale) {
  for (const float scale : {1.0f, 1.25f, 2.0f}) {
    ImFontAtlas atlas;
    const Fonts fonts = build_fonts(atlas, scale);
    for (const auto member : kAllFonts) {
      ImFont* font = fonts.*member;
      ASSERT_NE(font, nullptr);
      for (ImWchar digit = '0'; digit <= '9'; ++digit) {
        ASSERT_EQ(font->GetCharAdvance(digit), font->GetCharAdvance('0'));
        ASSERT_EQ(font->FindGlyph(digit)->AdvanceX, font->GetCharAdvance('0'));
      }
      EXPECT_EQ(font->CalcTextSizeA(font->FontSize, 1e9f, 0, "1.1117").x,
                font->CalcTextSizeA(font->FontSize, 1e9f, 0, "0.8264").x);
    }
  }
}

TEST(Fonts, HaveTheSignsOfTheEquation) {
  ImFontAtlas atlas;
  const Fonts fonts = build_fonts(atlas, 1);
  if (!find_font({"DejaVu Sans"}, 400, false)) GTEST_SKIP() << "DejaVu Sans is not installed";
  for (const ImWchar sign : {0x221aU, 0x3c4U, 0xd7U, 0xb7U, 0x2227U, 0x2228U, 0xacU, 0x2192U, 0x21a6U,
                             0x221eU, 0x2026U, 0x1d40U, 0x25beU, 0xf7U, 0x3a3U, 0x2212U}) {
    EXPECT_NE(fonts.body->FindGlyphNoFallback(sign), nullptr) << sign;
    EXPECT_NE(fonts.strong->FindGlyphNoFallback(sign), nullptr) << sign;
  }
  for (const ImWchar sign : {0x221aU, 0x3c4U, 0x2227U, 0x1d40U}) {
    EXPECT_NE(fonts.formula->FindGlyphNoFallback(sign), nullptr) << sign;
  }
}

TEST(Fonts, ScaleIsSize) {
  ImFontAtlas one, two;
  const float small = build_fonts(one, 1).body->FontSize, large = build_fonts(two, 2).body->FontSize;
  EXPECT_NEAR(large, 2 * small, 1);  // ImGui's sizes are whole pixels
}

TEST(Fonts, AreThereWhateverTheScale) {
  for (const float scale : {0.0f, -1.0f, 1e-9f, std::numeric_limits<float>::quiet_NaN()}) {
    ImFontAtlas atlas;
    EXPECT_NE(build_fonts(atlas, scale).body, nullptr);
  }
}

TEST(FindFont, KnowsWhatIsMissing) {
  EXPECT_FALSE(find_font({"No Such Family 7d1"}, 400, false));
  EXPECT_FALSE(find_font({}, 400, false));
}

TEST(BuiltInFace, GetsTabularDigitsToo) {
  ImFontAtlas atlas;
  ImFont* font = atlas.AddFontDefault();
  ASSERT_TRUE(atlas.Build());
  make_digits_tabular(*font);
  EXPECT_EQ(font->GetCharAdvance('1'), font->GetCharAdvance('8'));
}

TEST(Sfnt, TakesWholeFacesOnly) {
  const auto file = find_font({"Inter", "DejaVu Sans"}, 400, false);
  if (!file) GTEST_SKIP() << "no font is installed";
  std::ifstream stream(file->path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  const auto height = line_height_in_em(bytes, file->index);
  ASSERT_TRUE(height);
  EXPECT_GT(*height, 1);
  EXPECT_LT(*height, 2);
  EXPECT_FALSE(line_height_in_em(bytes, 7));
  EXPECT_FALSE(line_height_in_em(bytes, -1));
  EXPECT_FALSE(line_height_in_em("", 0));
  EXPECT_FALSE(line_height_in_em("ttcf", 0));
  EXPECT_FALSE(line_height_in_em("not a font, but some text that is long enough", 0));
  for (std::size_t length = 0; length < 1000; ++length) {
    EXPECT_FALSE(line_height_in_em(std::string_view(bytes).substr(0, length), 0)) << length;
  }
}

}  // namespace
}  // namespace attn::app

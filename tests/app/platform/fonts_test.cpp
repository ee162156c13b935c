#include "app/platform/fonts.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <imgui_internal.h>

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

// The characters beyond ASCII in the quoted texts of a folder's sources, with a file that has each.
std::map<ImWchar, std::string> signs_of(const std::filesystem::path& folder) {
  std::map<ImWchar, std::string> signs;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      bool quoted = false;
      for (const char* at = line.c_str(); *at != '\0';) {
        unsigned int letter = 0;
        if (!quoted && at[0] == '/' && at[1] == '/') break;
        if (*at == '"' && (at == line.c_str() || at[-1] != '\\')) quoted = !quoted;
        at += ImTextCharFromUtf8(&letter, at, nullptr);
        if (quoted && letter > 0x7f) signs.try_emplace(letter, entry.path().filename().string());
      }
    }
  }
  return signs;
}

TEST(Fonts, HaveEveryCharacterOfOurOwnWords) {
  ImFontAtlas atlas;
  const Fonts fonts = build_fonts(atlas, 1);
  if (!find_font({"DejaVu Sans"}, 400, false)) GTEST_SKIP() << "DejaVu Sans is not installed";
  const std::filesystem::path root(ATTNSCOPE_SOURCE_FOLDER);
  for (const char* room : {"core/attention", "core/engine", "core/figure", "app/state", "app/widgets",
                           "app/panels", "app/views"}) {
    const auto signs = signs_of(root / room);
    for (const auto& [sign, file] : signs) {
      for (const auto member : {&Fonts::body, &Fonts::strong, &Fonts::small, &Fonts::formula})
        EXPECT_NE((fonts.*member)->FindGlyphNoFallback(sign), nullptr) << std::hex << sign << " of " << file;
    }
  }
  EXPECT_TRUE(signs_of(root / "core/attention").contains(0x221a)) << "√: else nothing was read";
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

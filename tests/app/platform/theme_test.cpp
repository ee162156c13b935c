#include "app/platform/theme.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace attn::app {
namespace {

TEST(Contrast, FollowsWcag) {
  const Color black{0, 0, 0}, white{255, 255, 255}, grey{118, 118, 118};
  EXPECT_NEAR(contrast(black, white), 21, 1e-9);
  EXPECT_NEAR(contrast(white, black), 21, 1e-9);
  EXPECT_NEAR(contrast(grey, grey), 1, 1e-9);
  EXPECT_NEAR(contrast(grey, white), 4.54, 0.01);  // the example that is often given
}

TEST(Theme, TextCanBeReadOnEverySurface) {
  EXPECT_GT(text_pairs().size(), 40u);
  for (const Theme* theme : {&dark_theme(), &light_theme()}) {
    for (const TextPair& pair : text_pairs()) {
      EXPECT_GE(contrast(theme->*pair.text_color, theme->*pair.surface_color), pair.least)
          << theme->name << ": " << pair.text << " on " << pair.surface;
    }
  }
}

TEST(Theme, TheThemesAreDarkAndLight) {
  EXPECT_TRUE(dark_theme().is_dark);
  EXPECT_FALSE(light_theme().is_dark);
  EXPECT_GT(contrast(dark_theme().canvas, Color{255, 255, 255}), 15);
  EXPECT_GT(contrast(light_theme().canvas, Color{0, 0, 0}), 15);
}

TEST(Theme, BarsAndGrabsStandOut) {
  for (const Theme* theme : {&dark_theme(), &light_theme()}) {
    for (const auto color : {&Theme::value, &Theme::negative, &Theme::chosen}) {
      EXPECT_GE(contrast(theme->*color, theme->panel), 3) << theme->name;
    }
  }
}

TEST(Theme, TheCrossHairShowsOnAnyCell) {
  for (const Theme* theme : {&dark_theme(), &light_theme()}) {
    for (int grey = 0; grey < 256; ++grey) {
      const auto g = static_cast<std::uint8_t>(grey);
      const double best = std::max(contrast(theme->chosen, {g, g, g}), contrast(theme->halo, {g, g, g}));
      EXPECT_GE(best, 2.2) << theme->name << " on " << grey;
    }
  }
}

TEST(Theme, EveryButtonsTextIsInTheTable) {
  for (const char* surface : {"raised", "hovered", "pressed", "primary", "primary_hovered", "chosen"}) {
    const auto pairs = text_pairs();
    EXPECT_TRUE(std::ranges::any_of(pairs, [&](const TextPair& pair) {
      return pair.surface == surface && pair.least >= 4.5;
    })) << surface;
  }
}

TEST(Style, ScalesLengthsAndKeepsHairlines) {
  ImGuiContext* context = ImGui::CreateContext();
  apply(dark_theme(), 1);
  const ImGuiStyle plain = ImGui::GetStyle();
  apply(light_theme(), 2);
  const ImGuiStyle doubled = ImGui::GetStyle();
  EXPECT_EQ(doubled.WindowPadding.x, 2 * plain.WindowPadding.x);
  EXPECT_EQ(doubled.PopupBorderSize, 1);
  EXPECT_EQ(ImGui::ColorConvertFloat4ToU32(doubled.Colors[ImGuiCol_Text]), light_theme().text.u32());
  ImGui::DestroyContext(context);
}

}  // namespace
}  // namespace attn::app

#include "core/figure/colormap.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace attn {
namespace {

double luminance(Rgb color) {
  const auto linear = [](std::uint8_t channel) {
    const double u = channel / 255.0;
    return u <= 0.04045 ? u / 12.92 : std::pow((u + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

// Rounding to 8 bits moves a luminance by less than this.
constexpr double kRounding = 0.0025;

bool rises(std::span<const Rgb> colors) {
  for (std::size_t i = 0; i + 1 < colors.size(); ++i) {
    if (luminance(colors[i + 1]) < luminance(colors[i]) - kRounding) return false;
    if (i + 8 < colors.size() && luminance(colors[i + 8]) <= luminance(colors[i])) return false;
  }
  return true;
}

int distance(Rgb a, Rgb b) {
  return std::max({std::abs(a.r - b.r), std::abs(a.g - b.g), std::abs(a.b - b.b)});
}

TEST(Colormap, LuminanceRisesTowardsTheEndOrTheMiddle) {
  for (const Colormap& map : colormaps()) {
    if (!map.diverging) {
      EXPECT_TRUE(rises(map.colors)) << map.name;
      continue;
    }
    std::array<Rgb, 256> reversed = map.colors;
    std::reverse(reversed.begin(), reversed.end());
    EXPECT_TRUE(rises(std::span(map.colors).first(129))) << map.name;
    EXPECT_TRUE(rises(std::span(reversed).first(128))) << map.name;
  }
}

TEST(Colormap, TheCheckOfLuminanceCanFail) {
  std::array<Rgb, 256> colors = colormaps().front().colors;
  std::swap(colors[40], colors[60]);
  EXPECT_FALSE(rises(colors));
  EXPECT_FALSE(rises(diverging_colormap().colors));
}

TEST(Colormap, StepsAreSmall) {
  for (const Colormap& map : colormaps()) {
    for (std::size_t i = 0; i < 255; ++i) {
      EXPECT_LE(distance(map.colors[i], map.colors[i + 1]), 8) << map.name << ' ' << i;
    }
  }
}

TEST(Colormap, BothSidesOfADivergingMapAreEquallyStrong) {
  const Colormap& map = diverging_colormap();
  for (std::size_t i = 1; i < 128; ++i) {
    EXPECT_NEAR(std::cbrt(luminance(map.colors[128 - i])), std::cbrt(luminance(map.colors[128 + i])), 0.04)
        << i;
  }
  EXPECT_LE(distance(map.colors[128], {map.colors[128].g, map.colors[128].g, map.colors[128].g}), 8)
      << "neutral";
  EXPECT_GT(map.colors[0].b, map.colors[0].r + 60);
  EXPECT_GT(map.colors[255].r, map.colors[255].b + 60);
}

TEST(Colormap, PublicMapsAreWhatPeopleKnow) {
  struct Known {
    std::string_view name;
    std::size_t entry;
    std::uint32_t hex;
  };
  // Entries between the control colours.
  const Known known[] = {{"viridis", 48, 0x424086},  {"viridis", 80, 0x34608d},  {"viridis", 112, 0x25838e},
                         {"viridis", 176, 0x3fbc73}, {"viridis", 208, 0x84d44b}, {"magma", 48, 0x36106b},
                         {"magma", 112, 0x9c2e7f},   {"magma", 208, 0xfea772},   {"cividis", 48, 0x32436d},
                         {"cividis", 112, 0x6f7073}, {"cividis", 208, 0xcdbb62}};
  for (const Known& fact : known) {
    EXPECT_LE(distance(colormap_named(fact.name)->colors[fact.entry], rgb(fact.hex)), 6)
        << fact.name << ' ' << fact.entry;
  }
}

TEST(Colormap, NamesFindTheirMaps) {
  EXPECT_EQ(colormaps().front().name, "viridis");
  EXPECT_EQ(colormap_named("nonsense"), nullptr);
  EXPECT_EQ(colormap_named("auto"), nullptr);
  const auto names = colormap_names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), colormaps().size());
  for (const std::string& name : names) EXPECT_EQ(colormap_named(name)->name, name);
}

}  // namespace
}  // namespace attn

#include "core/figure/color_scale.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/figure/scale_ticks.hpp"
#include "tests/core/figure/maps.hpp"

namespace attn {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kMost = std::numeric_limits<float>::max();

StageMap two_cells(Stage stage, float a, float b) {
  return test::make_map(stage, 1, 2, [&](Index, Index j) { return test::Cell{j == 0 ? a : b}; });
}

bool usable(const ColorScale& scale) {
  return scale.map != nullptr && scale.hi - scale.lo >= kLeastSpan && std::abs(scale.lo) <= kScaleLimit &&
         std::abs(scale.hi) <= kScaleLimit;
}

TEST(PaletteIndex, NeverFallsAndReachesBothEnds) {
  int last = 0;
  for (int step = -100; step <= 1100; ++step) {
    const int index = palette_index(static_cast<float>(step) / 1000, 0, 1);
    EXPECT_GE(index, last);
    last = index;
  }
  EXPECT_EQ(palette_index(0, 0, 1), 0);
  EXPECT_EQ(palette_index(1, 0, 1), 255);
  EXPECT_EQ(palette_index(0, -1, 1), 128) << "0 is the neutral entry of a diverging map";
  EXPECT_EQ(palette_index(0, -7.3f, 7.3f), 128);
}

TEST(PaletteIndex, RoundsToTheNearestEntry) {
  for (int entry = 0; entry < 256; ++entry) {
    EXPECT_EQ(palette_index(static_cast<float>(entry) / 255, 0, 1), entry);
  }
}

TEST(PaletteIndex, TakesEveryFloat) {
  EXPECT_EQ(palette_index(kNan, 0, 1), 0);
  EXPECT_EQ(palette_index(kInf, 0, 1), 255);
  EXPECT_EQ(palette_index(-kInf, 0, 1), 0);
  EXPECT_EQ(palette_index(5, 5, 5), 0);
  EXPECT_EQ(palette_index(6, 5, 5), 0);
  EXPECT_EQ(palette_index(kMost, -kScaleLimit, kScaleLimit), 255);
  EXPECT_EQ(palette_index(-kMost, -kScaleLimit, kScaleLimit), 0);
  EXPECT_EQ(palette_index(0, -kScaleLimit, kScaleLimit), 128);
}

TEST(Transfer, RisesFromEndToEndAndKeepsTheSign) {
  for (const TransferInfo& transfer : kTransfers) {
    for (const float lo : {0.0f, -2.0f, 0.5f}) {
      const ColorScale scale{&colormaps().front(), lo, 2, transfer.transfer};
      EXPECT_EQ(palette_index(scale, lo), 0) << transfer.name;
      EXPECT_EQ(palette_index(scale, 2), 255) << transfer.name;
      EXPECT_EQ(palette_index(scale, kNan), 0) << transfer.name;
      EXPECT_EQ(palette_index(scale, kInf), 255) << transfer.name;
      int last = 0;
      for (int step = 0; step <= 1000; ++step) {
        const float value = lo + (2 - lo) * static_cast<float>(step) / 1000;
        const int index = palette_index(scale, value);
        EXPECT_GE(index, last);
        EXPECT_NEAR(index, scale_position(scale, static_cast<double>(value)) * 255, 0.51) << transfer.name;
        if (lo == -2) {
          EXPECT_NEAR(index + palette_index(scale, -value), 255, 1) << transfer.name;
        }
        last = index;
      }
    }
  }
}

TEST(Transfer, IsTheFormulaThatItsRowSays) {
  const auto position = [](Transfer transfer, double value, float lo) {
    return scale_position({&colormaps().front(), lo, 1, transfer}, value);
  };
  EXPECT_DOUBLE_EQ(position(Transfer::linear, 0.3, 0), 0.3);
  EXPECT_DOUBLE_EQ(position(Transfer::gamma, 0.25, 0), 0.5);
  EXPECT_DOUBLE_EQ(position(Transfer::gamma, -0.25, -1), 0.25);
  EXPECT_DOUBLE_EQ(position(Transfer::log, 0.001, 0), std::log(10.999) / std::log(10000));
}

TEST(Transfer, TheViewDecides) {
  View view;
  view.transfer = Transfer::log;
  EXPECT_EQ(color_scale(view, two_cells(Stage::weights, 0, 1)).transfer, Transfer::log);
}

TEST(ScaleTicks, StandWhereTheirNumbersAre) {
  for (const TransferInfo& transfer : kTransfers) {
    for (const double hi : {1.0, 0.37, 2e-7, 1.0e9}) {
      for (const double lo : {0.0, -hi}) {
        const ColorScale scale{&colormaps().front(), static_cast<float>(lo), static_cast<float>(hi),
                               transfer.transfer};
        for (int most = 1; most <= 8; ++most) {
          const auto found = scale_ticks(scale, most);
          ASSERT_FALSE(found.empty());
          EXPECT_LE(found.size(), 2u * static_cast<std::size_t>(most) + 3) << transfer.name;
          double last = -1;
          for (const Tick& tick : found) {
            const double at = scale_position(scale, tick.value);
            EXPECT_GT(at, last) << transfer.name << " " << tick.text;
            last = at;
          }
        }
      }
    }
  }
}

TEST(ScaleTicks, OfALogarithmAreDecades) {
  const auto words = [](float lo, float hi) {
    std::vector<std::string> texts;
    for (const Tick& tick : scale_ticks({&colormaps().front(), lo, hi, Transfer::log}, 8))
      texts.push_back(tick.text);
    return texts;
  };
  EXPECT_EQ(words(0, 1), (std::vector<std::string>{"0", "0.001", "0.01", "0.1", "1"}));
  EXPECT_EQ(words(0, 5e-7f), (std::vector<std::string>{"0", "10⁻¹⁰", "10⁻⁹", "10⁻⁸", "10⁻⁷"}));
  EXPECT_EQ(words(-1, 1),
            (std::vector<std::string>{"−1", "−0.1", "−0.01", "−0.001", "0", "0.001", "0.01", "0.1", "1"}));
}

TEST(ColorScale, AutoIsZeroToMaximumForWeights) {
  const ColorScale scale = color_scale({}, two_cells(Stage::weights, 0.1f, 0.7f));
  EXPECT_EQ(scale.map->name, "viridis");
  EXPECT_EQ(scale.lo, 0);
  EXPECT_EQ(scale.hi, 0.7f);
  EXPECT_EQ(color_scale({}, two_cells(Stage::weights, 0, 0)).hi, 1);
}

TEST(ColorScale, AutoIsSymmetricAndDivergingForSignedStages) {
  const ColorScale scale = color_scale({}, two_cells(Stage::scores, -3, 2));
  EXPECT_TRUE(scale.map->diverging);
  EXPECT_EQ(scale.lo, -3);
  EXPECT_EQ(scale.hi, 3);
  EXPECT_EQ(color_scale({}, two_cells(Stage::scores, 0, 0)).lo, -1);
  EXPECT_TRUE(color_scale({}, two_cells(Stage::weights, -0.5f, 2)).map->diverging) << "normaliser identity";
}

TEST(ColorScale, TheViewDecides) {
  View view;
  view.colormap = "magma";
  view.range = {0.25, 0.5};
  const ColorScale scale = color_scale(view, two_cells(Stage::scores, -3, 2));
  EXPECT_EQ(scale.map->name, "magma");
  EXPECT_EQ(scale.lo, 0.25f);
  EXPECT_EQ(scale.hi, 0.5f);
}

TEST(ColorScale, IsAlwaysUsable) {
  const double edges[] = {0, -0.0, 1, -1, 1e-40, 1e30, 1e300, -1e300, 5, 1e-300};
  const StageMap map = two_cells(Stage::weights, 0, 1);
  for (const double lo : edges) {
    for (const double hi : edges) {
      View view;
      view.range = {lo, hi};
      EXPECT_TRUE(usable(color_scale(view, map))) << lo << " … " << hi;
    }
  }
  for (const float most : {1e-44f, 1e-30f, 1e30f, kMost}) {
    EXPECT_TRUE(usable(color_scale({}, two_cells(Stage::weights, 0, most)))) << most;
    EXPECT_TRUE(usable(color_scale({}, two_cells(Stage::scores, -most, 0)))) << most;
  }
}

int distance(Rgb a, Rgb b) {
  return std::max({std::abs(a.r - b.r), std::abs(a.g - b.g), std::abs(a.b - b.b)});
}

TEST(CellColor, SpecialCellsLookLikeNoValue) {
  for (const Theme theme : {Theme::light, Theme::dark}) {
    for (const Colormap& map : colormaps()) {
      for (const Rgb color : map.colors) {
        EXPECT_GE(distance(color, masked_color(theme)), 16) << map.name;
        EXPECT_GE(distance(color, not_a_number_color(theme)), 60) << map.name;
      }
    }
  }
}

TEST(CellColor, ClassComesBeforeValue) {
  const ColorScale scale = color_scale({}, two_cells(Stage::weights, 0, 1));
  EXPECT_EQ(cell_color(scale, 1, CellClass::value, Theme::light), scale.map->colors[255]);
  EXPECT_EQ(cell_color(scale, 1, CellClass::masked, Theme::light), masked_color(Theme::light));
  EXPECT_EQ(cell_color(scale, kNan, CellClass::masked, Theme::dark), masked_color(Theme::dark));
  EXPECT_EQ(cell_color(scale, kInf, CellClass::not_a_number, Theme::dark), not_a_number_color(Theme::dark));
  EXPECT_EQ(cell_color(scale, kNan, CellClass::value, Theme::light), not_a_number_color(Theme::light));
}

}  // namespace
}  // namespace attn

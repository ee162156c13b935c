#include "core/figure/layout/figure_canvas.hpp"

#include <gtest/gtest.h>

#include "tests/core/figure/boxes.hpp"

namespace attn {
namespace {

TEST(Overlap, TheCheckCanFail) {
  const test::Corners a = test::corners_of({0, 0, 10, 10});
  EXPECT_TRUE(test::overlap(a, test::corners_of({9, 9, 20, 20})));
  EXPECT_TRUE(test::overlap(a, test::corners_of({2, 2, 3, 3})));
  EXPECT_FALSE(test::overlap(a, test::corners_of({10, 0, 20, 10})));
  // A turned box beside the corner: the boxes around both meet, they do not.
  const test::Corners diamond{{{14, 4}, {24, 14}, {14, 24}, {4, 14}}};
  EXPECT_FALSE(test::overlap(test::corners_of({0, 0, 8, 8}), diamond));
  EXPECT_TRUE(test::overlap(test::corners_of({0, 0, 12, 12}), diamond));
}

TEST(FigureCanvas, TurnedTextKeepsItsMiddleWhereItIsPut) {
  TextRenderer text;
  for (const double angle : {0.0, 60.0, 90.0, -45.0}) {
    FigureCanvas canvas(text);
    canvas.add_turned_text("Hamburg", {}, {100, 50}, Align::center, angle);
    const DisplayList list = std::move(canvas).finish({}, 0, 0, 0);
    const auto& item = std::get<TextItem>(list.items.front());
    const double cap = text.line_metrics({}).cap_height;
    const double turn = angle * std::numbers::pi / 180;
    const double x = item.origin.x + item.width / 2 * std::cos(turn) - cap / 2 * std::sin(turn);
    const double y = item.origin.y - item.width / 2 * std::sin(turn) - cap / 2 * std::cos(turn);
    EXPECT_NEAR(x - std::floor(x), 0, 1e-6) << "moved by whole pixels";
    EXPECT_NEAR(y - std::floor(y + 0.5), 0, 1e-6);
    EXPECT_TRUE(test::inside(corners(item), list.width, list.height));
  }
}

TEST(FigureCanvas, TheCanvasIsWhatItsPartsNeedPlusTheMargin) {
  TextRenderer text;
  FigureCanvas canvas(text);
  canvas.add(RectItem{{-30, -20, 50, 60}, {}});
  const DisplayList list = std::move(canvas).finish({}, 8, 0, 0);
  EXPECT_EQ(list.width, 96);
  EXPECT_EQ(list.height, 96);
  EXPECT_EQ(std::get<RectItem>(list.items.front()).box.left, 8);
  EXPECT_EQ(std::get<RectItem>(list.items.front()).box.bottom, 88);
}

TEST(Wrapped, LinesFitAndKeepEveryWord) {
  TextRenderer text;
  const std::string words = "causal mask, window 16, temperature 0.85, softmax over keys, dropout off";
  const auto lines = wrapped(words, {}, 150, text);
  EXPECT_GT(lines.size(), 2u);
  std::string joined;
  for (const std::string& line : lines) {
    EXPECT_LE(text.measure(line, {}).width, 150);
    joined += (joined.empty() ? "" : " ") + line;
  }
  EXPECT_EQ(joined, words);
  EXPECT_TRUE(wrapped("", {}, 150, text).empty());
  EXPECT_EQ(wrapped(std::string(300, 'x'), {}, 150, text).size(), 1u);
}

}  // namespace
}  // namespace attn

// Pointing at the map, zooming and moving it.
#include <string>

#include "tests/gui/gui_test.hpp"

namespace attn::gui {
namespace {

class Map : public GuiTest {
 protected:
  static constexpr int kTokens = 24;  // of the sample
  Point cell_at(Index row, Index column) { return cell(row, column, kTokens, kTokens); }
  void expect_hovered(Point point, int row, int column) {
    person().move(point);
    until_fact("hovered", {row, column});
  }
  static Point moved(Point point, int dx, int dy) { return {point.x + dx, point.y + dy}; }
};

TEST_F(Map, TheCellUnderThePointer) {
  open();
  for (const auto& [row, column] : {std::pair{0, 0}, {5, 4}, {12, 23}, {23, 0}, {23, 23}}) {
    expect_hovered(cell_at(row, column), row, column);
  }
  // The first and the last pixel of a cell.
  const Rect cells = widget("map.cells");
  const int edge = static_cast<int>(cells.width) / kTokens;
  const Point corner = cells.at(0, 0);
  expect_hovered(moved(corner, edge * 7, edge * 6), 6, 7);
  expect_hovered(moved(corner, edge * 8 - 1, edge * 7 - 1), 6, 7);
  person().move(moved(corner, -2, 10));
  until("no cell left of the map", [](const Facts& facts) { return !facts.contains("hovered"); });
}

TEST_F(Map, ATooltipStandsBesideThePointer) {
  open();
  const Picture before = look();
  const Point point = cell_at(5, 4);
  expect_hovered(point, 5, 4);
  const Rect beside{point.x + 30.0, point.y + 30.0, 120, 60};
  EXPECT_TRUE(support::eventually([&] { return changed_pixels(before, look(), beside) > 2000; }));
  leave_map();
  expect_same(before, widget("map.cells"));
}

TEST_F(Map, AClickPinsACellAndAnotherFreesIt) {
  open();
  const Picture before = look();
  const Rect map = widget("map.cells");
  const int edge = static_cast<int>(map.width) / kTokens;
  const Point corner = map.at(0, 0);
  const Rect cell{corner.x + 6.0 * edge, corner.y + 9.0 * edge, static_cast<double>(edge),
                  static_cast<double>(edge)};
  expect_hovered(cell.center(), 9, 6);
  person().click(cell.center());
  leave_map();
  EXPECT_TRUE(support::eventually([&] { return changed_pixels(before, look(), cell) > 2 * edge; }))
      << "not pinned";
  EXPECT_EQ(look().at(cell.center()), before.at(cell.center())) << "the frame covers the cell";
  expect_hovered(cell.center(), 9, 6);
  person().click(cell.center());
  leave_map();
  expect_same(before, map);
}

TEST_F(Map, TheWheelZoomsAroundThePointer) {
  open();
  const ExpectedMap expected({sample()});
  const Rect whole = widget("map.cells");
  const Point point = cell_at(10, 9);
  expect_hovered(point, 10, 9);
  person().scroll(4);
  until("a closer view", [&](const Facts& facts) {
    return !(widget_in(facts, "map.cells") == whole) && facts.at("hovered") == Facts{10, 9};
  });
  // Each cell is now 1.2⁴ times as large.
  const double edge = whole.width / kTokens * 1.2 * 1.2 * 1.2 * 1.2;
  for (const int away : {-3, -2, -1, 1, 2, 3}) {
    const Point there = moved(point, static_cast<int>(away * edge), static_cast<int>(away * edge));
    expect_hovered(there, 10 + away, 9 + away);
    leave_map();
    EXPECT_LE(difference(look().at(there), expected.color(10 + away, 9 + away)), 2) << away;
  }
  expect_hovered(point, 10, 9);
  person().scroll(-4);
  leave_map();
  command("view.fit");
  until("the whole map", [&](const Facts& facts) { return widget_in(facts, "map.cells") == whole; });
  expect_cells({sample()});
}

TEST_F(Map, ADragMovesTheMapAndFShowsItWhole) {
  open();
  const Rect whole = widget("map.cells");
  const Point point = cell_at(12, 12);
  expect_hovered(point, 12, 12);
  person().scroll(6);
  until("a closer view", [&](const Facts& facts) { return !(widget_in(facts, "map.cells") == whole); });
  const Point there = moved(point, -90, 70);
  const Picture before = look();
  person().hold(point);
  person().move(there);
  EXPECT_TRUE(support::eventually([&] { return changed_pixels(before, look(), whole) > 10000; }));
  person().release();
  leave_map();
  // The cell went with the pointer.
  expect_hovered(there, 12, 12);
  leave_map();
  command("view.fit");
  until("the whole map", [&](const Facts& facts) { return widget_in(facts, "map.cells") == whole; });
  expect_cells({sample()});
  EXPECT_EQ(now().at("steps"), 1) << "looking around is no step";
}

}  // namespace
}  // namespace attn::gui

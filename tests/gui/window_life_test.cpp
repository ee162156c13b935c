// What happens to the window itself: closed, squeezed, hidden, its screen taken away.
#include <string>
#include <utility>

#include "tests/gui/gui_test.hpp"

namespace attn::gui {
namespace {

using WindowLife = GuiTest;

TEST_F(WindowLife, CtrlQEnds) {
  open();
  command("file.quit");
  EXPECT_EQ(program().wait(), 0) << program().output();
}

TEST_F(WindowLife, AnySizeIsSurvived) {
  open();
  const Rect place = window_place(server().display()), cells = widget("map.cells");
  for (const auto& [width, height] : {std::pair{300, 200}, {60, 900}, {1600, 20}, {1, 1}, {700, 500}}) {
    person().resize(width, height);
    ASSERT_TRUE(support::eventually([&] { return window_place(server().display()).width == width; }));
    // Keys are answered at any size.
    const double temperature = now().at("temperature");
    command("knobs.flatter");
    until("another temperature", [&](const Facts& facts) { return facts.at("temperature") > temperature; });
  }
  person().resize(static_cast<int>(place.width), static_cast<int>(place.height));
  until("the map to have its size again", [&](const Facts& facts) {
    return has_widget(facts, "map.cells") && widget_in(facts, "map.cells") == cells;
  });
}

TEST_F(WindowLife, ALargeInterfaceKeepsEquationAndMapInSight) {
  open();
  for (int step = 0; step < 8; ++step) command("view.larger");
  const Facts facts = until("a large interface", [](const Facts& one) { return one.at("scale") > 2; });
  const Rect place = window_place(server().display());
  const Rect lamp = widget_in(facts, "lamp.context");
  EXPECT_LT(lamp.x + lamp.width, place.width);
  EXPECT_GT(widget_in(facts, "map.cells").width, place.width / 12);
}

TEST_F(WindowLife, HidingAndShowingKeepsThePicture) {
  open();
  person().hide();
  person().show();
  leave_map();
  expect_cells({sample()});
  command("masks.causal");
  until_fact("steps", 2);
  expect_cells({sample(), {"masks=[]"}});
}

TEST_F(WindowLife, EndsWhenTheScreenIsGone) {
  open();
  end_server();
  EXPECT_TRUE(program().wait(std::chrono::seconds(15))) << "it hangs: " << program().output();
}

}  // namespace
}  // namespace attn::gui

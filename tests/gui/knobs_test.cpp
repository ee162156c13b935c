// Knobs turned by mouse and keys: the map follows, and undo takes everything back.
#include <string>

#include "tests/gui/gui_test.hpp"

namespace attn::gui {
namespace {

class Knobs : public GuiTest {
 protected:
  static std::string stage_set(const std::string& stage) { return "view.stage=" + stage; }
};

TEST_F(Knobs, DraggingTheTemperatureIsLiveAndOneStep) {
  open();
  const Facts before = now();
  const Picture picture = look();
  const Rect cells = widget("map.cells");
  double last = before.at("temperature");
  for (const Facts& live : drag_slider("knob.temperature", "temperature", {0.6, 0.7, 0.8, 0.85})) {
    EXPECT_GT(live.at("temperature"), last);
    EXPECT_EQ(live.at("steps"), 2);
    last = live.at("temperature");
  }
  leave_map();
  const Facts after = now();
  EXPECT_EQ(after.at("temperature"), last);
  EXPECT_EQ(after.at("steps"), 2);
  EXPECT_NE(after.at("project"), before.at("project"));
  expect_cells({sample(), {"temperature=" + after.at("temperature").dump()}});
  const Picture flatter = look();
  EXPECT_GT(changed_pixels(picture, flatter, cells), 10000);

  command("edit.undo");
  EXPECT_EQ(until_fact("step", 0).at("project"), before.at("project"));
  expect_same(picture, cells);
  command("edit.redo");
  EXPECT_EQ(until_fact("step", 1).at("project"), after.at("project"));
  expect_same(flatter, cells);
  EXPECT_EQ(now().at("steps"), 2);
}

TEST_F(Knobs, ATemperatureIsTypedStepsByKeysAndIsReset) {
  open();
  person().click_with("ctrl", widget("knob.temperature").center());
  person().press("ctrl+a");
  person().type("0.25");
  person().press("Return");
  leave_map();
  until_fact("temperature", 0.25);
  expect_cells({sample(), {"temperature=0.25"}});
  command("knobs.flatter");
  until_fact("step", 2);
  EXPECT_NEAR(now().at("temperature"), 0.26, 1e-9);
  click("knob.temperature.reset");
  until_fact("temperature", 1.0);
  EXPECT_EQ(now().at("step"), 3);
}

// A new temperature multiplies no matrices, and F12 says so.
TEST_F(Knobs, WhatWasComputedIsShownOnDemand) {
  open();
  EXPECT_FALSE(has_widget(now(), "inspector.trace"));
  person().press("F12");
  until("the trace", [](const Facts& facts) { return has_widget(facts, "inspector.trace"); });
  EXPECT_EQ(now().at("kept").at("inputs"), false);
  command("knobs.flatter");
  until("kept inputs", [](const Facts& facts) { return facts.at("kept").at("inputs") == true; });
  const Facts kept = now().at("kept");
  EXPECT_EQ(kept.at("terms"), true);
  EXPECT_EQ(kept.at("scores"), true);
  EXPECT_EQ(kept.at("rows"), false);
  person().press("F12");
  until("no trace", [](const Facts& facts) { return !has_widget(facts, "inspector.trace"); });
}

TEST_F(Knobs, CausalMaskByKey) {
  open();
  const Facts before = now();
  command("masks.causal");
  EXPECT_NE(until_fact("step", 1).at("project"), before.at("project"));
  leave_map();
  expect_cells({sample(), {"masks=[]"}});
  EXPECT_NE(look().at(cell(2, 20, 24, 24)), masked_color(Theme::dark));
  command("masks.causal");
  until_fact("step", 2);
  expect_cells({sample(), {R"(masks=[{"kind":"causal"}])"}});
  for (const Index column : {4, 12, 23})
    EXPECT_EQ(look().at(cell(3, column, 24, 24)), masked_color(Theme::dark));
}

TEST_F(Knobs, StagesByLampAndList) {
  open();
  click("lamp.scores");
  leave_map();
  until_fact("stage", "scores");
  expect_cells({sample(), {stage_set("scores")}});
  click("knob.stage");
  person().click(until_still("stage.logits").center());
  leave_map();
  until_fact("stage", "logits");
  expect_cells({sample(), {stage_set("logits")}});
  EXPECT_EQ(now().at("steps"), 1) << "what is looked at is no step";
}

TEST_F(Knobs, AMutedHeadSaysNothing) {
  open();
  const Facts before = now();
  click("head.1");
  until_fact("head", "1");
  click("lamp.context");
  until_fact("stage", "context");
  click("head.1.mute");
  leave_map();
  until_fact("step", 1);
  expect_cells({sample(), {R"(head_gates={"mute":[1]})", stage_set("context")}, "1"});
  click("head.2");
  leave_map();
  until_fact("head", "2");
  expect_cells({sample(), {stage_set("context")}, "2"});
  click("head.1.mute");
  EXPECT_EQ(until_fact("step", 2).at("steps"), 3);
  command("edit.undo");
  command("edit.undo");
  EXPECT_EQ(until_fact("step", 0).at("project"), before.at("project"));
}

TEST_F(Knobs, AGainIsTypedForTheHeadOnShow) {
  open();
  click("lamp.dropped");
  until_fact("stage", "dropped");
  click("term.g");
  person().click_with("ctrl", until_still("popup.knob.gain").center());
  person().press("ctrl+a");
  person().type("0.12345");
  person().press("Return");
  until_fact("step", 1);
  person().press("Escape");
  leave_map();
  expect_cells({sample(), {R"(head_gates={"gain":{"0":0.12345}})", stage_set("dropped")}});
}

TEST_F(Knobs, TheTermsStayWhereTheyAreWhateverIsShown) {
  open();
  const Rect mask = widget("term.mask");
  const Rect bias = widget("term.bias");
  click("lamp.context");
  until_fact("stage", "context");
  command("knobs.flatter");
  until_fact("step", 1);
  EXPECT_EQ(widget("term.mask"), mask);
  EXPECT_EQ(widget("term.bias"), bias);
}

TEST_F(Knobs, HeadsByCardAndKeys) {
  open();
  const auto shows = [&](const std::string& head) {
    leave_map();
    until_fact("head", head);
    expect_cells({sample(), {}, head});
  };
  click("head.2");
  shows("2");
  command("heads.next");
  shows("3");
  command("heads.next");
  shows("0");
  command("heads.previous");
  shows("3");
  click("head.mean");
  shows("mean");
}

TEST_F(Knobs, OfATermHaveNamesOfTheirOwn) {
  open();
  const Rect side = widget("knob.temperature");
  click("term.τ");
  const Rect popup = until_still("popup.knob.temperature");
  EXPECT_GT(popup.x, side.x + side.width);
  EXPECT_EQ(widget("knob.temperature"), side);
  person().press("Escape");
}

TEST_F(Knobs, AMaskThatChangesLeavesThePanelWhereItIs) {
  open();
  const auto to_the_end = [&] {
    person().move(widget("head.max").center());
    person().scroll(-30);
  };
  const double top = widget("mask.add").y;
  to_the_end();
  until("a scrolled panel", [&](const Facts& facts) { return widget_in(facts, "mask.add").y < top; });
  person().click(until_still("mask.add").center());
  person().click(until_still("mask.add.window").center());
  until_fact("step", 1);
  to_the_end();
  const Rect before = until_still("mask.1.negate");
  person().click(before.center());
  const Facts after = until_fact("step", 2);
  EXPECT_EQ(widget_in(after, "mask.1.negate"), before);
  EXPECT_EQ(until_still("mask.1.negate"), before);
}

TEST_F(Knobs, ThePresentStepOfTheHistoryIsInSight) {
  open();
  for (int step = 1; step <= 12; ++step) {
    command("masks.causal");
    until_fact("step", step);
  }
  const Rect last = until_still("history.12");
  const Rect place = window_place(server().display());
  EXPECT_LT(last.y + last.height, place.height);
  person().click(widget("history.9").center());
  until_fact("step", 9);
}

TEST_F(Knobs, TabLeavesTheMapForSomethingThatShowsIt) {
  open();
  person().click(cell(5, 4, 24, 24));
  leave_map();
  until("a pinned cell", [](const Facts& facts) { return facts.value("pinned", Facts()) == Facts{5, 4}; });
  const Picture before = look();
  person().press("Tab");
  const Rect report = widget("document.report");
  EXPECT_TRUE(support::eventually([&] { return changed_pixels(before, look(), report) > 50; }));
  person().press("Return");
  until_dialog(app::Dialog::report);
}

TEST_F(Knobs, TheHeadsPicturesFollowALockedRange) {
  open({"--set", "view.range=[0,0.05]", sample()});
  const Rect head = widget("head.3");
  const Picture locked = look();
  command("view.lock_range");
  leave_map();
  EXPECT_TRUE(support::eventually([&] { return changed_pixels(locked, look(), head) > 100; }));
}

TEST_F(Knobs, ATermOpensItsKnob) {
  open();
  const Picture before = look();
  const Rect term = widget("term.mask");
  const Rect below{term.x, term.y + term.height + 8, 200, 60};
  click("term.mask");
  EXPECT_TRUE(support::eventually([&] { return changed_pixels(before, look(), below) > 100; }));
  person().press("Escape");
  leave_map();
  expect_same(before, below);
  EXPECT_EQ(now().at("steps"), 1);
}

}  // namespace
}  // namespace attn::gui

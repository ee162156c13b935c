// The terms of the equation, chosen and tuned by mouse and keys: what the map shows is what core computes.
#include <string>

#include "tests/gui/gui_test.hpp"

namespace attn::gui {
namespace {

class Terms : public GuiTest {
 protected:
  // Chooses `item` of the list `knob` behind a term of the formula; the popup stays open.
  void choose(const std::string& term, const std::string& knob, const std::string& item) {
    click("term." + term);
    person().click(until_still("popup." + knob).center());
    person().click(until_still("popup." + item).center());
  }
  void done(int step) {
    until_fact("step", step);
    person().press("Escape");
    leave_map();
  }
  void type_into(const std::string& knob, const std::string& text) {
    person().click(until_still(knob).center());
    person().press("ctrl+a");
    person().type(text);
    person().press("Return");
  }
};

TEST_F(Terms, AScoreAndAPositionOfTheFormula) {
  open();
  choose("scores", "knob.score", "score.euclidean");
  done(1);
  expect_cells({sample(), {"score=euclidean"}});
  choose("scores", "knob.position", "position.rope");
  done(2);
  expect_cells({sample(), {"score=euclidean", "position=rope"}});
  command("edit.undo");
  until_fact("step", 1);
  expect_cells({sample(), {"score=euclidean"}});
}

TEST_F(Terms, AScoreWithDrawnParametersSaysSo) {
  open();
  choose("scores", "knob.score", "score.additive");
  until_fact("step", 1);
  const Rect seed = until_still("popup.knob.seed");
  EXPECT_GT(seed.width, 0);
  person().press("Escape");
  leave_map();
  expect_cells({sample(), {"score=additive"}});
}

TEST_F(Terms, ABiasWithADrawnTableSaysSoBelowTheBiases) {
  open({"--set", R"(bias=["t5", "t5"])", sample()});
  click("term.bias");
  type_into("popup.bias.t5.drawn", "5");
  done(1);
  expect_cells({sample(), {R"(bias=["t5", "t5"])", "seed=5"}});
}

TEST_F(Terms, ANormaliser) {
  open();
  choose("normalizer", "knob.normalizer", "normalizer.sparsemax");
  done(1);
  expect_cells({sample(), {"normalizer=sparsemax"}});
  choose("normalizer", "knob.normalizer", "normalizer.top_k");
  until_fact("step", 2);
  type_into("popup.knob.normalizer.k", "2");
  done(3);
  expect_cells({sample(), {R"(normalizer={"kind": "top_k", "k": 2})"}});
}

TEST_F(Terms, ABiasIsAddedAndTakenAway) {
  open();
  choose("bias", "bias.add", "bias.add.alibi");
  done(1);
  expect_cells({sample(), {R"(bias=[{"kind": "alibi"}])"}});
  click("term.bias");
  person().click(until_still("popup.bias.0.remove").center());
  done(2);
  expect_cells({sample(), {"bias=[]"}});
}

TEST_F(Terms, AFormulaThatIsNoneIsRefusedAndLeavesTheMap) {
  open();
  choose("mask", "mask.add", "mask.add.expression");
  until_fact("step", 1);
  type_into("popup.mask.1.expr", "k <");
  EXPECT_GT(until_still("popup.mask.1.expr.reason").height, 0);
  EXPECT_EQ(now().at("step"), 1);
  until_dialog(app::Dialog::none);
  // What was typed is still there, and so is the cursor.
  person().type(" 2");
  person().press("Return");
  until_fact("step", 2);
  type_into("popup.mask.1.expr", "k >");
  EXPECT_GT(until_still("popup.mask.1.expr.reason").height, 0);
  person().press("Escape");
  done(2);
  expect_cells({sample(), {R"(masks=[{"kind": "causal"}, {"kind": "expression", "expr": "k < 2"}])"}});
}

TEST_F(Terms, ARefusedFormulaIsForgottenWithItsPopup) {
  open();
  choose("mask", "mask.add", "mask.add.expression");
  until_fact("step", 1);
  type_into("popup.mask.1.expr", "k <");
  EXPECT_GT(until_still("popup.mask.1.expr.reason").height, 0);
  click("map.cells");  // beside it
  until("the popup is closed",
        [](const Facts& facts) { return !facts.at("widgets").contains("popup.mask.1.expr"); });
  click("term.mask");
  until_still("popup.mask.1.expr");
  EXPECT_FALSE(now().at("widgets").contains("popup.mask.1.expr.reason"));
}

TEST_F(Terms, AWholeNumberIsTypedWithAllItsDigitsInOneStep) {
  open();
  choose("mask", "mask.add", "mask.add.random");
  until_fact("step", 1);
  type_into("popup.mask.1.seed", "9007199254740991");
  done(2);
  EXPECT_EQ(now().at("steps"), 3);
  expect_cells(
      {sample(), {R"(masks=[{"kind": "causal"}, {"kind": "random", "p": 0.5, "seed": 9007199254740991}])"}});
}

TEST_F(Terms, AListThatTheLayerCannotHaveIsRefusedInItsField) {
  open();
  choose("bias", "bias.add", "bias.add.alibi");
  until_fact("step", 1);
  type_into("popup.bias.0.slopes", "1, 2.5");
  EXPECT_GT(until_still("popup.bias.0.slopes.reason").height, 0);
  EXPECT_EQ(now().at("step"), 1);
  type_into("popup.bias.0.slopes", "1, 2.5 0.123456789 0");
  done(2);
  expect_cells({sample(), {R"(bias=[{"kind": "alibi", "slopes": [1, 2.5, 0.123456789, 0]}])"}});
}

TEST_F(Terms, WhatLinearAttentionDoesNotUseIsGreyed) {
  open({"--set", "normalizer=linear", sample()});
  click("term.scale");
  person().click(until_still("popup.knob.softcap.on").center());
  person().press("Escape");
  choose("normalizer", "knob.normalizer", "normalizer.softmax");
  done(1);
  click("term.scale");
  person().click(until_still("popup.knob.softcap.on").center());
  done(2);
}

TEST_F(Terms, MasksChangePlaces) {
  open(
      {"--set", R"(masks=[{"kind": "causal"}, {"kind": "prefix", "length": 3, "combine": "or"}])", sample()});
  click("term.mask");
  person().click(until_still("popup.mask.1.up").center());
  done(1);
  expect_cells(
      {sample(), {R"(masks=[{"kind": "prefix", "length": 3, "combine": "or"}, {"kind": "causal"}])"}});
}

TEST_F(Terms, AHeadHasATemperatureOfItsOwn) {
  open();
  click("term.τ");
  person().click(until_still("popup.knob.temperature.own").center());
  until_fact("step", 1);
  const Rect slider = until_still("popup.knob.temperature.head");
  person().click_with("ctrl", slider.center());
  person().press("ctrl+a");
  person().type("4");
  person().press("Return");
  done(2);
  expect_cells({sample(), {R"(temperature={"all": 1, "heads": {"0": 4}})"}});
}

TEST_F(Terms, WhatADocumentCannotHaveIsGreyed) {
  folder().write("w.json", R"({"tokens": ["a", "b"], "attention": [[1, 0], [0.25, 0.75]]})");
  open({folder() / "w.json"});
  choose("normalizer", "knob.normalizer", "normalizer.sigmoid");
  person().press("Escape");
  person().press("Escape");
  leave_map();
  EXPECT_EQ(now().at("step"), 0);
  choose("normalizer", "knob.normalizer", "normalizer.sparsemax");
  done(1);
}

}  // namespace
}  // namespace attn::gui

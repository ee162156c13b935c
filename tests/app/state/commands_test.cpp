// The table behind menus, keys, the help sheet and scripted tests.
#include "app/state/commands.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/attention/mask.hpp"
#include "tests/app/state/states.hpp"

namespace attn::app::test {
namespace {

bool well_formed(std::string_view id) {
  const auto dot = id.find('.');
  const auto is_word = [](std::string_view word) {
    return !word.empty() &&
           word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
  };
  return dot != std::string_view::npos && is_word(id.substr(0, dot)) && is_word(id.substr(dot + 1));
}

TEST(Commands, HaveIdsAndKeysOfTheirOwn) {
  std::set<std::string_view> ids, keys, labels;
  for (const Command& command : commands()) {
    EXPECT_TRUE(well_formed(command.id)) << command.id;
    EXPECT_TRUE(ids.insert(command.id).second) << command.id << " stands twice";
    EXPECT_TRUE(command.keys.empty() || keys.insert(command.keys).second) << command.keys << " stands twice";
    EXPECT_TRUE(command.menu.empty() || labels.insert(command.label).second)
        << command.label << " stands twice";
    EXPECT_FALSE(command.label.empty()) << command.id;
    EXPECT_TRUE(!command.menu.empty() || !command.keys.empty()) << command.id << " cannot be reached";
    EXPECT_EQ(command_named(command.id), &command);
  }
  EXPECT_EQ(command_named("no.such"), nullptr);
}

AppState run(const AppState& state, std::string_view id) {
  return reduce(state, command_named(id)->action(state)).state;
}

TEST(Commands, StepTheTemperatureOverRoundNumbers) {
  const std::vector<double> round{0.19, 0.2, 0.22, 0.24};
  AppState up = with_map(state_of(rich_document()));
  up = after(up, set("temperature", 0.185));
  for (const double value : round) {
    up = run(up, "knobs.flatter");
    EXPECT_EQ(up.settings.temperature.all, value);
  }
  AppState down = after(up, set("temperature", 1.13));
  for (const double value : {1.1, 1.0, 0.95, 0.9}) {
    down = run(down, "knobs.sharper");
    EXPECT_EQ(down.settings.temperature.all, value);
  }
  EXPECT_EQ(run(after(up, set("temperature", 0.01)), "knobs.sharper").settings.temperature.all, 0.01);
  EXPECT_EQ(run(after(up, set("temperature", 100)), "knobs.flatter").settings.temperature.all, 100);
}

TEST(Commands, ResetEverySettingInOneStep) {
  const AppState start = state_of(rich_document());
  EXPECT_FALSE(command_named("edit.reset_settings")->enabled(start));
  const AppState turned = after(start, set("temperature", 2), set("scale", 3));
  ASSERT_TRUE(command_named("edit.reset_settings")->enabled(turned));
  const AppState reset = run(turned, "edit.reset_settings");
  EXPECT_EQ(reset.settings, start.settings);
  EXPECT_EQ(reset.history.steps.size(), turned.history.steps.size() + 1);
  EXPECT_EQ(after(reset, Undo{}).settings, turned.settings);
}

TEST(Commands, ThatAreOffSayWhy) {
  const AppState start = state_of(rich_document());
  for (const Command& command : commands()) {
    if (command.menu.empty() || command.enabled(start)) continue;
    EXPECT_FALSE(disabled_reason(command).empty()) << command.id;
  }
}

TEST(Commands, ThatAreEnabledDoWhatIsNeverRefused) {
  Document one = *rich_document();
  one.layers.resize(1);
  one.layers[0].heads = one.layers[0].kv_heads = 1;
  one.layers[0].origin = EmbeddingsAsQkv{};
  support::Random random(1);
  for (Sequence& sequence : one.sequences)
    sequence.embeddings = support::random_tensor(random, {sequence.tokens.size(), 4});
  const AppState plain = state_of(rich_document());
  AppState joined = with_map(plain);
  joined.view.head = HeadChoice{HeadChoice::Join::mean};
  for (const AppState& state :
       {plain, with_map(plain), joined, with_map(after(plain, set("temperature", 2), Undo{})),
        with_map(state_of(std::make_shared<const Document>(one)))}) {
    for (const Command& command : commands()) {
      if (!command.enabled(state)) continue;
      const AppState next = reduce(state, command.action(state)).state;
      EXPECT_EQ(next.ui.errors.size(), state.ui.errors.size()) << command.id;
    }
  }
}

TEST(Commands, WithATickTurnItOver) {
  AppState state = with_map(state_of(rich_document()));
  state.computed.sheet.map = state.computed.map;
  std::size_t ticked = 0;
  for (const Command& command : commands()) {
    if (command.ticked == nullptr) continue;
    ++ticked;
    ASSERT_TRUE(command.enabled(state)) << command.id;
    const AppState next = reduce(state, command.action(state)).state;
    EXPECT_NE(command.ticked(next), command.ticked(state)) << command.id;
  }
  EXPECT_GT(ticked, 8u);
}

TEST(Commands, UndoAndRedoAreEnabledWhenThereIsSomething) {
  const auto enabled = [](const AppState& state, const char* id) {
    return command_named(id)->enabled(state);
  };
  const AppState start = state_of(rich_document());
  const AppState changed = after(start, set("temperature", 2));
  EXPECT_FALSE(enabled(start, "edit.undo"));
  EXPECT_TRUE(enabled(changed, "edit.undo"));
  EXPECT_FALSE(enabled(changed, "edit.redo"));
  EXPECT_TRUE(enabled(after(changed, Undo{}), "edit.redo"));
}

TEST(Commands, HeadsAndLayersGoRound) {
  AppState state = with_map(state_of(rich_document()));
  const auto run = [&](const char* id) { state = reduce(state, command_named(id)->action(state)).state; };
  run("heads.next");
  EXPECT_EQ(state.view.head.head, 1);
  run("heads.next");
  EXPECT_EQ(state.view.head.head, 0);
  run("heads.previous");
  EXPECT_EQ(state.view.head.head, 1);
  run("heads.mean");
  EXPECT_EQ(state.view.head.join, HeadChoice::Join::mean);
  run("heads.previous_layer");
  EXPECT_EQ(state.view.layer, 1u);
  run("heads.next_layer");
  EXPECT_EQ(state.view.layer, 0u);
}

TEST(Changes, TwiceToggledIsAsBefore) {
  const AppState start = state_of(rich_document());
  const auto twice = [&](auto toggle) {
    const AppState once = after(start, toggle(start));
    EXPECT_FALSE(once.settings == start.settings);
    return after(once, toggle(once));
  };
  EXPECT_EQ(twice([](const AppState& s) { return toggle_mute(s, 1); }).settings, start.settings);
  EXPECT_EQ(twice([](const AppState& s) { return toggle_solo(s, 0); }).settings, start.settings);
  const AppState masked = twice([](const AppState& s) { return toggle_mask(s, "causal"); });
  EXPECT_EQ(masked.in_force->masks, start.in_force->masks) << "the document's own masks were kept";
}

TEST(Changes, OfTheTemperatureKeepThatOfHeads) {
  const AppState own =
      after(state_of(rich_document()), set("temperature", {{"all", 2}, {"heads", {{"1", 0.5}}}}));
  const AppState next = after(own, set_temperature(own, 3, Gesture::committed));
  EXPECT_EQ(next.settings.temperature, (Temperature{3, {{1, 0.5}}}));
}

TEST(Changes, AMaskIsNamedWithItsValues) {
  const auto label = [](const char* json) {
    return mask_label(read_masks(nlohmann::json::array({nlohmann::json::parse(json)}), "")->front());
  };
  EXPECT_EQ(label(R"({"kind": "causal"})"), "causal");
  EXPECT_EQ(label(R"({"kind": "window", "left": 2})"), "window left 2");
  EXPECT_EQ(label(R"({"kind": "causal", "align": "bottom_right", "negate": true})"),
            "not causal align bottom right");
}

TEST(Changes, TheMasksAreCalledWhatTheyAre) {
  const auto label = [](const char* json) {
    return masks_label(*read_masks(nlohmann::json::parse(json), ""));
  };
  EXPECT_EQ(label("[]"), "none");
  EXPECT_EQ(label(R"([{"kind": "causal"}, {"kind": "window", "negate": true}])"), "causal ∧ ¬window");
  EXPECT_EQ(label(R"([{"kind": "causal"}, {"kind": "padding", "combine": "or"}])"), "causal ∨ padding");
}

}  // namespace
}  // namespace attn::app::test

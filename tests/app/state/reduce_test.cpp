// What single actions do.
#include <algorithm>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "tests/app/state/states.hpp"

namespace attn::app::test {
namespace {

using Json = nlohmann::json;

std::size_t steps(const AppState& state) {
  return state.history.steps.size();
}

template <class Wanted>
std::size_t count(const std::vector<Effect>& effects) {
  return static_cast<std::size_t>(std::ranges::count_if(
      effects, [](const Effect& effect) { return std::holds_alternative<Wanted>(effect); }));
}

AppState drag(AppState state, const std::string& key, std::initializer_list<double> values) {
  for (const double value : values) state = after(std::move(state), set(key, value, Gesture::live));
  return after(std::move(state), set(key, *(values.end() - 1)));
}

TEST(Drag, IsOneStep) {
  const AppState start = state_of(rich_document());
  const AppState once = drag(start, "temperature", {0.9, 0.8, 0.7, 0.6});
  EXPECT_EQ(steps(once), steps(start) + 1);
  EXPECT_EQ(once.settings.temperature.all, 0.6);
  EXPECT_EQ(project_hash(after(once, Undo{}).project), project_hash(start.project));

  const AppState twice = drag(once, "temperature", {0.5, 0.4});
  EXPECT_EQ(steps(twice), steps(start) + 2) << "a second drag of the same knob is a second step";
  EXPECT_EQ(after(twice, Undo{}).settings.temperature.all, 0.6);
  EXPECT_EQ(steps(drag(once, "scale", {0.5, 0.4})), steps(start) + 2);
}

TEST(Drag, ThatBeginsWhereTheKnobStandsKeepsTheStepBefore) {
  const AppState once = drag(state_of(rich_document()), "temperature", {0.6});
  const AppState twice = drag(once, "temperature", {0.6, 0.7, 0.8});
  EXPECT_EQ(steps(twice), steps(once) + 1);
  EXPECT_EQ(after(twice, Undo{}).settings.temperature.all, 0.6);
}

TEST(Drag, ThatMovesNothingIsNoStep) {
  const AppState once = drag(state_of(rich_document()), "temperature", {0.6});
  EXPECT_EQ(steps(drag(once, "temperature", {0.6, 0.6})), steps(once));
}

TEST(Drag, AfterAnUndoForgetsWhatWasUndone) {
  const AppState twice = drag(drag(state_of(rich_document()), "temperature", {0.6}), "temperature", {0.5});
  const AppState other = drag(after(twice, Undo{}), "temperature", {0.9, 0.8});
  EXPECT_EQ(steps(other), 3u);
  EXPECT_EQ(after(other, Redo{}).settings.temperature.all, 0.8) << "nothing to redo";
  EXPECT_EQ(after(other, Undo{}).settings.temperature.all, 0.6);
}

TEST(Drag, IsEndedByAnUndo) {
  const AppState dragged = after(state_of(rich_document()), set("temperature", 0.5, Gesture::live), Undo{},
                                 set("temperature", 0.4, Gesture::live));
  EXPECT_EQ(after(dragged, Undo{}).settings.temperature.all, 1);
}

TEST(Steps, ThatFollowOneAnotherAreOneStepOfTheHistory) {
  const AppState start = state_of(rich_document());
  const AppState stepped =
      after(start, set("temperature", 1.1, Gesture::stepped), set("temperature", 1.2, Gesture::stepped));
  EXPECT_EQ(stepped.history.steps.size(), 2u);
  EXPECT_EQ(after(stepped, set("temperature", 1)).history.steps.size(), 3u) << "a reset is a step of its own";
  EXPECT_EQ(after(stepped, set("temperature", 1, Gesture::live)).history.steps.size(), 3u);
  EXPECT_EQ(after(stepped, Undo{}).settings.temperature.all, 1);
}

TEST(Message, IsOverWithTheNextChange) {
  const AppState said = after(state_of(rich_document()), Say{"Copied"});
  EXPECT_EQ(after(said, Hover{Cell{1, 1}}, MoveCamera{}).ui.message, "Copied");
  EXPECT_EQ(after(said, set("temperature", 2)).ui.message, "");
  EXPECT_EQ(after(said, ShowHead{HeadChoice{HeadChoice::Join::mean}}).ui.message, "");
  EXPECT_NE(after(said, set("temperature", 2), Undo{}).ui.message, "");
}

TEST(SetSetting, ThatIsRefusedListsTheError) {
  const AppState start = after(state_of(rich_document()), set("temperature", 0.5));
  for (const auto& [key, value] : {std::pair<const char*, Json>{"temperature", 0},
                                   {"temperature", "hot"},
                                   {"nonsense", 1},
                                   {"masks", {{{"kind", "no such"}}}},
                                   {"softcap", -30},
                                   {"heads", 0}}) {
    const AppState next = after(start, set(key, value));
    EXPECT_EQ(project_hash(next.project), project_hash(start.project)) << key;
    EXPECT_EQ(next.settings, start.settings) << key;
    ASSERT_EQ(next.ui.errors.size(), 1u) << key;
    EXPECT_NE(describe(next.ui.errors[0]).find(key), std::string::npos) << describe(next.ui.errors[0]);
    EXPECT_EQ(next.ui.dialog, Dialog::errors);
    EXPECT_TRUE(after(next, ClearErrors{}).ui.errors.empty());
  }
}

TEST(DocumentRead, IsAStepThatCanBeUndone) {
  const AppState start = after(state_of(rich_document(1)), set("temperature", 0.5));
  const AppState opened = after(start, DocumentRead{rich_document(2), {}});
  EXPECT_NE(project_hash(opened.project), project_hash(start.project));
  EXPECT_EQ(opened.settings.temperature.all, 1) << "the window's settings belonged to the other document";
  EXPECT_EQ(project_hash(after(opened, Undo{}).project), project_hash(start.project));
}

TEST(DocumentRead, ThatIsRefusedLeavesTheOpenDocument) {
  const AppState start = after(state_of(rich_document(1)), set("temperature", 0.5), Pin{Cell{1, 1}});
  Document wrong = *rich_document(2);
  wrong.layers[1].settings = {{"temperature", 0}};
  wrong.settings = {{"layer", 1}};
  const AppState next = after(start, DocumentRead{std::make_shared<const Document>(wrong), {}});
  EXPECT_TRUE(next.project == start.project);
  EXPECT_EQ(next.ui.pinned, start.ui.pinned);
  EXPECT_EQ(steps(next), steps(start));
  EXPECT_EQ(next.ui.errors.size(), 1u);
}

TEST(Compute, IsAskedForOnlyWhenSomethingElseIsWanted) {
  const AppState start = after(state_of(rich_document()), Say{});
  struct Row {
    const char* what;
    Action action;
    std::size_t computes;
  };
  View logits;
  logits.stage = Stage::logits;
  const std::vector<Row> rows{
      {"a message", Say{"x"}, 0},
      {"the camera", MoveCamera{}, 0},
      {"a dialog", ShowDialog{Dialog::help}, 0},
      {"the same head", ShowHead{}, 0},
      {"another head", ShowHead{HeadChoice{HeadChoice::Join::none, 1}}, 1},
      {"a head that is not there", ShowHead{HeadChoice{HeadChoice::Join::none, 9}}, 0},
      {"another stage", ShowView{logits}, 1},
      {"a row", Hover{Cell{1, 1}}, 1},
      {"a setting", set("temperature", 2), 1},
      {"a refused setting", set("temperature", -2), 0},
      {"another layer", ShowLayer{1}, 1},
  };
  for (const Row& row : rows) {
    const Reduced next = reduce(start, row.action);
    EXPECT_EQ(count<Compute>(next.effects), row.computes) << row.what;
    EXPECT_EQ(next.state.requested->revision, start.requested->revision + row.computes) << row.what;
  }
  const AppState hovered = after(start, Hover{Cell{1, 1}});
  EXPECT_EQ(count<Compute>(reduce(hovered, Hover{Cell{1, 2}}).effects), 0u) << "the same row";
}

TEST(ComputeSheet, OfALargeFileWaitsUntilItIsLookedAt) {
  Document large = *rich_document();
  large.stored_numbers = std::uint64_t{1} << 30;
  const AppState start = after(state_of(std::make_shared<const Document>(std::move(large))), Say{});
  EXPECT_TRUE(start.requested);
  EXPECT_FALSE(start.sheet_requested);
  const AppState grid = after(start, ShowGrid{true});
  EXPECT_TRUE(grid.sheet_requested);
  EXPECT_FALSE(after(grid, ShowGrid{false}).sheet_requested);
}

TEST(ComputeSheet, IsAskedForOnlyWhenAHeadChanges) {
  const AppState start = after(state_of(rich_document()), Say{});
  ASSERT_TRUE(start.sheet_requested);
  struct Row {
    const char* what;
    Action action;
    std::size_t computes;
  };
  View logits;
  logits.stage = Stage::logits;
  View other_colors;
  other_colors.colormap = "magma";
  const std::vector<Row> rows{
      {"a row", Hover{Cell{1, 1}}, 0},
      {"another layer", ShowLayer{1}, 0},
      {"other colours", ShowView{other_colors}, 0},
      {"the same value again", set("temperature", 1), 0},
      {"another stage", ShowView{logits}, 1},
      {"own ranges", SetOwnRange{}, 1},
      {"a setting", set("temperature", 2), 1},
      {"another document", DocumentRead{rich_document(2), {}}, 1},
  };
  for (const Row& row : rows)
    EXPECT_EQ(count<ComputeSheet>(reduce(start, row.action).effects), row.computes) << row.what;
}

TEST(LayerSettings, AreEachLayersOwn) {
  Document document = *rich_document(1, 4);
  document.layers[1].settings = document.layers[2].settings = {{"temperature", 3}};
  document.layers[3].settings = {{"temperature", 5}};
  const SettingsStack stack{{}, {{"scale", 0.5}}, Json::object()};
  const auto layers = settings_of_layers(document, stack);
  ASSERT_TRUE(layers) << describe(layers.error());
  ASSERT_EQ((*layers)->size(), 4u);
  for (std::size_t layer = 0; layer < 4; ++layer)
    EXPECT_EQ((**layers)[layer], resolve_settings(document, layer, stack).value()) << layer;
}

TEST(Export, UnderASuffixThatIsNoPictureIsRefused) {
  const AppState start = with_map(state_of(rich_document()));
  for (const char* name : {"a.jpg", "a", "a.png.txt", ""}) {
    const Reduced next = reduce(start, Export{name});
    EXPECT_EQ(count<WriteFigure>(next.effects), 0u) << name;
    EXPECT_FALSE(next.state.ui.exporting);
    ASSERT_EQ(next.state.ui.errors.size(), 1u);
    EXPECT_NE(describe(next.state.ui.errors[0]).find(".png"), std::string::npos);
  }
  EXPECT_EQ(count<WriteFigure>(reduce(start, Export{"a.png"}).effects), 1u);
}

TEST(MapReady, OfTheNewestRequestIsShown) {
  const AppState start = after(state_of(rich_document()), Say{});
  const AppState shown = with_map(start);
  ASSERT_NE(shown.computed.map, nullptr);
  EXPECT_EQ(shown.computed.map->rows, 4);
  MapResult refused;
  refused.revision = start.requested->revision;
  refused.error = Error{ErrorCode::setting, "", "/settings/masks/0", "x", "y", ""};
  const AppState kept = after(shown, MapReady{refused});
  EXPECT_EQ(kept.computed.map, shown.computed.map) << "the picture stays";
  EXPECT_TRUE(kept.computed.error);
  EXPECT_FALSE(after(kept, MapReady{Engine(1).answer(*start.requested)}).computed.error);
  MapResult foreign = Engine(1).answer(*after(state_of(rich_document(3)), Say{}).requested);
  foreign.revision = 99;
  EXPECT_EQ(after(start, MapReady{foreign}).computed.map, nullptr) << "an answer that nobody asked for";
}

TEST(ProjectHash, SeesEveryPart) {
  const Project project = state_of(rich_document()).project;
  std::vector<Project> others(5, project);
  others[0].document = rich_document(2);
  others[1].settings.window = {{"temperature", 2}};
  others[2].settings.sets = {{"temperature", 2}};
  others[3].settings.files = {{"f", {{"temperature", 2}}}};
  others[4].settings.sets = {{"temperature", 3}};
  for (const Project& other : others) EXPECT_NE(project_hash(other), project_hash(project));
  EXPECT_EQ(project_hash(Project(project)), project_hash(project));
}

}  // namespace
}  // namespace attn::app::test

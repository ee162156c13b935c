// Sessions and settings: what is written is read back as it was.
#include "app/state/session.hpp"

#include <gtest/gtest.h>

#include "tests/app/state/states.hpp"

namespace attn::app::test {
namespace {

using Json = nlohmann::json;

AppState turned() {
  SettingsStack stack;
  stack.files.push_back({"mine.json", {{"scale", 0.5}}});
  stack.sets.push_back({"temperature.heads.1", 2});
  AppState state = state_of(rich_document(), stack);
  state.project.source.path = "/somewhere/document.json";
  View view;
  view.stage = Stage::logits;
  view.colormap = "magma";
  view.range = {-2.0, 3.5};
  return after(std::move(state), set("masks", Json::array({{{"kind", "causal"}, {"offset", 1}}})),
               ShowLayer{1}, ShowHead{HeadChoice{HeadChoice::Join::max}}, ShowView{view},
               MoveCamera{{false, 1.5, 2.25, 40}}, ShowGrid{true}, SetOwnRange{true});
}

AppState reopened(const AppState& saved, std::shared_ptr<const Document> document) {
  auto content = session_from_json(Json::parse(session_to_json(saved).dump()));
  if (!content) throw std::runtime_error(describe(content.error()));
  return after(state_of(rich_document(7)), SessionRead{std::move(document), std::move(*content)});
}

TEST(Session, BringsBackSettingsAndView) {
  const AppState saved = turned();
  const AppState again = reopened(saved, saved.project.document);
  EXPECT_EQ(project_hash(again.project), project_hash(saved.project));
  EXPECT_EQ(again.project, saved.project);
  EXPECT_EQ(again.settings, saved.settings);
  EXPECT_EQ(again.view.view, saved.view.view);
  EXPECT_EQ(again.view.layer, saved.view.layer);
  EXPECT_EQ(again.view.head, saved.view.head);
  EXPECT_EQ(again.view.camera, saved.view.camera);
  EXPECT_TRUE(again.view.grid);
  EXPECT_TRUE(again.view.own_range);
  EXPECT_EQ(session_to_json(again), session_to_json(saved));
}

TEST(Session, SaysWhereTheDocumentHasChanged) {
  const AppState saved = turned();
  EXPECT_EQ(reopened(saved, saved.project.document).ui.message.find("changed"), std::string::npos);
  EXPECT_NE(reopened(saved, rich_document(9)).ui.message.find("changed"), std::string::npos);
}

TEST(Session, IsOneStepOfUndo) {
  const AppState before = state_of(rich_document(7));
  auto content = session_from_json(session_to_json(turned()));
  ASSERT_TRUE(content);
  const AppState opened = after(before, SessionRead{rich_document(), std::move(*content)});
  EXPECT_EQ(project_hash(after(opened, Undo{}).project), project_hash(before.project));
}

TEST(Session, CarriesTextThatCameFromNoFile) {
  AppState state = state_of(rich_document());
  state.project.source.text = std::make_shared<const std::string>("one two three");
  const auto content = session_from_json(session_to_json(state));
  ASSERT_TRUE(content);
  ASSERT_TRUE(content->source.text);
  EXPECT_EQ(*content->source.text, "one two three");
  EXPECT_TRUE(content->source.path.empty());
}

struct Damage {
  const char* key;
  Json value;  ///< null = the key is taken away
  const char* place;
};

TEST(Session, DamagedOnesAreRefusedWithTheirPlace) {
  const std::vector<Damage> damages{
      {"document", nullptr, "/document"},
      {"document", 3, "/document"},
      {"settings", nullptr, "/settings"},
      {"settings", Json::array(), "/settings"},
      {"view", "fit", "/view"},
      {"view", {{"head", "last"}}, "/view/head"},
      {"view", {{"layer", -1}}, "/view/layer"},
      {"view", {{"stage", "wieghts"}}, "/view/stage"},
      {"view", {{"colour", "red"}}, "/view/colour"},
      {"settings", {{"window", 3}}, "/settings/window"},
      {"settings", {{"sets", {3}}}, "/settings/sets"},
  };
  for (const Damage& damage : damages) {
    Json session = session_to_json(turned());
    if (damage.value.is_null()) {
      session.erase(damage.key);
    } else {
      session[damage.key] = damage.value;
    }
    const auto content = session_from_json(session);
    ASSERT_FALSE(content) << damage.key << " " << damage.value;
    EXPECT_NE(content.error().place.find(damage.place), std::string::npos) << describe(content.error());
    EXPECT_FALSE(content.error().expected.empty());
  }
}

TEST(Session, SettingsThatDoNotFitTheDocumentChangeNothing) {
  const AppState before = state_of(rich_document(7));
  auto content = session_from_json(session_to_json(turned()));
  ASSERT_TRUE(content);
  content->settings.window = {{"temperature", -1}};
  const AppState opened = after(before, SessionRead{rich_document(), std::move(*content)});
  EXPECT_EQ(project_hash(opened.project), project_hash(before.project));
  EXPECT_EQ(opened.ui.errors.size(), 1u);
}

TEST(SettingsFile, TakesThePlaceOfTheWindowsSettings) {
  const AppState start = after(state_of(rich_document()), set("temperature", 0.5));
  const AppState read = after(start, SettingsRead{{{"scale", 2}, {"view", {{"stage", "scores"}}}}});
  EXPECT_EQ(read.settings.temperature.all, 1) << "what the window had set is gone";
  EXPECT_EQ(read.settings.scale, (Scale{ScaleKind::number, 2}));
  EXPECT_EQ(read.view.view.stage, Stage::scores);
  EXPECT_EQ(after(read, Undo{}).settings.temperature.all, 0.5);
  const AppState refused = after(start, SettingsRead{{{"temperature", 0}}});
  EXPECT_EQ(project_hash(refused.project), project_hash(start.project));
  EXPECT_EQ(refused.ui.errors.size(), 1u);
}

TEST(SettingsFile, SavedOrCopiedTurnsTheSameKnobs) {
  const AppState from = turned();
  const auto saved = reduce(from, SaveSettings{"s.json"}), copied = reduce(from, CopySettings{});
  const auto* file = saved.effects.empty() ? nullptr : std::get_if<WriteText>(&saved.effects.back());
  const auto* text = copied.effects.empty() ? nullptr : std::get_if<CopyText>(&copied.effects.back());
  ASSERT_TRUE(file != nullptr && text != nullptr);
  EXPECT_EQ(file->path, "s.json");
  EXPECT_EQ(file->text, text->text);
  const Json settings = Json::parse(text->text);
  EXPECT_EQ(kind_of_json(settings), FileKind::settings);
  const AppState to = after(after(state_of(from.project.document), ShowLayer{1}), SettingsRead{settings});
  EXPECT_EQ(to.settings, from.settings);
  EXPECT_EQ(to.view.view, from.view.view);
}

TEST(SettingsFile, IsToldFromADocument) {
  EXPECT_EQ(kind_of_json({{"temperature", 0.5}, {"masks", Json::array()}}), FileKind::settings);
  EXPECT_EQ(kind_of_json({{"tokens", {"a"}}, {"heads", 2}}), FileKind::document);
  EXPECT_EQ(kind_of_json(session_to_json(turned())), FileKind::session);
  EXPECT_EQ(kind_of_json(Json::array({"a", "b"})), FileKind::document);
  EXPECT_EQ(kind_of_json(Json::object()), FileKind::document);
}

TEST(Reload, KeepsSettingsAndView) {
  AppState start = state_of(rich_document(1));
  start.project.source.path = "/somewhere/document.json";
  start = after(start, set("temperature", 0.5), ShowLayer{1}, MoveCamera{{false, 1, 1, 30}});
  const AppState again = after(start, DocumentRead{rich_document(2), start.project.source, true});
  EXPECT_EQ(again.settings.temperature.all, 0.5);
  EXPECT_EQ(again.view.layer, 1u);
  EXPECT_EQ(again.view.camera, start.view.camera);
  EXPECT_NE(project_hash(again.project), project_hash(start.project));
  const AppState fewer = after(start, DocumentRead{rich_document(3, 1), start.project.source, true});
  EXPECT_EQ(fewer.view.layer, 0u) << "the layer that is gone is left";
}

TEST(Reload, IsAskedForUnlessItIsAutomatic) {
  AppState start = state_of(rich_document());
  start.project.source.path = "/somewhere/document.json";
  const Reduced asked = reduce(start, FileChanged{});
  EXPECT_TRUE(asked.state.ui.changed_on_disk);
  start.preferences.auto_reload = true;
  const Reduced automatic = reduce(start, FileChanged{});
  EXPECT_FALSE(automatic.state.ui.changed_on_disk);
  EXPECT_TRUE(std::ranges::any_of(
      automatic.effects, [](const Effect& effect) { return std::holds_alternative<ReadFile>(effect); }));
}

TEST(PreferencesJson, ComeBackAndSurviveDamage) {
  Preferences likes;
  likes.dark = false;
  likes.scale = 1.3;
  likes.auto_reload = true;
  likes.figure.theme = Theme::dark;
  EXPECT_EQ(preferences_from_json(preferences_to_json(likes)), likes);
  EXPECT_EQ(preferences_from_json(Json::array()), Preferences{});
  EXPECT_EQ(preferences_from_json({{"scale", "huge"}, {"theme", 3}}), Preferences{});
  EXPECT_EQ(preferences_from_json({{"scale", 1e9}}).scale, 2.5);
}

}  // namespace
}  // namespace attn::app::test

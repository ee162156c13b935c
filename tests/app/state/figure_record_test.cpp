// What a figure's file carries, and the way back from it.
#include "app/state/figure_record.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/state/figure_names.hpp"
#include "app/state/map_text.hpp"
#include "app/state/session.hpp"
#include "tests/app/state/states.hpp"

namespace attn::app::test {
namespace {

using Json = nlohmann::json;

std::shared_ptr<const Document> named_document(const std::string& path) {
  Document document = *rich_document();
  document.source = path;
  return std::make_shared<const Document>(std::move(document));
}

// A window where much is turned.
AppState turned(const std::string& path = "/home/someone/secret/cats.json") {
  FigureOptions options;
  options.dpi = 300;
  options.title = "mine";
  View view;
  view.stage = Stage::logits;
  view.colormap = "magma";
  return with_map(after(state_of(named_document(path)), set("temperature", 2), ShowLayer{1},
                        ShowHead{HeadChoice{HeadChoice::Join::max}}, ShowView{view}, SetFigure{options}));
}

FigureRecord read(const std::string& json) {
  auto record = figure_record_from(json);
  if (!record) throw std::runtime_error(describe(record.error()));
  return std::move(*record);
}

TEST(FigureRecord, BringsTheSameFigureBack) {
  const AppState saved = turned();
  const std::string json = figure_job(saved).metadata;
  const FigureRecord record = read(json);
  EXPECT_EQ(record.document, "cats.json");
  SessionContent session = record.session;
  session.source.path = "/elsewhere/cats.json";
  const AppState again =
      after(state_of(rich_document(7)), SessionRead{saved.project.document, session, true});
  EXPECT_EQ(again.ui.errors.size(), 0u);
  EXPECT_EQ(again.settings, saved.settings);
  EXPECT_EQ(again.view.view, saved.view.view);
  EXPECT_EQ(again.view.layer, saved.view.layer);
  EXPECT_EQ(again.view.head, saved.view.head);
  EXPECT_EQ(again.view.figure, saved.view.figure);
  EXPECT_EQ(figure_job(again).metadata, json);
}

TEST(FigureRecord, HoldsNoFolder) {
  AppState state = turned();
  state.project.settings.files.push_back({"/home/someone/settings.json", {{"scale", 0.5}}});
  const std::string json = figure_job(after(std::move(state), Say{})).metadata;
  EXPECT_EQ(json.find("someone"), std::string::npos) << json;
  EXPECT_NE(json.find("cats.json"), std::string::npos) << json;
}

TEST(FigureRecord, IsTheSameHoweverTheSettingsWereGiven) {
  const auto document = named_document("d.json");
  const SettingsStack by_window{{}, {}, {{"temperature", 2}}};
  const SettingsStack by_call{{}, {{"temperature", 2}}, Json::object()};
  const SettingsStack by_file{{{"a.json", {{"temperature", 2}}}}, {}, Json::object()};
  const auto of = [&](const SettingsStack& stack) {
    return figure_record({document, stack, 0, {}, {}, {}, {}});
  };
  EXPECT_EQ(of(by_window), of(by_call));
  EXPECT_EQ(of(by_window), of(by_file));
  EXPECT_NE(of(by_window), of({}));
}

// A document of two layers that have settings of their own.
std::shared_ptr<const Document> differing_layers() {
  Document document = *rich_document();
  document.source = "d.json";
  document.layers[0].settings = {{"masks", {{{"kind", "window"}, {"left", 2}}}}, {"temperature", 1}};
  document.layers[1].settings = {{"masks", {{{"kind", "window"}, {"left", 3}}, "causal"}},
                                 {"temperature", 3}};
  return std::make_shared<const Document>(std::move(document));
}

TEST(FigureRecord, HoldsTheSettingsOfEveryLayer) {
  const auto document = differing_layers();
  const SettingsStack none;
  for (const SettingsStack& stack :
       {none, SettingsStack{{}, {{"masks.0.right", 1}}, Json::object()},
        SettingsStack{{}, {{"temperature.heads.0", 2}, {"masks.0.left", 1}}, {{"scale", 0.5}}},
        SettingsStack{{{"a.json", {{"masks", {"causal"}}}}}, {{"temperature", 2}}, {{"scale", 0.5}}}}) {
    for (std::size_t shown : {0u, 1u}) {
      const std::string json = figure_record({document, stack, shown, {}, {}, {}, {}});
      const SettingsStack back = read(json).session.settings;
      for (std::size_t layer : {0u, 1u}) {
        EXPECT_EQ(resolve_settings(*document, layer, back).value(),
                  resolve_settings(*document, layer, stack).value())
            << json;
      }
      EXPECT_EQ(figure_record({document, back, shown, {}, {}, {}, {}}), json) << "again";
    }
  }
}

TEST(FigureRecord, ALayerThatRefusesTheSettingsIsNotAsked) {
  Document document = *differing_layers();
  document.layers[1].settings["masks"] = Json::array();
  const SettingsStack stack{{}, {{"masks.0.left", 1}}, Json::object()};
  ASSERT_FALSE(resolve_settings(document, 1, stack));
  const auto shared = std::make_shared<const Document>(document);
  const SettingsStack back = read(figure_record({shared, stack, 0, {}, {}, {}, {}})).session.settings;
  EXPECT_EQ(resolve_settings(document, 0, back).value(), resolve_settings(document, 0, stack).value());
}

TEST(FigureRecord, IsLeftOutWhereTheOptionsSaySo) {
  FigureOptions options;
  options.metadata = false;
  EXPECT_EQ(figure_job(after(turned(), SetFigure{options})).metadata, "");
}

TEST(FigureRecord, HoldsTheTextThatADocumentCameFrom) {
  const std::string text = "a cat sat";
  const auto document = named_document("pasted text");
  const FigureRecord record = read(figure_record({document, {}, 0, {}, {}, {}, {}}, &text));
  ASSERT_TRUE(record.session.source.text);
  EXPECT_EQ(*record.session.source.text, text);
  EXPECT_EQ(record.document, "");
}

TEST(FigureRecord, ABrokenOneIsRefusedWithItsPlace) {
  const Json good = Json::parse(figure_job(turned()).metadata);
  struct Row {
    const char* key;
    Json value;
    const char* words;
  };
  for (const Row& row :
       {Row{"format", "attnscope-figure/9", "/format"}, Row{"document", 3, "/document"},
        Row{"index", -1, "/index"}, Row{"settings", 3, "/settings"},
        Row{"settings", {{"temprature", 1}}, "temprature"}, Row{"sets", {{{"path", 1}}}, "/sets"},
        Row{"sets", 3, "/sets"}, Row{"view", 3, "/view"}, Row{"view", {{"stage", "wights"}}, "wights"},
        Row{"view", {{"layer", "x"}}, "/view/layer"}, Row{"figure", {{"dpi", "many"}}, "/figure/dpi"},
        Row{"text", 3, "/text"}}) {
    Json broken = good;
    broken[row.key] = row.value;
    const auto read_back = figure_record_from(broken.dump());
    ASSERT_FALSE(read_back) << row.key;
    EXPECT_NE(describe(read_back.error()).find(row.words), std::string::npos) << describe(read_back.error());
  }
  for (const char* text : {"", "{", "[]", "{}", "3", R"({"format": "attnscope-figure/1", "format": "x"})"})
    EXPECT_FALSE(figure_record_from(text)) << text;
}

TEST(FigureRecord, NamesNoFolderToLookIn) {
  Json record = Json::parse(figure_job(turned()).metadata);
  record["document"] = "../../etc/passwd";
  EXPECT_EQ(read(record.dump()).document, "passwd");
}

TEST(FigureOfAnotherDocument, IsAWarningOrARefusal) {
  const FigureRecord record = read(figure_job(turned()).metadata);
  const AppState warned =
      after(state_of(rich_document(7)), SessionRead{rich_document(9), record.session, true});
  ASSERT_EQ(warned.ui.errors.size(), 1u);
  EXPECT_EQ(warned.ui.errors[0].code, ErrorCode::changed);
  EXPECT_EQ(warned.settings.temperature.all, 2);
  const AppState start = state_of(rich_document(7));
  const AppState refused = after(start, SessionRead{rich_document(9, 1), record.session, true});
  ASSERT_EQ(refused.ui.errors.size(), 1u);
  EXPECT_NE(describe(refused.ui.errors[0]).find("a layer below 1"), std::string::npos);
  EXPECT_EQ(refused.project, start.project);
}

TEST(Preview, IsAskedForWhileThePanelIsOpenAndOnlyWhereSomethingChanged) {
  const auto asked = [](const AppState& state, const Action& action) {
    const auto effects = reduce(state, action).effects;
    return std::ranges::any_of(effects,
                               [](const Effect& one) { return std::holds_alternative<ComposePreview>(one); });
  };
  AppState state = with_map(state_of(rich_document()));
  EXPECT_FALSE(asked(state, SetPreviewRoom{400, 300}));
  state = after(std::move(state), SetPreviewRoom{400, 300});
  EXPECT_TRUE(asked(state, ShowDialog{Dialog::export_figure}));
  state = after(std::move(state), ShowDialog{Dialog::export_figure});
  EXPECT_FALSE(asked(state, Say{}));
  FigureOptions dark;
  dark.theme = Theme::dark;
  EXPECT_TRUE(asked(state, SetFigure{dark}));
  EXPECT_TRUE(asked(state, SetPreviewRoom{401, 300}));
  FigurePreview late;
  late.revision = state.preview_requested->revision;
  late.width = 7;
  EXPECT_EQ(after(state, PreviewReady{late}).computed.preview.width, 7);
  EXPECT_EQ(after(state, SetFigure{dark}, PreviewReady{late}).computed.preview.width, 0)
      << "of older options";
  EXPECT_TRUE(asked(after(state, ShowDialog{}), ShowDialog{Dialog::export_figure})) << "opened again";
}

TEST(LastChoices, AreRememberedWithoutTheWordsOfADocument) {
  FigureOptions options;
  options.dpi = 300;
  options.title = "of this document";
  const AppState written = after(with_map(state_of(rich_document())), SetFigure{options}, Export{"a.png"});
  EXPECT_EQ(written.preferences.figure.dpi, 300);
  EXPECT_FALSE(written.preferences.figure.title);
  EXPECT_EQ(preferences_from_json(preferences_to_json(written.preferences)), written.preferences);
  EXPECT_EQ(after(written, DocumentRead{rich_document(2), {}}).view.figure, written.preferences.figure);
}

TEST(FigureNames, DoubledBracesStandForThemselves) {
  const std::string name = "a{b}}c.png";
  const auto names = FigureNames::parse(braces_doubled(name));
  ASSERT_TRUE(names);
  EXPECT_FALSE(names->differ());
  EXPECT_EQ(names->name_of({}), name);
}

TEST(MapText, HasLabelsAndLeavesMaskedCellsEmpty) {
  const AppState state = with_map(state_of(rich_document()));
  const StageMap& map = *state.computed.map;
  const std::vector<std::string> rows{"a\tb", "", "c", "d"};
  const std::string text = map_text(map, rows, {});
  std::string expected = "\t0\t1\t2\t3\t4\n";
  for (Index i = 0; i < map.rows; ++i) {
    expected += i == 0 ? "a\\tb" : rows[static_cast<std::size_t>(i)];
    for (Index j = 0; j < map.columns; ++j) {
      expected += "\t";
      if (map.cell_class(i, j) == CellClass::value) expected += fmt::format("{:.9g}", map.value(i, j));
    }
    expected += "\n";
  }
  EXPECT_EQ(text, expected);
}

}  // namespace
}  // namespace attn::app::test

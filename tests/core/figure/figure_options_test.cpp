#include "core/figure/figure_options.hpp"

#include <set>

#include <gtest/gtest.h>

#include "core/figure/figure_kinds.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;

std::string refusal(const Json& object) {
  const auto options = figure_options_from_json(object);
  return options ? "" : describe(options.error());
}

FigureOptions read(const Json& object) {
  const auto options = figure_options_from_json(object);
  if (!options) ADD_FAILURE() << describe(options.error());
  return options.value_or(FigureOptions{});
}

// One value of each option that is not its default.
const Json kOther = Json::parse(R"({
  "kind": "heads", "preset": "slide", "theme": "dark", "transparent": true, "bare": false, "cell": 4,
  "metadata": false, "stages": ["q", "context"], "other": {"layer": 1, "head": "mean", "set": ["temperature=2"]},
  "ranges": "own", "columns": 3, "profiles": true, "title": "", "caption": "Below", "row_axis": "rows",
  "column_axis": "columns", "value_name": "α", "row_labels": [1, 3], "column_labels": "none", "label_size": 9.5,
  "label_angle": 45, "highlight_rows": [2], "highlight_columns": [0, 1], "color_bar": "below", "ticks": 3,
  "width": "3.25in", "height": 300, "margin": "5pt", "dpi": 120, "sweep": {"over": "head", "values": [0.0, 2.0]}})");

TEST(FigureOptions, EveryRowHasANameAGroupAMeaningAndADefaultThatIsRead) {
  std::set<std::string> names;
  for (const FigureOption& option : figure_options()) {
    const std::string name(option.parameter.name);
    EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
    EXPECT_FALSE(option.group.empty() || option.parameter.meaning.empty()) << name;
    const Json fallback = Json::parse(option.parameter.fallback, nullptr, false);
    ASSERT_FALSE(fallback.is_discarded()) << name;
    EXPECT_EQ(option.get(option.parameter, FigureOptions{}), fallback) << name;
    EXPECT_EQ(read({{name, fallback}}), FigureOptions{}) << name;
  }
}

TEST(FigureOptions, EachIsReadAloneAndWrittenBack) {
  for (const FigureOption& option : figure_options()) {
    const std::string name(option.parameter.name);
    ASSERT_TRUE(kOther.contains(name)) << name;
    Json object{{name, kOther[name]}};
    const FigureOptions options = read(object);
    EXPECT_EQ(option.get(option.parameter, options), kOther[name]) << name;
    if (name == "bare") object.clear();
    EXPECT_EQ(to_json(options), object) << name;
    EXPECT_EQ(read(to_json(options)), options) << name;
  }
  EXPECT_EQ(read(to_json(read(kOther))), read(kOther));
  EXPECT_EQ(to_json(FigureOptions{}), Json::object());
}

TEST(FigureOptions, WrongValuesAndNamesAreRefusedAtTheirPlace) {
  for (const FigureOption& option : figure_options()) {
    const std::string name(option.parameter.name);
    const std::string wrong = refusal({{name, Json::array({Json::object()})}});
    EXPECT_NE(wrong.find("/figure/" + name), std::string::npos) << name << ": " << wrong;
    const std::string typo = refusal({{name + "x", 1}});
    EXPECT_NE(typo.find("Did you mean \"" + name + "\"?"), std::string::npos) << typo;
  }
  EXPECT_NE(refusal(Json::array()).find("an object"), std::string::npos);
  EXPECT_NE(refusal({{"width", "8.5 furlongs"}}).find("px, mm, cm, in or pt"), std::string::npos);
  EXPECT_NE(refusal({{"other", {{"haed", 1}}}}).find("/figure/other/haed"), std::string::npos);
  EXPECT_NE(refusal({{"other", {{"set", {"temperature"}}}}}).find("path=value"), std::string::npos);
  EXPECT_NE(refusal({{"kind", "compare"}}).find("/figure/other"), std::string::npos);
  EXPECT_NE(refusal({{"kind", "heads"}, {"bare", true}}).find("/figure/bare"), std::string::npos);
  for (const char* sized : {"width", "height"})
    EXPECT_NE(refusal({{sized, "9cm"}, {"bare", true}}).find("/figure/bare"), std::string::npos) << sized;
  EXPECT_NE(refusal({{"title", std::string("\xff")}}).find("/figure/title"), std::string::npos);
  EXPECT_NE(refusal({{"title", 2024}}).find("In quotes it is a text: \"2024\"."), std::string::npos);
  EXPECT_NE(refusal({{"sweep", {{"values", {-1, 0}}}}}).find("a list of numbers from 0 to 1e9"),
            std::string::npos);
  EXPECT_NE(refusal({{"sweep", {{"over", "head"}, {"values", {0.5}}}}}).find("whole numbers"),
            std::string::npos);
  EXPECT_NE(refusal({{"sweep", {{"values", Json::array()}}}}).find("1 to 500 frames"), std::string::npos);
  // So many that their list would not fit the memory, were it made.
  const Json endless{{"over", "layer"}, {"from", 0}, {"to", 1e9}};
  EXPECT_NE(refusal({{"sweep", endless}}).find("1 to 500 frames, found 501"), std::string::npos);
}

TEST(FigureOptions, OwnOptionsWinOverThePresets) {
  for (const FigurePreset& preset : figure_presets()) {
    const std::string name(preset.name);
    EXPECT_FALSE(preset.meaning.empty()) << name;
    EXPECT_EQ(to_json(read({{"preset", name}})), name == "none" ? Json::object() : Json({{"preset", name}}));
    const Json of_preset = Json::parse(preset.options);
    FigureOptions options = read({{"preset", name}});
    options.preset = "none";
    EXPECT_EQ(read(of_preset), options);
    for (const auto& [key, value] : of_preset.items()) {
      const Json own = kOther[key] == value ? Json("none of these words") : kOther[key];
      EXPECT_EQ(to_json(read({{"preset", name}, {key, own}})), Json({{"preset", name}, {key, own}})) << key;
    }
  }
}

TEST(FigureOptions, ASweepMakesItsValues) {
  const auto values = [](const Json& sweep) { return read({{"sweep", sweep}}).sweep->values; };
  EXPECT_EQ(values({{"from", 1}, {"to", 2}, {"steps", 3}}), (std::vector<double>{1, 1.5, 2}));
  EXPECT_EQ(values({{"over", "head"}, {"from", 3}, {"to", 1}}), (std::vector<double>{3, 2, 1}));
  EXPECT_EQ(values({{"from", 2}, {"to", 5}, {"steps", 1}}), (std::vector<double>{2}));
  EXPECT_EQ(values({{"over", "layer"}, {"from", 1}, {"to", 500}}).size(), 500u);
}

TEST(FigureKindNames, AreTheChoicesOfTheOption) {
  for (std::size_t i = 0; i < kFigureKinds.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kFigureKinds[i].kind), i);
    Json object{{"kind", kFigureKinds[i].name}, {"other", Json::object()}};
    EXPECT_EQ(read(object).kind, kFigureKinds[i].kind);
  }
}

}  // namespace
}  // namespace attn

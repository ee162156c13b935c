// The tables that the settings reader, the panels, the help and the documentation are made from.
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "core/attention/families.hpp"
#include "core/attention/mask.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/settings.hpp"
#include "core/attention/stage.hpp"

namespace attn::test {
namespace {

using Json = nlohmann::json;

std::string refusal(const Json& settings) {
  const auto checked = check_settings(settings, "");
  return checked ? "" : describe(checked.error());
}

// Each row has a name that no other has, in lower case, and words for people.
template <class Rows, class Words>
void expect_well_named(const Rows& rows, Words words) {
  std::set<std::string> names;
  for (const auto& row : rows) {
    const std::string name(row.name);
    EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789W"), std::string::npos) << name;
    EXPECT_FALSE(words(row).empty()) << name;
  }
}

void expect_good_parameters(std::span<const Parameter> parameters, const std::string& owner) {
  expect_well_named(parameters, [](const Parameter& row) { return row.meaning; });
  for (const Parameter& parameter : parameters) {
    const Json wrong_value = Json::object();
    const auto wrong = read_parameter(parameter, wrong_value, "/here");
    ASSERT_FALSE(wrong) << owner << "." << parameter.name;
    EXPECT_EQ(wrong.error().place, "/here");
    if (!parameter.start.empty()) {
      EXPECT_TRUE(read_parameter(parameter, Json::parse(parameter.start), ""))
          << owner << "." << parameter.name;
    }
    if (parameter.fallback.empty()) {
      EXPECT_TRUE(parameter.type == ParameterType::tensor || !parameter.start.empty())
          << owner << "." << parameter.name;
      continue;
    }
    const Json fallback = Json::parse(parameter.fallback, nullptr, false);
    ASSERT_FALSE(fallback.is_discarded()) << owner << "." << parameter.name;
    const auto read = read_parameter(parameter, fallback, "");
    ASSERT_TRUE(read) << owner << "." << parameter.name;
    EXPECT_EQ(*read, fallback);
  }
}

// Settings that hold one term of the family.
Json settings_with(const Family& family, const Json& term) {
  return {{std::string(family.setting), family.is_list ? Json::array({term}) : term}};
}

TEST(Tables, EveryKindOfEveryFamilyIsReadAndItsMistakesAreNamed) {
  for (const Family& family : families()) {
    std::set<std::string> names;
    for (const KindInfo* kind : family.kinds()) {
      const std::string name(kind->name);
      EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
      EXPECT_FALSE(kind->meaning.empty()) << name;
      EXPECT_TRUE(!kind->formula.empty() || name == "none") << name;
      expect_good_parameters(kind->parameters, name);
      Json term = starting_term(*kind);
      EXPECT_EQ(refusal(settings_with(family, term)), "");
      term["no_such"] = 1;
      EXPECT_NE(refusal(settings_with(family, term)).find("no_such"), std::string::npos) << name;
      const std::string typo = refusal(settings_with(family, {{"kind", name + "x"}}));
      EXPECT_NE(typo.find("Did you mean \"" + name + "\"?"), std::string::npos) << typo;
    }
    EXPECT_TRUE(names.contains(std::string(family.example))) << family.setting;
  }
  EXPECT_EQ(mask_kind_named("no_such"), nullptr);
  EXPECT_EQ(mask_kinds().size(), 15u) << "FORMAT.md has fifteen masks";
}

TEST(Tables, FamiliesAreSettings) {
  EXPECT_EQ(family_named("no_such"), nullptr);
  for (const Family& family : families()) {
    EXPECT_EQ(family_named(family.setting), &family);
    expect_good_parameters(family.common(), std::string(family.setting));
    const std::string one = std::string(family.setting);
    EXPECT_EQ(refusal(settings_with(family, family.example)), "") << one;
    const std::string alone = refusal({{one, family.example}});
    if (!family.is_list) continue;
    const std::string list = "[\"" + std::string(family.example) + "\"]";
    EXPECT_NE(alone.find("One alone is a list, too: " + list), std::string::npos) << alone;
    const std::string wrong = refusal({{one, "no_such"}});
    EXPECT_NE(wrong.find("For example " + list), std::string::npos) << wrong;
  }
}

TEST(Tables, AParameterWithoutDefaultMustBeGiven) {
  EXPECT_NE(refusal({{"masks", {{{"kind", "block"}}}}}).find("\"size\": a whole number"), std::string::npos);
  EXPECT_NE(refusal({{"normalizer", {{"kind", "top_k"}}}}).find("\"k\""), std::string::npos);
}

TEST(Tables, Scales) {
  expect_well_named(scale_rows(), [](const ScaleRow& row) { return row.formula; });
  for (const ScaleRow& row : scale_rows()) {
    EXPECT_EQ(refusal({{"scale", row.name}}), "");
    EXPECT_EQ(scale_to_json(Scale{row.kind}), row.name);
    EXPECT_EQ(scale_label(Scale{row.kind}), row.formula);
  }
  EXPECT_EQ(scale_to_json(Scale{ScaleKind::number, 0.125}), 0.125);
}

TEST(Tables, SettingKeys) {
  expect_well_named(setting_keys(), [](const SettingKey& row) { return row.meaning; });
  expect_well_named(setting_keys(), [](const SettingKey& row) { return row.values; });
  for (const SettingKey& key : setting_keys()) {
    const std::string name(key.name);
    const Json fallback = Json::parse(key.fallback, nullptr, false);
    ASSERT_FALSE(fallback.is_discarded()) << name;
    EXPECT_EQ(refusal({{name, fallback}}), "");
    const std::string wrong = refusal({{name, "no such thing"}});
    EXPECT_NE(wrong.find("/" + name), std::string::npos) << name << " takes any word: " << wrong;
    const std::string typo = refusal({{name + "x", 1}});
    EXPECT_NE(typo.find("Did you mean \"" + name + "\"?"), std::string::npos) << typo;
  }
}

TEST(Tables, SettingsWithTheirDefaultsAreTheDefaultSettings) {
  Document document;
  document.layers.push_back({});
  const auto settings = resolve_settings(document, 0, {});
  ASSERT_TRUE(settings);
  EXPECT_EQ(*settings, Settings{});
  EXPECT_EQ(without_defaults(*effective_settings(document, 0, {})), Json::object());
}

TEST(Tables, Stages) {
  expect_well_named(kStages, [](const StageInfo& row) { return row.meaning; });
  for (const StageInfo& row : kStages) {
    EXPECT_EQ(stage_named(row.name), row.stage);
    EXPECT_EQ(info(row.stage).name, row.name);
  }
  EXPECT_FALSE(stage_named("no_such"));
}

}  // namespace
}  // namespace attn::test

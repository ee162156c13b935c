// The tables that the settings reader, the panels, the help and the documentation are made from.
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "core/attention/mask.hpp"
#include "core/attention/normalizer.hpp"
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
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789"), std::string::npos) << name;
    EXPECT_FALSE(words(row).empty()) << name;
  }
}

void expect_good_parameters(std::span<const Parameter> parameters, const std::string& owner) {
  expect_well_named(parameters, [](const Parameter& row) { return row.meaning; });
  for (const Parameter& parameter : parameters) {
    const Json fallback = Json::parse(parameter.fallback, nullptr, false);
    ASSERT_FALSE(fallback.is_discarded()) << owner << "." << parameter.name;
    const auto read = read_parameter(parameter, fallback, "");
    ASSERT_TRUE(read) << owner << "." << parameter.name;
    EXPECT_EQ(*read, fallback);
    const auto wrong = read_parameter(parameter, Json::object(), "/here");
    ASSERT_FALSE(wrong) << owner << "." << parameter.name;
    EXPECT_EQ(wrong.error().place, "/here");
  }
}

TEST(Tables, Masks) {
  expect_well_named(mask_kinds(), [](const MaskKind& row) { return row.formula; });
  expect_well_named(mask_kinds(), [](const MaskKind& row) { return row.meaning; });
  for (const MaskKind& kind : mask_kinds()) {
    const std::string name(kind.name);
    EXPECT_EQ(mask_kind_named(name), &kind);
    expect_good_parameters(kind.parameters, name);
    EXPECT_EQ(refusal({{"masks", {{{"kind", name}}}}}), "");
    const std::string typo = refusal({{"masks", {{{"kind", name + "x"}}}}});
    EXPECT_NE(typo.find("Did you mean \"" + name + "\"?"), std::string::npos) << typo;
    EXPECT_NE(refusal({{"masks", {{{"kind", name}, {"no_such", 1}}}}}), "");
  }
  EXPECT_EQ(mask_kind_named("no_such"), nullptr);
}

TEST(Tables, Scales) {
  expect_well_named(scale_rows(), [](const ScaleRow& row) { return row.formula; });
  for (const ScaleRow& row : scale_rows()) {
    EXPECT_EQ(refusal({{"scale", row.name}}), "");
    EXPECT_EQ(scale_to_json(Scale{row.kind}), row.name);
    EXPECT_EQ(scale_label(Scale{row.kind}), row.formula);
    EXPECT_TRUE(scale_factor(Scale{row.kind}, {4, 16})) << row.name;
  }
  EXPECT_EQ(scale_to_json(Scale{ScaleKind::number, 0.125}), 0.125);
}

TEST(Tables, Normalizers) {
  expect_well_named(normalizer_kinds(), [](const NormalizerKind& row) { return row.meaning; });
  for (const NormalizerKind& kind : normalizer_kinds()) {
    EXPECT_EQ(normalizer_named(kind.name), &kind);
    expect_good_parameters(kind.parameters, std::string(kind.name));
    EXPECT_EQ(refusal({{"normalizer", {{"kind", kind.name}}}}), "");
  }
  EXPECT_EQ(normalizer_named("no_such"), nullptr);
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

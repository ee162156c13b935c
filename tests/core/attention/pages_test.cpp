// The pages, the schema and FORMAT.md are made from the tables: each row is found in all of them.
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "core/attention/expression.hpp"
#include "core/attention/families.hpp"
#include "core/attention/help_pages.hpp"
#include "core/attention/markdown.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/settings.hpp"
#include "core/attention/settings_schema.hpp"
#include "core/base/text.hpp"

namespace attn::test {
namespace {

using Json = nlohmann::json;

// The words of `text` with one space between them: pages break lines where they like.
std::string one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string part_named(const std::string& name) {
  for (const MarkdownPart& part : markdown_parts()) {
    if (part.name == name) return part.text;
  }
  ADD_FAILURE() << "no part " << name;
  return {};
}

// As a cell of a Markdown table has it.
std::string in_a_cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

void expect_parameter_everywhere(const Parameter& parameter, const std::string& kind, const std::string& page,
                                 const std::string& part, const Json& schema) {
  const std::string name(parameter.name);
  for (const std::string& words : {name + " ", allowed_values(parameter) + "; " + default_words(parameter),
                                   std::string(parameter.meaning)})
    EXPECT_TRUE(holds(page, words)) << kind << ": " << words;
  const std::string row = "| `" + name + "` | " +
                          in_a_cell(allowed_values(parameter) + "; " + default_words(parameter)) + " | " +
                          in_a_cell(std::string(parameter.meaning)) + " |";
  EXPECT_TRUE(holds(part, row)) << kind << ": " << row;
  ASSERT_TRUE(schema["properties"].contains(name)) << kind << "." << name;
  EXPECT_EQ(schema["properties"][name], parameter_schema(parameter));
  EXPECT_EQ(schema["properties"][name]["description"], parameter.meaning);
}

TEST(Pages, HaveEveryKindAndEveryParameter) {
  const Json definitions = settings_schema()["$defs"];
  for (const Family& family : families()) {
    const std::string setting(family.setting);
    const std::string page = one_line(help_page(setting));
    const std::string part = part_named(setting);
    const Json& forms = definitions[setting]["anyOf"];
    const Kinds kinds = family.kinds();
    ASSERT_EQ(forms.size(), kinds.size() + 1) << setting;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      const KindInfo& kind = *kinds[i];
      const std::string name(kind.name);
      const Json& schema = forms[i + 1];
      EXPECT_EQ(schema["properties"]["kind"]["const"], name);
      EXPECT_EQ(forms[0]["enum"].dump().find("\"" + name + "\"") != std::string::npos, stands_alone(kind))
          << name;
      EXPECT_EQ(
          check_settings({{setting, family.is_list ? Json::array({name}) : Json(name)}}, "").has_value(),
          stands_alone(kind))
          << name;
      for (const std::string_view words : {kind.name, kind.formula, kind.meaning})
        EXPECT_TRUE(holds(page, words)) << words;
      EXPECT_TRUE(holds(part, "| `" + name + "` |")) << name;
      for (const std::string_view words : {kind.formula, kind.meaning})
        EXPECT_TRUE(holds(part, in_a_cell(std::string(words)))) << words;
      EXPECT_EQ(schema["properties"].size(), 1 + kind.parameters.size() + family.common().size()) << name;
      for (const Parameter& parameter : kind.parameters)
        expect_parameter_everywhere(parameter, name, page, part, schema);
      for (const Parameter& parameter : family.common())
        expect_parameter_everywhere(parameter, name, page, part, schema);
    }
  }
}

TEST(Pages, HaveEverySetting) {
  const std::string page = one_line(help_page("settings"));
  const std::string part = part_named("settings");
  const Json schema = settings_schema();
  EXPECT_EQ(schema["properties"].size(), setting_keys().size());
  for (const SettingKey& key : setting_keys()) {
    const std::string name(key.name);
    for (const std::string_view words : {key.name, key.values, key.meaning})
      EXPECT_TRUE(holds(page, words)) << words;
    EXPECT_TRUE(holds(settings_summary(), name + " "));
    EXPECT_TRUE(holds(part, "| `" + name + "` | " + std::string(key.values) + " | `" +
                                std::string(key.fallback) + "` | " + in_a_cell(std::string(key.meaning)) +
                                " |"))
        << name;
    ASSERT_TRUE(schema["properties"].contains(name)) << name;
    EXPECT_EQ(schema["properties"][name]["default"], Json::parse(key.fallback));
  }
}

TEST(Pages, HaveEveryScaleStageAndTheExpressions) {
  const Json schema = settings_schema();
  const std::string scales = schema["properties"]["scale"].dump();
  for (const ScaleRow& row : scale_rows()) {
    const std::string name(row.name);
    EXPECT_TRUE(holds(one_line(help_page("scale")), name + " " + std::string(row.formula))) << name;
    EXPECT_TRUE(holds(part_named("scale"), "| `" + name + "` | " + std::string(row.formula) + " |")) << name;
    EXPECT_TRUE(holds(scales, "\"" + name + "\"")) << name;
  }
  const std::string stages = one_line(help_page("stages"));
  for (const StageInfo& row : kStages) {
    const std::string name(row.name);
    EXPECT_TRUE(holds(stages, name + " " + std::string(row.equation) + " " + std::string(row.shape))) << name;
    EXPECT_TRUE(holds(part_named("stages"), "| `" + name + "` | " + std::string(row.shape) + " | " +
                                                in_a_cell(std::string(row.equation)) + " |"))
        << name;
    EXPECT_TRUE(holds(schema["$defs"]["stage"].dump(), "\"" + name + "\"")) << name;
  }
  EXPECT_TRUE(holds(one_line(help_page("expressions")), kExpressionLanguage));
  EXPECT_TRUE(holds(part_named("expressions"), kExpressionLanguage));
}

TEST(Pages, FitATerminal) {
  for (const std::string& topic : help_topics()) {
    std::istringstream page(help_page(topic));
    EXPECT_GT(page.str().size(), 100u) << topic;
    for (std::string line; std::getline(page, line);) {
      EXPECT_LE(split_characters(line).size(), 80u) << topic << ": " << line;
      EXPECT_TRUE(line.empty() || line.back() != ' ') << topic << ": " << line;
    }
  }
  EXPECT_EQ(help_page("no such page"), "");
}

}  // namespace
}  // namespace attn::test

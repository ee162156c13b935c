// What the repository keeps is what the program prints, and every option of a figure stands in all of it.
#include "core/figure/pages.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "core/base/text.hpp"
#include "core/figure/figure_kinds.hpp"
#include "core/figure/figure_options.hpp"

namespace attn {
namespace {

std::string asset(const std::string& name) {
  std::ifstream file(std::string(ATTNSCOPE_ASSETS) + "/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The words of `text` with one space between them: pages break lines where they like.
std::string one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

std::string part_named(const std::string& name) {
  for (const MarkdownPart& part : all_markdown_parts()) {
    if (part.name == name) return part.text;
  }
  return {};
}

TEST(Pages, HaveEveryOptionOfAFigure) {
  const std::string page = one_line(any_help_page("figure"));
  const std::string part = part_named("figure");
  const nlohmann::json schema = whole_schema()["$defs"]["figure"];
  EXPECT_EQ(schema["properties"].size(), figure_options().size());
  const auto expect_everywhere = [&](const Parameter& parameter, const std::string& name) {
    for (const std::string& words :
         {allowed_values(parameter), default_words(parameter), std::string(parameter.meaning)})
      EXPECT_TRUE(holds(page, one_line(words))) << name << ": " << words;
    EXPECT_TRUE(holds(part, "| `" + name + "` | " + allowed_values(parameter) + "; " +
                                default_words(parameter) + " | " + std::string(parameter.meaning) + " |"))
        << name;
  };
  for (const FigureOption& option : figure_options()) {
    const std::string name(option.parameter.name);
    EXPECT_TRUE(holds(page, name + " ")) << name;
    expect_everywhere(option.parameter, name);
    ASSERT_TRUE(schema["properties"].contains(name)) << name;
    EXPECT_EQ(schema["properties"][name], parameter_schema(option.parameter));
    EXPECT_EQ(schema["properties"][name]["default"].dump(),
              nlohmann::json::parse(option.parameter.fallback).dump());
    if (option.parameter.parts == nullptr) continue;
    for (const Parameter& inner : option.parameter.parts())
      expect_everywhere(inner, name + "." + std::string(inner.name));
  }
  for (const FigureKindInfo& kind : kFigureKinds) {
    EXPECT_TRUE(holds(page, std::string(kind.name) + " " + std::string(kind.meaning))) << kind.name;
    EXPECT_TRUE(holds(part, "| `" + std::string(kind.name) + "` | " + std::string(kind.meaning) + " |"));
  }
  for (const FigurePreset& preset : figure_presets()) {
    EXPECT_TRUE(holds(page, std::string(preset.name) + " " + std::string(preset.meaning))) << preset.name;
    EXPECT_TRUE(holds(part, preset.options)) << preset.name;
  }
}

TEST(Pages, OfFiguresFitATerminal) {
  EXPECT_TRUE(std::ranges::count(all_help_topics(), "figure"));
  std::istringstream page(any_help_page("figure"));
  for (std::string line; std::getline(page, line);) {
    EXPECT_LE(split_characters(line).size(), 80u) << line;
    EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
  }
  EXPECT_EQ(any_help_page("no such page"), "");
}

TEST(Pages, OfTheRepositoryAreFresh) {
  const std::string page = asset("FORMAT.md");
  const auto fresh = with_markdown_parts(page, all_markdown_parts());
  ASSERT_TRUE(fresh) << describe(fresh.error());
  EXPECT_TRUE(*fresh == page) << "assets/FORMAT.md is stale: CONTRIBUTING.md says how to write it anew";
  EXPECT_TRUE(asset("schema/settings.schema.json") == whole_schema().dump(2) + '\n')
      << "assets/schema/settings.schema.json is stale: CONTRIBUTING.md says how to write it anew";
}

TEST(Pages, APageThatLacksAPartOrHasAStrangeOneIsRefused) {
  const std::string page = asset("FORMAT.md");
  std::string edited = page;
  const std::size_t row = edited.find("| `causal` |");
  ASSERT_NE(row, std::string::npos);
  edited.insert(row, "| `stale` | | |\n");
  const auto mended = with_markdown_parts(edited, all_markdown_parts());
  ASSERT_TRUE(mended);
  EXPECT_EQ(*mended, page);

  const auto without = [&](const std::string& words, const std::string& other) {
    std::string broken = page;
    broken.replace(broken.find(words), words.size(), other);
    const auto result = with_markdown_parts(broken, all_markdown_parts());
    return result ? std::string("accepted") : describe(result.error());
  };
  EXPECT_TRUE(holds(without("help format: masks", "help format: mask"), "\"mask\""));
  EXPECT_TRUE(holds(without("<!-- attnscope help format: masks -->", ""), "a part \"masks\""));
  EXPECT_TRUE(holds(with_markdown_parts("", all_markdown_parts()).error().expected, "a part"));
}

}  // namespace
}  // namespace attn

#include "core/figure/pages.hpp"

#include <fmt/format.h>

#include "core/attention/help_pages.hpp"
#include "core/attention/page_text.hpp"
#include "core/attention/settings_schema.hpp"
#include "core/figure/figure_kinds.hpp"
#include "core/figure/figure_options.hpp"

namespace attn {
namespace {

constexpr std::string_view kTopic = "figure";

std::string figure_page() {
  std::string page =
      "figure: an object of options\n\n" + page_paragraph(
                                               "What a figure is, beside its numbers (settings) and its view "
                                               "(stage, colormap, range, transfer, region, "
                                               "labels: attnscope help settings).",
                                               0);
  std::string_view group;
  for (const FigureOption& option : figure_options()) {
    if (option.group != group) page += fmt::format("\n  {}\n", option.group);
    group = option.group;
    page += page_parameter(option.parameter);
    if (option.parameter.parts == nullptr) continue;
    for (const Parameter& part : option.parameter.parts()) {
      page += page_paragraph(fmt::format("\"{}\": {}; {}. {}", part.name, allowed_values(part),
                                         default_words(part), part.meaning),
                             8 + kPageNames);
    }
  }
  page += "\n  kinds\n";
  for (const FigureKindInfo& kind : kFigureKinds) page += page_entry(kind.name, kind.meaning, 4);
  page += "\n  presets\n";
  for (const FigurePreset& preset : figure_presets()) page += page_entry(preset.name, preset.meaning, 4);
  return page + "\nFor example: attnscope export FILE -o map.png --figure preset=paper-1col\n";
}

std::string code(std::string_view text) {
  return fmt::format("`{}`", text);
}

std::string figure_markdown() {
  std::string text = markdown_heading({"option", "values", "meaning"});
  for (const FigureOption& option : figure_options()) {
    const Parameter& parameter = option.parameter;
    text += markdown_row({code(parameter.name), allowed_values(parameter) + "; " + default_words(parameter),
                          std::string(parameter.meaning)});
    if (parameter.parts == nullptr) continue;
    for (const Parameter& part : parameter.parts()) {
      text += markdown_row({code(fmt::format("{}.{}", parameter.name, part.name)),
                            allowed_values(part) + "; " + default_words(part), std::string(part.meaning)});
    }
  }
  text += '\n' + markdown_heading({"kind", "what it shows"});
  for (const FigureKindInfo& kind : kFigureKinds)
    text += markdown_row({code(kind.name), std::string(kind.meaning)});
  text += '\n' + markdown_heading({"preset", "what it is", "options"});
  for (const FigurePreset& preset : figure_presets())
    text += markdown_row({code(preset.name), std::string(preset.meaning), code(preset.options)});
  return text;
}

nlohmann::json figure_schema() {
  nlohmann::json properties = nlohmann::json::object();
  for (const FigureOption& option : figure_options())
    properties[std::string(option.parameter.name)] = parameter_schema(option.parameter);
  return {{"title", "Options of a figure"},
          {"type", "object"},
          {"properties", std::move(properties)},
          {"additionalProperties", false}};
}

}  // namespace

std::vector<std::string> all_help_topics() {
  std::vector<std::string> topics = help_topics();
  topics.emplace_back(kTopic);
  return topics;
}

std::string any_help_page(std::string_view topic) {
  return topic == kTopic ? figure_page() : help_page(topic);
}

std::vector<MarkdownPart> all_markdown_parts() {
  std::vector<MarkdownPart> parts = markdown_parts();
  parts.push_back({std::string(kTopic), figure_markdown()});
  return parts;
}

nlohmann::json whole_schema() {
  nlohmann::json schema = settings_schema();
  schema["$defs"][std::string(kTopic)] = figure_schema();
  return schema;
}

}  // namespace attn

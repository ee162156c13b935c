#include "core/attention/markdown.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/attention/expression.hpp"
#include "core/attention/families.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/settings.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

constexpr std::string_view kBegin = "<!-- attnscope help format: ";
constexpr std::string_view kBeginClosed = " -->\n";
constexpr std::string_view kEnd = "<!-- end -->\n";

// A cell's text: a bar would end the cell.
std::string escaped(std::string_view text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return cell;
}

std::string code(std::string_view text) {
  return fmt::format("`{}`", text);
}

std::string family_text(const Family& family) {
  std::string text =
      std::string(family.rules) + "\n\n" + markdown_heading({"kind", "formula", "what it does"});
  std::string parameters;
  const auto put = [&](const std::string& owner, std::span<const Parameter> rows) {
    for (const Parameter& parameter : rows) {
      const std::string values = allowed_values(parameter) + "; " + default_words(parameter);
      parameters += markdown_row({owner, code(parameter.name), values, std::string(parameter.meaning)});
    }
  };
  for (const KindInfo* kind : family.kinds()) {
    text += markdown_row({code(kind->name), std::string(kind->formula), std::string(kind->meaning)});
    put(code(kind->name), kind->parameters);
  }
  put("all", family.common());
  return text + '\n' + markdown_heading({"kind", "parameter", "values", "meaning"}) + parameters;
}

std::string settings_text() {
  std::string text = markdown_heading({"key", "values", "default", "meaning"});
  for (const SettingKey& key : setting_keys())
    text +=
        markdown_row({code(key.name), std::string(key.values), code(key.fallback), std::string(key.meaning)});
  return text;
}

std::string scale_text() {
  std::string text = markdown_heading({"scale", "factor"});
  for (const ScaleRow& scale : scale_rows())
    text += markdown_row({code(scale.name), std::string(scale.formula)});
  return text;
}

std::string stages_text() {
  std::string text = markdown_heading({"stage", "shape", "definition"});
  for (const StageInfo& stage : kStages)
    text += markdown_row({code(stage.name), std::string(stage.shape), std::string(stage.equation)});
  return text;
}

std::string expressions_text() {
  return fmt::format("```\n{}\n```\n\nAt most {} characters.\n", kExpressionLanguage, kMaxExpressionLength);
}

tl::unexpected<Error> refuse_page(std::string place, std::string expected, std::string found) {
  return tl::unexpected(
      Error{ErrorCode::value, {}, std::move(place), std::move(expected), std::move(found), {}});
}

}  // namespace

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += cell.empty() ? " |" : fmt::format(" {} |", escaped(cell));
  return line + '\n';
}

std::string markdown_heading(const std::vector<std::string>& cells) {
  std::string line = markdown_row(cells) + '|';
  for (std::size_t c = 0; c < cells.size(); ++c) line += "---|";
  return line + '\n';
}

std::vector<MarkdownPart> markdown_parts() {
  std::vector<MarkdownPart> parts{{"stages", stages_text()},
                                  {"settings", settings_text()},
                                  {"scale", scale_text()},
                                  {"expressions", expressions_text()}};
  for (const Family& family : families()) parts.push_back({std::string(family.setting), family_text(family)});
  return parts;
}

Result<std::string> with_markdown_parts(const std::string& page, std::vector<MarkdownPart> parts) {
  std::string fresh;
  std::size_t from = 0;
  for (std::size_t begin = page.find(kBegin); begin != std::string::npos; begin = page.find(kBegin, from)) {
    const std::size_t name_from = begin + kBegin.size();
    const std::size_t name_to = std::min(page.find(kBeginClosed, name_from), page.size());
    const std::string name = page.substr(name_from, name_to - name_from);
    const auto part = std::ranges::find(parts, name, &MarkdownPart::name);
    const std::size_t end = page.find(kEnd, name_to);
    if (part == parts.end() || end == std::string::npos) {
      return refuse_page(fmt::format("byte {}", begin),
                         part == parts.end() ? "a part that is not there yet" : std::string(kEnd),
                         part == parts.end() ? fmt::format("\"{}\"", shorten_middle(name, 40)) : "none");
    }
    fresh += page.substr(from, name_to + kBeginClosed.size() - from) + part->text;
    parts.erase(part);
    from = end;
  }
  if (!parts.empty()) return refuse_page("/", fmt::format("a part \"{}\"", parts.front().name), "none");
  return fresh + page.substr(from);
}

}  // namespace attn

#include "core/attention/help_pages.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/attention/expression.hpp"
#include "core/attention/families.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/settings.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kNameWidth = 18;

std::size_t columns(std::string_view text) {
  return split_characters(text).size();
}

// `text` in lines of at most kWidth columns, each behind `indent` spaces.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string page;
  std::string line;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    const std::string_view word = text.substr(from, to - from);
    if (!line.empty() && indent + columns(line) + 1 + columns(word) > kWidth) {
      page += std::string(indent, ' ') + line + '\n';
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(word);
    from = to + 1;
  }
  return page + std::string(indent, ' ') + line + '\n';
}

// The name in the first column, the text beside it.
std::string entry(std::string_view name, std::string_view text, std::size_t indent) {
  const std::size_t beside = indent + kNameWidth;
  std::string lines = wrapped(text, beside);
  const std::string label = std::string(indent, ' ') + std::string(name);
  if (columns(label) + 1 > beside) return label + '\n' + lines;
  return lines.replace(0, beside, label + std::string(beside - columns(label), ' '));
}

std::string plain(std::string_view marked) {
  std::string text(marked);
  std::erase(text, '`');
  return text;
}

std::string parameter_entry(const Parameter& parameter) {
  return entry(parameter.name, allowed_values(parameter) + "; " + default_words(parameter), 4) +
         wrapped(parameter.meaning, 4 + kNameWidth);
}

std::string family_page(const Family& family) {
  const std::string what =
      family.is_list ? fmt::format("null, or a list of {}", family.plural) : std::string(family.noun);
  std::string page = fmt::format("{}: {}\n\n{}", family.setting, what, wrapped(plain(family.rules), 0));
  for (const KindInfo* kind : family.kinds()) {
    page += '\n' + entry(kind->name, kind->formula.empty() ? kind->meaning : kind->formula, 2);
    if (!kind->formula.empty()) page += wrapped(kind->meaning, 2 + kNameWidth);
    for (const Parameter& parameter : kind->parameters) page += parameter_entry(parameter);
  }
  if (!family.common().empty()) page += fmt::format("\n  all {}\n", family.plural);
  for (const Parameter& parameter : family.common()) page += parameter_entry(parameter);
  const std::string example = family.is_list ? fmt::format("'{}=[\"{}\"]'", family.setting, family.example)
                                             : fmt::format("{}={}", family.setting, family.example);
  return page + fmt::format("\nFor example: --set {}\n", example);
}

std::string settings_page() {
  std::string page = wrapped(
      "Settings stand in a document or a layer (\"settings\"), in a file for --settings, and in --set "
      "path=value, one by one; the later of these holds, and the window's knobs above all. A key replaces "
      "the other whole, a path changes one part: --set normalizer=entmax --set normalizer.alpha=1.2. A value "
      "that is not JSON is a string.",
      0);
  for (const SettingKey& key : setting_keys()) {
    const Family* family = family_named(key.name);
    page += '\n' + entry(key.name, key.meaning, 2) + wrapped(key.values, 2 + kNameWidth);
    if (key.values.find(key.fallback) != 0)
      page += wrapped(fmt::format("by default {}", key.fallback), 2 + kNameWidth);
    if (family != nullptr || key.name == "scale")
      page += wrapped(fmt::format("attnscope help {} lists them", key.name), 2 + kNameWidth);
  }
  return page;
}

std::string scale_page() {
  std::string page = "scale: null, a name below, or a number\n\n" +
                     wrapped(
                         "The factor on every score. null is inv_sqrt_dk for the score q·k, and none for "
                         "every other and for a document that holds only scores.",
                         0) +
                     '\n';
  for (const ScaleRow& row : scale_rows()) page += entry(row.name, row.formula, 2);
  return page + "\nFor example: --set scale=none\n";
}

std::string stages_page() {
  std::string page = wrapped(
      "The stages of the equation, in its order. Each can be seen in the window, exported (export --stage) "
      "and written as numbers (compute --stage). H heads, H_kv key heads, n_q queries (rows, i), n_k keys "
      "(columns, j), d_k and d_v the widths of a head's q and k, and of its v.",
      0);
  for (const StageInfo& row : kStages)
    page += '\n' + entry(row.name, row.equation, 2) + wrapped(row.shape, 2 + kNameWidth);
  return page;
}

std::string expressions_page() {
  return wrapped(
             fmt::format("The formula of a cell, for the mask and the bias of kind expression; at most {} "
                         "characters. q is the query's index, k the key's, h the head.",
                         kMaxExpressionLength),
             0) +
         '\n' + wrapped(kExpressionLanguage, 2) +
         "\nFor example: --set 'masks=[{\"kind\": \"expression\", \"expr\": \"abs(q - k) < 3\"}]'\n";
}

struct Page {
  std::string_view topic;
  std::string (*text)();
};
constexpr std::array kPages{Page{"settings", settings_page}, Page{"scale", scale_page},
                            Page{"stages", stages_page}, Page{"expressions", expressions_page}};

}  // namespace

std::vector<std::string> help_topics() {
  std::vector<std::string> topics;
  for (const Page& page : kPages) topics.emplace_back(page.topic);
  for (const Family& family : families()) topics.emplace_back(family.setting);
  return topics;
}

std::string help_page(std::string_view topic) {
  const auto page = std::ranges::find(kPages, topic, &Page::topic);
  if (page != kPages.end()) return page->text();
  const Family* family = family_named(topic);
  return family == nullptr ? "" : family_page(*family);
}

std::string settings_summary() {
  std::string lines;
  for (const SettingKey& key : setting_keys()) lines += fmt::format("  {:<19} {}\n", key.name, key.meaning);
  return lines;
}

}  // namespace attn

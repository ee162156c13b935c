#include "core/attention/help_pages.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/attention/expression.hpp"
#include "core/attention/families.hpp"
#include "core/attention/page_text.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/settings.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

std::string plain(std::string_view marked) {
  std::string text(marked);
  std::erase(text, '`');
  return text;
}

std::string family_page(const Family& family) {
  const std::string what =
      family.is_list ? fmt::format("null, or a list of {}", family.plural) : std::string(family.noun);
  std::string page =
      fmt::format("{}: {}\n\n{}", family.setting, what, page_paragraph(plain(family.rules), 0));
  for (const KindInfo* kind : family.kinds()) {
    page += '\n' + page_entry(kind->name, kind->formula.empty() ? kind->meaning : kind->formula, 2);
    if (!kind->formula.empty()) page += page_paragraph(kind->meaning, 2 + kPageNames);
    for (const Parameter& parameter : kind->parameters) page += page_parameter(parameter);
  }
  if (!family.common().empty()) page += fmt::format("\n  all {}\n", family.plural);
  for (const Parameter& parameter : family.common()) page += page_parameter(parameter);
  const std::string example = family.is_list ? fmt::format("'{}=[\"{}\"]'", family.setting, family.example)
                                             : fmt::format("{}={}", family.setting, family.example);
  return page + fmt::format("\nFor example: --set {}\n", example);
}

std::string settings_page() {
  std::string page = page_paragraph(
      "Settings stand in a document or a layer (\"settings\"), in a file for --settings, and in --set "
      "path=value, one by one; the later of these holds, and the window's knobs above all. A key replaces "
      "the other whole, a path changes one part: --set normalizer=entmax --set normalizer.alpha=1.2. A value "
      "that is not JSON is a string.",
      0);
  for (const SettingKey& key : setting_keys()) {
    const Family* family = family_named(key.name);
    page += '\n' + page_entry(key.name, key.meaning, 2) + page_paragraph(key.values, 2 + kPageNames);
    if (key.values.find(key.fallback) != 0)
      page += page_paragraph(fmt::format("by default {}", key.fallback), 2 + kPageNames);
    if (family != nullptr || key.name == "scale")
      page += page_paragraph(fmt::format("attnscope help {} lists them", key.name), 2 + kPageNames);
  }
  return page;
}

std::string scale_page() {
  std::string page = "scale: null, a name below, or a number\n\n" +
                     page_paragraph(
                         "The factor on every score. null is inv_sqrt_dk for the score q·k, and none for "
                         "every other and for a document that holds only scores.",
                         0) +
                     '\n';
  for (const ScaleRow& row : scale_rows()) page += page_entry(row.name, row.formula, 2);
  return page + "\nFor example: --set scale=none\n";
}

std::string stages_page() {
  std::string page = page_paragraph(
      "The stages of the equation, in its order. Each can be seen in the window, exported (export --stage) "
      "and written as numbers (compute --stage). H heads, H_kv key heads, n_q queries (rows, i), n_k keys "
      "(columns, j), d_k and d_v the widths of a head's q and k, and of its v.",
      0);
  for (const StageInfo& row : kStages)
    page += '\n' + page_entry(row.name, row.equation, 2) + page_paragraph(row.shape, 2 + kPageNames);
  return page;
}

std::string expressions_page() {
  return page_paragraph(
             fmt::format("The formula of a cell, for the mask and the bias of kind expression; at most {} "
                         "characters. q is the query's index, k the key's, h the head.",
                         kMaxExpressionLength),
             0) +
         '\n' + page_paragraph(kExpressionLanguage, 2) +
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

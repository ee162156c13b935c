#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/commands/man_page.hpp"
#include "core/attention/families.hpp"
#include "core/attention/settings.hpp"
#include "core/base/file.hpp"
#include "core/base/text.hpp"
#include "core/figure/pages.hpp"

namespace attn::app {
namespace {

constexpr std::uint64_t kPageBytes = 1 << 20;

// What a person may mean who names a kind or a setting in place of its page.
std::string hint_for(const std::string& word, const std::vector<std::string>& topics) {
  for (const Family& family : families()) {
    for (const KindInfo* kind : family.kinds()) {
      if (kind->name == word)
        return fmt::format("{} is {}: attnscope help {}.", word, family.noun, family.setting);
    }
  }
  for (const SettingKey& key : setting_keys()) {
    if (key.name == word) return fmt::format("{} is a setting: attnscope help settings.", word);
  }
  const std::string near = nearest_name(word, topics);
  return near.empty() ? "" : fmt::format("Did you mean {}?", near);
}

Error unknown_topic(const std::string& word) {
  std::vector<std::string> topics = all_help_topics();
  topics.insert(topics.end(), {"schema", "format", "man"});
  return {ErrorCode::usage,
          {},
          "help",
          join_or(topics),
          fmt::format("\"{}\"", shorten_middle(visible(word), 60)),
          hint_for(word, topics)};
}

int print_page_with_parts(const std::string& file) {
  auto page = read_file(file, kPageBytes);
  if (!page) return refuse(page.error());
  auto fresh = with_markdown_parts(*page, all_markdown_parts());
  return fresh ? print_results(*fresh) : refuse(in_file(fresh.error(), file));
}

}  // namespace

int run_help(const Arguments& arguments) {
  const std::string& topic = arguments.topic;
  const bool is_format = topic == "format";
  if (is_format && arguments.files.size() == 1) return print_page_with_parts(arguments.files[0]);
  if (!arguments.files.empty()) return refuse({ErrorCode::usage, {}, "help", "one topic", "several", {}});
  if (topic == "schema") return print_results(whole_schema().dump(2) + '\n');
  if (topic == "man") return print_results(man_page());
  if (is_format) {
    std::string text;
    for (const MarkdownPart& part : all_markdown_parts())
      text += fmt::format("### {}\n\n{}\n", part.name, part.text);
    return print_results(text);
  }
  const std::string page = any_help_page(topic);
  return page.empty() ? refuse(unknown_topic(topic)) : print_results(page);
}

}  // namespace attn::app

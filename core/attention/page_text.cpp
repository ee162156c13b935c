#include "core/attention/page_text.hpp"

#include "core/base/text.hpp"

namespace attn {
namespace {

constexpr std::size_t kWidth = 80;

std::size_t columns(std::string_view text) {
  return split_characters(text).size();
}

}  // namespace

std::string page_paragraph(std::string_view text, std::size_t indent) {
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

std::string page_entry(std::string_view name, std::string_view text, std::size_t indent) {
  const std::size_t beside = indent + kPageNames;
  std::string lines = page_paragraph(text, beside);
  const std::string label = std::string(indent, ' ') + std::string(name);
  if (columns(label) + 1 > beside) return label + '\n' + lines;
  return lines.replace(0, beside, label + std::string(beside - columns(label), ' '));
}

std::string page_parameter(const Parameter& parameter) {
  return page_entry(parameter.name, allowed_values(parameter) + "; " + default_words(parameter), 4) +
         page_paragraph(parameter.meaning, 4 + kPageNames);
}

}  // namespace attn

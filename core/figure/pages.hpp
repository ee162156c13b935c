#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/attention/markdown.hpp"

namespace attn {

// All that the program prints from its tables: what core/attention has, and the figures.

/// What `attnscope help TOPIC` can be asked.
[[nodiscard]] std::vector<std::string> all_help_topics();
/// The page of one of the topics, at most 80 columns wide; empty for another word.
[[nodiscard]] std::string any_help_page(std::string_view topic);

/// Every part of FORMAT.md that the program writes itself.
[[nodiscard]] std::vector<MarkdownPart> all_markdown_parts();

/// The JSON Schema of a settings object; its `$defs` have `figure`, the options of a figure.
[[nodiscard]] nlohmann::json whole_schema();

}  // namespace attn

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// What `attnscope help TOPIC` can be asked: `settings`, `stages`, `scale`, `expressions`, and each family of
/// kinds by its setting's name. The pages are made from the tables that the program itself reads.
[[nodiscard]] std::vector<std::string> help_topics();

/// The page of one of the topics, at most 80 columns wide; empty for another word.
[[nodiscard]] std::string help_page(std::string_view topic);

/// Each setting with its meaning, a line each.
[[nodiscard]] std::string settings_summary();

}  // namespace attn

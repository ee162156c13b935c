#pragma once

#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace attn {

/// One part of FORMAT.md that the program writes itself, from the tables that it reads.
struct MarkdownPart {
  std::string name;  ///< `stages`, `settings`, `scale`, `expressions`, or a family's setting
  std::string text;
};
[[nodiscard]] std::vector<MarkdownPart> markdown_parts();

/// A table's row and, with the line below it, its first.
[[nodiscard]] std::string markdown_row(const std::vector<std::string>& cells);
[[nodiscard]] std::string markdown_heading(const std::vector<std::string>& cells);

/// `page` with each of `parts` as it should be now. A part stands between the lines `<!-- attnscope help
/// format: NAME -->` and `<!-- end -->`. Errors: value, where a part is missing, or is none of ours.
[[nodiscard]] Result<std::string> with_markdown_parts(const std::string& page,
                                                      std::vector<MarkdownPart> parts);

}  // namespace attn

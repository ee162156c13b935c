#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// `text` with control characters and bidirectional controls written out (`\n`, `\u202e`), safe for one line
/// of a message. Bytes that are not UTF-8 become `\xNN`.
[[nodiscard]] std::string visible(std::string_view text);

/// Byte offset of the first byte that is not part of valid UTF-8, or `npos`.
[[nodiscard]] std::size_t first_invalid_utf8(std::string_view text);

/// The code points of valid UTF-8, each as its own bytes.
[[nodiscard]] std::vector<std::string_view> split_characters(std::string_view text);

/// The first code point of valid, non-empty UTF-8.
[[nodiscard]] char32_t first_code_point(std::string_view text);

/// At most `limit` characters of `text`; a longer one loses its middle: `abc…xyz`.
[[nodiscard]] std::string shorten_middle(std::string_view text, std::size_t limit);

/// The one of `names` with the fewest edits from `word`, or empty where none is near (more than half the
/// letters).
[[nodiscard]] std::string nearest_name(std::string_view word, const std::vector<std::string>& names);

/// `a, b or c`.
[[nodiscard]] std::string join_or(const std::vector<std::string>& names);

/// `8,192`: a whole number as people read it.
[[nodiscard]] std::string grouped(std::size_t number);

/// `shape` as people write it: `2 × 5 × 5`.
template <class Range>
[[nodiscard]] std::string shape_text(const Range& shape) {
  std::string text;
  for (const auto length : shape) text += (text.empty() ? "" : " × ") + std::to_string(length);
  return text.empty() ? "a single number" : text;
}

}  // namespace attn

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/error.hpp"

namespace attn {

/// `line:column (byte N)`: line and column from 1, the column in characters, the byte from 0.
[[nodiscard]] std::string text_place(std::string_view text, std::size_t byte);

/// Why text[from, to), which a faster parser refused near byte `near`, is not JSON: reads it again with a
/// parser that knows where it stands. The text holds no NUL byte (that parser would take it for the end).
[[nodiscard]] Error syntax_error(std::string_view text, std::size_t from, std::size_t to, std::size_t near);

/// Where text[from, to) stops being UTF-8.
[[nodiscard]] Error encoding_error(std::string_view text, std::size_t from, std::size_t to);

}  // namespace attn

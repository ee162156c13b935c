#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// Tokens of valid UTF-8: split at white space (Unicode's); within a word, each Chinese or Japanese character
/// stands alone. Punctuation stays with its word. Stops behind `most` tokens.
[[nodiscard]] std::vector<std::string> tokenize(std::string_view text, std::size_t most);

}  // namespace attn

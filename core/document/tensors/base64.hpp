#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace attn {

/// The bytes that base64 text (RFC 4648, the alphabet with + and /, padded) stands for, and where it stops
/// being that.
struct Base64 {
  std::vector<std::byte> bytes;
  std::optional<std::size_t> broken_at;  ///< index of the first character that is out of place
};
[[nodiscard]] Base64 decode_base64(std::string_view text);

}  // namespace attn

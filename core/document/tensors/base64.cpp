#include "core/document/tensors/base64.hpp"

#include <array>
#include <cstdint>

namespace attn {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xff;

constexpr std::array<std::uint8_t, 256> kDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNone);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return digits;
}();

}  // namespace

Base64 decode_base64(std::string_view text) {
  Base64 decoded;
  std::size_t length = text.size();
  for (int padding = 0; padding < 2 && length > 0 && text[length - 1] == '='; ++padding) --length;
  decoded.bytes.reserve(length / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int held = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::uint8_t digit = kDigits[static_cast<unsigned char>(text[i])];
    if (digit == kNone) {
      decoded.broken_at = i;
      return decoded;
    }
    bits = bits << 6 | digit;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    decoded.bytes.push_back(static_cast<std::byte>(bits >> held & 0xffu));
  }
  if (text.size() % 4 != 0) {
    decoded.broken_at = text.size();
  } else if (held > 0 && (bits & ((1u << held) - 1)) != 0) {
    decoded.broken_at = length - 1;  // bits left over that say something
  }
  return decoded;
}

}  // namespace attn

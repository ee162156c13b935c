#include "core/document/json_number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace attn {
namespace {

constexpr std::array<std::string_view, 12> kNonFiniteWords = {
    "NaN", "nan", "-NaN", "-nan", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "Inf", "-Inf", "+inf"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes digits off the front of `rest`; false where there is none.
bool take_digits(std::string_view& rest) {
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - rest.begin());
  rest.remove_prefix(count);
  return count > 0;
}

bool take(std::string_view& rest, std::string_view characters) {
  if (rest.empty() || characters.find(rest.front()) == std::string_view::npos) return false;
  rest.remove_prefix(1);
  return true;
}

}  // namespace

bool is_json_number(std::string_view token) {
  take(token, "-");
  if (!take(token, "0") && !take_digits(token)) return false;
  if (take(token, ".") && !take_digits(token)) return false;
  if (take(token, "eE")) {
    take(token, "+-");
    if (!take_digits(token)) return false;
  }
  return token.empty();
}

std::optional<double> read_json_number(std::string_view token) {
  double number = 0;
  const auto result = std::from_chars(token.data(), token.data() + token.size(), number);
  if (result.ec == std::errc()) return number;
  // Out of range is all that can be wrong; from_chars does not say on which side.
  const std::size_t exponent = token.find_first_of("eE");
  const bool small = exponent == std::string_view::npos ? token.find('.') != std::string_view::npos
                                                        : token.substr(exponent + 1).starts_with('-');
  if (small) return 0.0;
  return std::nullopt;
}

bool has_nonzero_digit(std::string_view token) {
  const std::string_view mantissa = token.substr(0, token.find_first_of("eE"));
  return std::any_of(mantissa.begin(), mantissa.end(), [](char c) { return c >= '1' && c <= '9'; });
}

bool is_non_finite_word(std::string_view token) {
  return std::find(kNonFiniteWords.begin(), kNonFiniteWords.end(), token) != kNonFiniteWords.end();
}

}  // namespace attn

#pragma once

#include <optional>
#include <string_view>

namespace attn {

/// Whether `token` is a number by JSON's grammar (RFC 8259).
[[nodiscard]] bool is_json_number(std::string_view token);

/// The double nearest to a JSON number, 0 where it underflows; nothing where it is too large for a double.
/// For the rare numbers that simdjson leaves alone: it is slow.
[[nodiscard]] std::optional<double> read_json_number(std::string_view token);

/// Whether a JSON number has a digit other than 0 before its exponent.
[[nodiscard]] bool has_nonzero_digit(std::string_view token);

/// Whether `token` is one of the words that other writers print for NaN and the infinities.
[[nodiscard]] bool is_non_finite_word(std::string_view token);

}  // namespace attn

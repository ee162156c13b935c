#pragma once

#include <optional>
#include <string_view>

namespace attn {

/// The double nearest to a JSON number, where that is quick to say: at most 19 digits, of which up to 27
/// stand behind the point once the exponent is counted in, and not too near to the middle of two doubles.
/// White space may follow. Nothing where it is not quick, or no number: somebody else has to look. Nearly all
/// numbers that programs write are quick.
[[nodiscard]] std::optional<double> plain_number(std::string_view token);

}  // namespace attn

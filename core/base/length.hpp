#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace attn {

/// A length on paper or on a screen: `8.5cm`.
struct Length {
  double number = 0;
  std::string_view unit = "px";  ///< of the table in length.cpp

  [[nodiscard]] bool operator==(const Length&) const = default;
};

/// `8.5cm`, `3.3 in`, `900px`; a bare number is pixels. Nothing, where it is no such length.
[[nodiscard]] std::optional<Length> length_from(std::string_view text);

/// The same, read back as the same length: `8.5cm`.
[[nodiscard]] std::string to_text(const Length& length);

/// In pixels of `dpi` an inch.
[[nodiscard]] double pixels(const Length& length, double dpi);

/// The units, for people: `px, mm, cm, in or pt`.
[[nodiscard]] std::string length_units();

/// A regular expression of the texts that length_from() takes, for a schema.
[[nodiscard]] std::string length_pattern();

}  // namespace attn

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/figure/numbers/named_array.hpp"

namespace attn {

/// A kind of file that numbers are written to.
struct NumberFormat {
  std::string_view suffix;
  bool many;  ///< holds several arrays, by name; the others take exactly one
  std::string (*write)(std::span<const NamedArray> arrays);
};

[[nodiscard]] std::span<const NumberFormat> number_formats();

/// The format that a file's suffix (`.npy`) names, or null.
[[nodiscard]] const NumberFormat* number_format(std::string_view suffix);

/// `.npy, .npz … or .csv`; `many`: those that hold several arrays alone.
[[nodiscard]] std::string number_suffixes(bool many = false);

}  // namespace attn

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/attention/parameter.hpp"

namespace attn {

// What pages for a terminal, 80 columns wide, are made of.

/// `text` in lines, each behind `indent` spaces.
[[nodiscard]] std::string page_paragraph(std::string_view text, std::size_t indent);

/// A name in the first column, the text beside it.
[[nodiscard]] std::string page_entry(std::string_view name, std::string_view text, std::size_t indent);

/// A parameter: its name, what it may be, its default, its meaning.
[[nodiscard]] std::string page_parameter(const Parameter& parameter);

/// How far the text stands beside a name.
inline constexpr std::size_t kPageNames = 18;

}  // namespace attn

#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace attn {

/// Nested JSON arrays, C order, one line a row of the last axis. Numbers are the shortest that read back as
/// the same bits. −∞ is null, NaN `"NaN"`, +∞ `"Infinity"`; bools are true and false. `values` has as many
/// numbers as the product of `shape` (1 for an empty shape, written bare).
[[nodiscard]] std::string json_text(std::span<const std::size_t> shape, std::span<const float> values);
[[nodiscard]] std::string json_text(std::span<const std::size_t> shape, std::span<const double> values);
[[nodiscard]] std::string json_text(std::span<const std::size_t> shape, std::span<const bool> values);

}  // namespace attn

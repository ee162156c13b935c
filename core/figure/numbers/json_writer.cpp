#include "core/figure/numbers/json_writer.hpp"

#include <cmath>
#include <iterator>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

namespace attn {
namespace {

template <class T>
void append(fmt::memory_buffer& out, T value) {
  if constexpr (std::is_same_v<T, bool>) {
    out.append(std::string_view(value ? "true" : "false"));
  } else if (std::isnan(value)) {
    out.append(std::string_view("\"NaN\""));
  } else if (std::isinf(value)) {
    out.append(std::string_view(value < 0 ? "null" : "\"Infinity\""));
  } else if (value == 0 && std::signbit(value)) {
    out.append(std::string_view("-0.0"));  // readers take -0 for the integer 0
  } else {
    fmt::format_to(std::back_inserter(out), "{}", value);
  }
}

// Depth is the rank of a tensor, at most 8.
template <class T>
void append_array(fmt::memory_buffer& out, std::span<const std::size_t> shape, std::span<const T> values) {
  if (shape.empty()) return append(out, values.front());
  const std::size_t count = shape.front(), size = count == 0 ? 0 : values.size() / count;
  const std::string_view separator = shape.size() == 1 ? ", " : ",\n";
  out.push_back('[');
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out.append(separator);
    append_array(out, shape.subspan(1), values.subspan(i * size, size));
  }
  out.push_back(']');
}

template <class T>
std::string text(std::span<const std::size_t> shape, std::span<const T> values) {
  fmt::memory_buffer out;
  append_array(out, shape, values);
  out.push_back('\n');
  return fmt::to_string(out);
}

}  // namespace

std::string json_text(std::span<const std::size_t> shape, std::span<const float> values) {
  return text(shape, values);
}

std::string json_text(std::span<const std::size_t> shape, std::span<const double> values) {
  return text(shape, values);
}

std::string json_text(std::span<const std::size_t> shape, std::span<const bool> values) {
  return text(shape, values);
}

}  // namespace attn

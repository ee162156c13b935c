#include "core/figure/numbers/csv_writer.hpp"

#include <array>
#include <cmath>
#include <iterator>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

namespace attn {
namespace {

constexpr std::array<std::string_view, 3> kLeading{"layer", "head", "row"};

template <class T>
void append(fmt::memory_buffer& out, T value) {
  if constexpr (std::is_same_v<T, bool>) {
    out.push_back(value ? '1' : '0');
  } else if (std::isnan(value)) {
    out.append(std::string_view("nan"));  // the sign of a NaN means nothing
  } else {
    fmt::format_to(std::back_inserter(out), "{}", value);
  }
}

// The index along each axis of row `row` of the flattened leading axes.
std::string leading_indices(std::span<const std::size_t> leading, std::size_t row) {
  std::string text;
  for (std::size_t axis = leading.size(); axis-- > 0; row /= leading[axis]) {
    text.insert(0, fmt::format("{},", row % leading[axis]));
  }
  return text;
}

template <class T>
std::string table(std::span<const std::size_t> shape, std::span<const T> values) {
  const auto leading = shape.first(shape.size() - 1);
  const std::size_t columns = shape.back();
  fmt::memory_buffer out;
  for (const std::string_view name : std::span(kLeading).last(leading.size())) {
    fmt::format_to(std::back_inserter(out), "{},", name);
  }
  for (std::size_t j = 0; j < columns; ++j) {
    fmt::format_to(std::back_inserter(out), "c{}{}", j, j + 1 < columns ? "," : "");
  }
  out.push_back('\n');
  const std::size_t rows = columns == 0 ? 0 : values.size() / columns;
  for (std::size_t row = 0; row < rows; ++row) {
    out.append(leading_indices(leading, row));
    for (std::size_t j = 0; j < columns; ++j) {
      append(out, values[row * columns + j]);
      out.push_back(j + 1 == columns ? '\n' : ',');
    }
  }
  return fmt::to_string(out);
}

}  // namespace

std::string csv_text(std::span<const std::size_t> shape, std::span<const float> values) {
  return table(shape, values);
}

std::string csv_text(std::span<const std::size_t> shape, std::span<const double> values) {
  return table(shape, values);
}

std::string csv_text(std::span<const std::size_t> shape, std::span<const bool> values) {
  return table(shape, values);
}

}  // namespace attn

#include "tests/support/npy.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <sstream>

namespace attn::support {
namespace {

// What stands between `before` and `after` in the header's dict.
std::string between(const std::string& text, const std::string& before, char after) {
  const std::size_t start = text.find(before);
  if (start == std::string::npos) return {};
  const std::size_t from = start + before.size();
  return text.substr(from, text.find(after, from) - from);
}

std::vector<std::size_t> parse_shape(const std::string& axes) {
  std::vector<std::size_t> shape;
  std::istringstream stream(axes);
  for (std::size_t length = 0; stream >> length; stream.ignore(1)) shape.push_back(length);
  return shape;
}

template <class T>
std::vector<double> numbers(const char* data, std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    T value{};
    std::memcpy(&value, data + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
  return values;
}

std::string shape_words(const Npy& array) {
  std::string words = array.dtype;
  for (const std::size_t length : array.shape) words += " " + std::to_string(length);
  return words;
}

bool agree(double a, double e, double tolerance) {
  if (std::isnan(e)) return std::isnan(a);
  if (std::isinf(e)) return a == e;
  return std::abs(a - e) <= tolerance;
}

}  // namespace

std::optional<Npy> parse_npy(const std::string& bytes) {
  constexpr std::size_t kBefore = 10;
  if (bytes.size() < kBefore || bytes.compare(0, 8, std::string("\x93NUMPY\x01\x00", 8)) != 0) return {};
  const std::size_t length =
      static_cast<unsigned char>(bytes[8]) + 256u * static_cast<unsigned char>(bytes[9]);
  if (bytes.size() < kBefore + length) return {};
  const std::string dict = bytes.substr(kBefore, length);
  if (dict.find("'fortran_order': False") == std::string::npos) return {};
  Npy array{between(dict, "'descr': '", '\''), parse_shape(between(dict, "'shape': (", ')')), {}};
  std::size_t count = 1;
  for (const std::size_t axis : array.shape) count *= axis;
  const std::size_t width = array.dtype == "|b1"   ? 1
                            : array.dtype == "<f4" ? 4
                            : array.dtype == "<f8" ? 8
                                                   : 0;
  if (width == 0 || bytes.size() != kBefore + length + count * width) return {};
  const char* data = bytes.data() + kBefore + length;
  array.values = width == 1 ? numbers<unsigned char>(data, count)
                            : (width == 4 ? numbers<float>(data, count) : numbers<double>(data, count));
  return array;
}

Difference compare(const Npy& actual, const Npy& expected, double atol, double rtol) {
  if (actual.dtype != expected.dtype || actual.shape != expected.shape) {
    return {"expected " + shape_words(expected) + ", found " + shape_words(actual), 0};
  }
  const bool exact = expected.dtype == "|b1";
  Difference difference;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    const double a = actual.values[i];
    const double e = expected.values[i];
    if (std::isfinite(a) && std::isfinite(e)) difference.worst = std::max(difference.worst, std::abs(a - e));
    if (agree(a, e, exact ? 0 : atol + rtol * std::abs(e)) || wrong++ > 0) continue;
    std::ostringstream words;
    words.precision(9);
    words << "at " << i << " expected " << e << ", found " << a;
    difference.words = words.str();
  }
  if (wrong > 1) difference.words += " (and " + std::to_string(wrong - 1) + " more)";
  return difference;
}

}  // namespace attn::support

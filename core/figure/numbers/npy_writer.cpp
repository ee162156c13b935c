#include "core/figure/numbers/npy_writer.hpp"

#include <bit>
#include <string_view>

#include <fmt/format.h>

namespace attn {
namespace {

static_assert(std::endian::native == std::endian::little);
static_assert(sizeof(bool) == 1);

// Magic, version, length and the dict, padded so that the data begins at a multiple of 64.
std::string header(std::span<const std::size_t> shape, std::string_view descr) {
  std::string axes;
  for (const std::size_t length : shape) axes += fmt::format("{}, ", length);
  if (shape.size() > 1) axes.resize(axes.size() - 2);
  if (shape.size() == 1) axes.pop_back();
  std::string dict = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, axes);
  constexpr std::size_t kBefore = 10;
  dict.append(63 - (kBefore + dict.size()) % 64, ' ');
  dict += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(dict.size() & 0xFF);
  bytes += static_cast<char>(dict.size() >> 8);
  return bytes + dict;
}

template <class T>
std::string file(std::span<const std::size_t> shape, std::span<const T> values, std::string_view descr) {
  std::string bytes = header(shape, descr);
  return bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

}  // namespace

std::string npy_bytes(std::span<const std::size_t> shape, std::span<const float> values) {
  return file(shape, values, "<f4");
}

std::string npy_bytes(std::span<const std::size_t> shape, std::span<const double> values) {
  return file(shape, values, "<f8");
}

std::string npy_bytes(std::span<const std::size_t> shape, std::span<const bool> values) {
  return file(shape, values, "|b1");
}

}  // namespace attn

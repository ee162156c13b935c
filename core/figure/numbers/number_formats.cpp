#include "core/figure/numbers/number_formats.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "core/base/text.hpp"
#include "core/figure/numbers/csv_writer.hpp"
#include "core/figure/numbers/json_writer.hpp"
#include "core/figure/numbers/npy_writer.hpp"
#include "core/figure/numbers/npz_writer.hpp"
#include "core/figure/numbers/safetensors_writer.hpp"

namespace attn {
namespace {

// One array as its type; `Write` has an overload for each.
template <class Write>
std::string as_type(const NamedArray& array, const Write& write) {
  const std::size_t count = array.values.size();
  const std::span<const std::size_t> shape(array.shape);
  if (array.type == NamedArray::Type::f64) return write(shape, std::span<const double>(array.values));
  if (array.type == NamedArray::Type::f32) {
    const std::vector<float> floats(array.values.begin(), array.values.end());
    return write(shape, std::span<const float>(floats));
  }
  const auto bools = std::make_unique<bool[]>(count);
  for (std::size_t i = 0; i < count; ++i) bools[i] = array.values[i] != 0;
  return write(shape, std::span<const bool>(bools.get(), count));
}

std::string write_npy(std::span<const NamedArray> arrays) {
  return as_type(arrays.front(), [](auto shape, auto values) { return npy_bytes(shape, values); });
}

std::string write_json(std::span<const NamedArray> arrays) {
  return as_type(arrays.front(), [](auto shape, auto values) { return json_text(shape, values); });
}

std::string write_csv(std::span<const NamedArray> arrays) {
  return as_type(arrays.front(), [](auto shape, auto values) { return csv_text(shape, values); });
}

std::string write_npz(std::span<const NamedArray> arrays) {
  ZipWriter zip;
  for (const NamedArray& array : arrays) zip.add(array.name + ".npy", write_npy({&array, 1}));
  return std::move(zip).finish();
}

std::string write_safetensors(std::span<const NamedArray> arrays) {
  SafetensorsWriter file;
  for (const NamedArray& array : arrays) {
    as_type(array, [&](auto shape, auto values) {
      file.add(array.name, shape, values);
      return std::string();
    });
  }
  return file.finish();
}

constexpr std::array kFormats{
    NumberFormat{".npy", false, write_npy},
    NumberFormat{".npz", true, write_npz},
    NumberFormat{".safetensors", true, write_safetensors},
    NumberFormat{".json", false, write_json},
    NumberFormat{".csv", false, write_csv},
};

}  // namespace

std::span<const NumberFormat> number_formats() {
  return kFormats;
}

const NumberFormat* number_format(std::string_view suffix) {
  const auto* row = std::find_if(kFormats.begin(), kFormats.end(),
                                 [&](const NumberFormat& format) { return format.suffix == suffix; });
  return row == kFormats.end() ? nullptr : row;
}

std::string number_suffixes(bool many) {
  std::vector<std::string> names;
  for (const NumberFormat& format : kFormats) {
    if (format.many || !many) names.emplace_back(format.suffix);
  }
  return join_or(names);
}

}  // namespace attn

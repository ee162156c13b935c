#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "core/document/read_document.hpp"
#include "tests/core/document/parse.hpp"
#include "tests/support/temporary_folder.hpp"

// Tensor files made by hand, byte by byte: no writer of the program takes part.
namespace attn::test {

template <class T>
std::string raw(const std::vector<T>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T)};
}

inline std::string little(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

/// A .npy file with this dict.
inline std::string npy_of_dict(const std::string& dict, const std::string& data, int version = 1) {
  return std::string("\x93NUMPY") + static_cast<char>(version) + '\0' +
         little(dict.size(), version == 1 ? 2 : 4) + dict + data;
}

inline std::string npy(std::string_view descr, std::string_view shape, const std::string& data,
                       bool fortran = false, int version = 1) {
  return npy_of_dict(fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", descr,
                                 fortran ? "True" : "False", shape),
                     data, version);
}

inline std::string safetensors(const std::string& header, const std::string& data) {
  return little(header.size(), 8) + header + data;
}

/// Opens `file` with `content` in a folder of its own.
inline Result<Document> opened(const std::string& file, const std::string& content) {
  const support::TemporaryFolder folder;
  return read_document(folder.write(file, content));
}

/// The values of the document's one bias, `file` standing for it, along `keys` keys.
inline Result<Document> with_bias(const support::TemporaryFolder& folder, const std::string& bias,
                                  std::size_t keys) {
  std::string tokens;
  for (std::size_t i = 0; i < keys; ++i) tokens += fmt::format("{}\"t{}\"", i == 0 ? "" : ",", i);
  return read_document(folder.write(
      "d.json", fmt::format(R"({{"sequences": {{"s": {{"tokens": [{}]}}}}, "layers": [{{"bias": {}}}]}})",
                            tokens, bias)));
}

inline std::vector<float> bias_values(const Document& document) {
  const auto values = document.layers.front().bias->values();
  return {values.begin(), values.end()};
}

}  // namespace attn::test

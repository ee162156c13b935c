#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace attn {

/// A safetensors file: little-endian, C order; F32, F64 or BOOL. Wider numbers stand in front, so that each
/// array begins at a multiple of its numbers' size; the header is filled up to a multiple of 8 with spaces.
/// Names are letters, digits and dots.
class SafetensorsWriter {
 public:
  void add(const std::string& name, std::span<const std::size_t> shape, std::span<const float> values);
  void add(const std::string& name, std::span<const std::size_t> shape, std::span<const double> values);
  void add(const std::string& name, std::span<const std::size_t> shape, std::span<const bool> values);
  [[nodiscard]] std::string finish() const;

 private:
  struct Entry {
    std::string name;
    std::string dtype;
    std::vector<std::size_t> shape;
    std::size_t width;
    std::string bytes;
  };
  void add(const std::string& name, const char* dtype, std::span<const std::size_t> shape, std::size_t width,
           std::span<const std::byte> bytes);

  std::vector<Entry> entries_;
};

}  // namespace attn

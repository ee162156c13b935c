#include "core/figure/numbers/safetensors_writer.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include <fmt/format.h>

namespace attn {

static_assert(std::endian::native == std::endian::little);

void SafetensorsWriter::add(const std::string& name, std::span<const std::size_t> shape,
                            std::span<const float> values) {
  add(name, "F32", shape, sizeof(float), std::as_bytes(values));
}

void SafetensorsWriter::add(const std::string& name, std::span<const std::size_t> shape,
                            std::span<const double> values) {
  add(name, "F64", shape, sizeof(double), std::as_bytes(values));
}

void SafetensorsWriter::add(const std::string& name, std::span<const std::size_t> shape,
                            std::span<const bool> values) {
  add(name, "BOOL", shape, sizeof(bool), std::as_bytes(values));
}

void SafetensorsWriter::add(const std::string& name, const char* dtype, std::span<const std::size_t> shape,
                            std::size_t width, std::span<const std::byte> bytes) {
  Entry entry{name,
              dtype,
              {shape.begin(), shape.end()},
              width,
              std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())};
  const auto behind =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& other) { return other.width < width; });
  entries_.insert(behind, std::move(entry));
}

std::string SafetensorsWriter::finish() const {
  std::string header = "{";
  std::size_t at = 0;
  for (const Entry& entry : entries_) {
    header += fmt::format(R"({}"{}":{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                          header.size() > 1 ? "," : "", entry.name, entry.dtype, fmt::join(entry.shape, ","),
                          at, at + entry.bytes.size());
    at += entry.bytes.size();
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  std::string file;
  file.reserve(8 + header.size() + at);
  for (std::size_t i = 0; i < 8; ++i)
    file += static_cast<char>(std::uint64_t{header.size()} >> (8 * i) & 0xff);
  file += header;
  for (const Entry& entry : entries_) file += entry.bytes;
  return file;
}

}  // namespace attn

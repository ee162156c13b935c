#include "app/platform/sfnt.hpp"

#include <cstddef>
#include <cstdint>

namespace attn::app {
namespace {

// Reads beyond the end give 0.
std::uint32_t unsigned_at(std::string_view bytes, std::size_t at, std::size_t length) {
  if (at > bytes.size() || bytes.size() - at < length) return 0;
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(at, length)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::int16_t signed16_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(unsigned_at(bytes, at, 2)));
}

std::optional<std::size_t> directory_of(std::string_view font, int index) {
  if (!font.starts_with("ttcf")) return index == 0 ? std::optional<std::size_t>(0) : std::nullopt;
  if (index < 0 || static_cast<std::uint32_t>(index) >= unsigned_at(font, 8, 4)) return {};
  return unsigned_at(font, 12 + 4 * static_cast<std::size_t>(index), 4);
}

// The table's content; empty if it is missing or reaches beyond the end.
std::string_view table_of(std::string_view font, std::size_t directory, std::string_view tag) {
  const std::size_t tables = unsigned_at(font, directory + 4, 2);
  for (std::size_t i = 0; i < tables; ++i) {
    const std::size_t row = directory + 12 + 16 * i;
    if (row >= font.size() || font.substr(row, 4) != tag) continue;
    const std::size_t start = unsigned_at(font, row + 8, 4), length = unsigned_at(font, row + 12, 4);
    return start <= font.size() && length <= font.size() - start ? font.substr(start, length)
                                                                 : std::string_view{};
  }
  return {};
}

bool is_scalable(std::string_view font, std::size_t directory) {
  const std::uint32_t version = unsigned_at(font, directory, 4);
  const bool known =
      version == 0x00010000 || version == 0x4f54544f /* OTTO */ || version == 0x74727565 /* true */;
  const bool outlines =
      !table_of(font, directory, "glyf").empty() || !table_of(font, directory, "CFF ").empty();
  return known && outlines && !table_of(font, directory, "cmap").empty() &&
         !table_of(font, directory, "hmtx").empty();
}

}  // namespace

std::optional<float> line_height_in_em(std::string_view font, int index) {
  const auto directory = directory_of(font, index);
  if (!directory || !is_scalable(font, *directory)) return {};
  const std::string_view head = table_of(font, *directory, "head"), hhea = table_of(font, *directory, "hhea");
  const auto em = unsigned_at(head, 18, 2);
  const int height = signed16_at(hhea, 4) - signed16_at(hhea, 6);
  if (em == 0 || height <= 0) return {};
  return static_cast<float>(height) / static_cast<float>(em);
}

}  // namespace attn::app

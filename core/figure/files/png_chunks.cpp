#include "core/figure/files/png_chunks.hpp"

#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <zlib.h>

#include "core/base/text.hpp"
#include "core/figure/files/metadata.hpp"

namespace attn {
namespace {

constexpr std::size_t kWord = sizeof(std::uint32_t);
constexpr std::size_t kAround = 3 * kWord;  // length, name and checksum around a chunk's data
constexpr std::string_view kKeyword{"attnscope\0", 10};

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + kWord; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// The text of an iTXt behind its keyword.
Result<std::string> text_of(std::string_view data, const std::string& name, const std::string& place) {
  constexpr std::size_t kFlags = 2;  // compressed or not, and how
  const std::size_t language_end = data.find('\0', kFlags);
  const std::size_t keyword_end = language_end == data.npos ? data.npos : data.find('\0', language_end + 1);
  if (keyword_end == data.npos) {
    return broken_figure(name, place, "a whole iTXt chunk", "one without its text");
  }
  if (data[0] != '\0') {
    return tl::unexpected(Error{ErrorCode::unsupported, name, place, "metadata that is not compressed",
                                "compressed metadata", "Another program has written this file anew."});
  }
  return checked_metadata(data.substr(keyword_end + 1), name, place);
}

}  // namespace

std::string png_number(std::uint32_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

std::string png_chunk(std::string_view name, std::string_view data) {
  std::string bytes;
  bytes.reserve(data.size() + kAround);
  bytes.append(png_number(static_cast<std::uint32_t>(data.size()))).append(name).append(data);
  return bytes + png_number(checksum(std::string_view(bytes).substr(kWord)));
}

std::string png_notes(const PngNotes& notes) {
  constexpr double kMetresAnInch = 0.0254;
  constexpr char kPerMetre = 1;
  const std::string density = png_number(static_cast<std::uint32_t>(std::lround(notes.dpi / kMetresAnInch)));
  std::string chunks = png_chunk("pHYs", density + density + kPerMetre);
  if (notes.metadata.empty()) return chunks;
  // Not compressed, in no language, no keyword in another.
  return chunks +
         png_chunk("iTXt", std::string(kKeyword) + std::string(4, '\0') + std::string(notes.metadata));
}

Result<std::string> png_metadata(std::string_view bytes, const std::string& name) {
  std::optional<std::string> text;
  for (std::size_t at = kPngSignature.size(); true;) {
    const std::string place = fmt::format("byte {}", at);
    const std::size_t left = bytes.size() - at;
    if (left < kAround) return broken_figure(name, place, "a chunk of a PNG file", "the end of the file");
    const std::size_t length = number_at(bytes, at);
    const std::string_view chunk = bytes.substr(at + kWord, kWord);
    if (length > left - kAround) {
      return broken_figure(name, place, fmt::format("{} bytes of chunk \"{}\"", length, visible(chunk)),
                           fmt::format("{} up to the end of the file", left - kAround));
    }
    const std::string_view checked = bytes.substr(at + kWord, kWord + length);
    if (checksum(checked) != number_at(bytes, at + 2 * kWord + length)) {
      return broken_figure(name, place, fmt::format("chunk \"{}\" with its checksum", visible(chunk)),
                           "another checksum");
    }
    if ((at == kPngSignature.size()) != (chunk == "IHDR")) {
      return broken_figure(name, place, "one header, as the first chunk", '"' + visible(chunk) + '"');
    }
    const std::string_view data = checked.substr(kWord);
    if (chunk == "iTXt" && data.substr(0, kKeyword.size()) == kKeyword) {
      if (text) return two_metadata(name, place);
      auto read = text_of(data.substr(kKeyword.size()), name, place);
      if (!read) return read;
      text = std::move(*read);
    }
    at += kAround + length;
    if (chunk == "IEND") break;
  }
  if (!text) return no_metadata(name);
  return std::move(*text);
}

}  // namespace attn

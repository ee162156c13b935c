#include "core/figure/numbers/npz_writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace attn {
namespace {

constexpr std::uint64_t kNarrow = 0xffffffff;  // in a field of 32 bits: "see the Zip64 field"
constexpr std::uint16_t kVersion = 20, kVersionZip64 = 45;
constexpr std::uint16_t kUtf8Names = 0x0800;
constexpr std::uint16_t kFirstDate = 0x0021;  // 1980-01-01

template <class T>
void put(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

std::uint32_t narrow(std::uint64_t value) {
  return static_cast<std::uint32_t>(value < kNarrow ? value : kNarrow);
}

constexpr std::array<std::uint32_t, 256> kTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1u) != 0 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
    table[i] = crc;
  }
  return table;
}();

// The part that an entry's local and central header share: from the version needed to the length of the name.
void put_common(std::string& out, std::uint16_t version, std::uint32_t checksum, std::uint64_t size,
                std::size_t name) {
  put<std::uint16_t>(out, version);
  put<std::uint16_t>(out, kUtf8Names);
  put<std::uint16_t>(out, 0);  // stored
  put<std::uint16_t>(out, 0);  // midnight
  put<std::uint16_t>(out, kFirstDate);
  put<std::uint32_t>(out, checksum);
  put<std::uint32_t>(out, narrow(size));  // packed
  put<std::uint32_t>(out, narrow(size));
  put<std::uint16_t>(out, static_cast<std::uint16_t>(name));
}

// The Zip64 field: what did not fit into 32 bits, in the order of the header.
std::string wide_field(std::uint64_t size, std::uint64_t offset) {
  std::string values;
  if (size >= kNarrow) {
    put(values, size);
    put(values, size);
  }
  if (offset >= kNarrow) put(values, offset);
  if (values.empty()) return values;
  std::string field;
  put<std::uint16_t>(field, 1);
  put<std::uint16_t>(field, static_cast<std::uint16_t>(values.size()));
  return field + values;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = ~0u;
  for (const char c : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xffu] ^ (crc >> 8);
  return ~crc;
}

void ZipWriter::add(const std::string& name, std::string_view content) {
  const Entry entry{name, crc32(content), content.size(), bytes_.size()};
  const std::string wide = wide_field(entry.size, 0);
  put<std::uint32_t>(bytes_, 0x04034b50);
  put_common(bytes_, wide.empty() ? kVersion : kVersionZip64, entry.checksum, entry.size, name.size());
  put<std::uint16_t>(bytes_, static_cast<std::uint16_t>(wide.size()));
  bytes_ += name;
  bytes_ += wide;
  bytes_ += content;
  entries_.push_back(entry);
}

std::string ZipWriter::finish() && {
  const std::uint64_t directory_at = bytes_.size();
  for (const Entry& entry : entries_) {
    const std::string wide = wide_field(entry.size, entry.offset);
    const std::uint16_t version = wide.empty() ? kVersion : kVersionZip64;
    put<std::uint32_t>(bytes_, 0x02014b50);
    put<std::uint16_t>(bytes_, version);  // made by
    put_common(bytes_, version, entry.checksum, entry.size, entry.name.size());
    put<std::uint16_t>(bytes_, static_cast<std::uint16_t>(wide.size()));
    put<std::uint16_t>(bytes_, 0);  // comment
    put<std::uint16_t>(bytes_, 0);  // disk
    put<std::uint16_t>(bytes_, 0);  // attributes
    put<std::uint32_t>(bytes_, 0);
    put<std::uint32_t>(bytes_, narrow(entry.offset));
    bytes_ += entry.name;
    bytes_ += wide;
  }
  const std::uint64_t end_at = bytes_.size(), directory = end_at - directory_at;
  constexpr std::size_t kFewEntries = 0xffff;
  if (end_at >= kNarrow || entries_.size() >= kFewEntries) {
    put<std::uint32_t>(bytes_, 0x06064b50);  // Zip64's end record, then its locator
    put<std::uint64_t>(bytes_, 44);
    put<std::uint16_t>(bytes_, kVersionZip64);
    put<std::uint16_t>(bytes_, kVersionZip64);
    put<std::uint64_t>(bytes_, 0);  // disks
    put<std::uint64_t>(bytes_, entries_.size());
    put<std::uint64_t>(bytes_, entries_.size());
    put<std::uint64_t>(bytes_, directory);
    put<std::uint64_t>(bytes_, directory_at);
    put<std::uint32_t>(bytes_, 0x07064b50);
    put<std::uint32_t>(bytes_, 0);
    put<std::uint64_t>(bytes_, end_at);
    put<std::uint32_t>(bytes_, 1);
  }
  const auto count = static_cast<std::uint16_t>(std::min(entries_.size(), kFewEntries));
  put<std::uint32_t>(bytes_, 0x06054b50);
  put<std::uint32_t>(bytes_, 0);  // disks
  put<std::uint16_t>(bytes_, count);
  put<std::uint16_t>(bytes_, count);
  put<std::uint32_t>(bytes_, narrow(directory));
  put<std::uint32_t>(bytes_, narrow(directory_at));
  put<std::uint16_t>(bytes_, 0);  // comment
  return std::move(bytes_);
}

}  // namespace attn

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// A zip archive of stored entries, as numpy.load opens it: an .npz is one of .npy files. The bytes depend on
/// names and contents alone (every entry is dated 1980-01-01); entries and archives beyond 4 GiB use Zip64.
class ZipWriter {
 public:
  void add(const std::string& name, std::string_view content);
  /// The whole archive; the writer is spent.
  [[nodiscard]] std::string finish() &&;

 private:
  struct Entry {
    std::string name;
    std::uint32_t checksum;
    std::uint64_t size;
    std::uint64_t offset;
  };
  std::vector<Entry> entries_;
  std::string bytes_;
};

/// CRC-32 (ISO 3309), as zip archives carry it.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes);

}  // namespace attn

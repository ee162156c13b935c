#include "core/figure/files/png_writer.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "core/base/parallel.hpp"
#include "core/figure/color.hpp"

namespace attn {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kBytesAPixel = 3;
constexpr std::size_t kBlockBytes = std::size_t{1}
                                    << 19;  // before compression: large against what a cut costs
constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n"sv;
constexpr std::string_view kStreamStart =
    "\x78\x01"sv;  // of zlib's format (RFC 1950): window of 32 KB, fastest

std::string number(std::size_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

// Length, name, data, checksum of name and data.
std::string chunk(std::string_view name, std::string_view data) {
  std::string bytes = number(data.size());
  bytes.append(name).append(data);
  const auto* checked = reinterpret_cast<const Bytef*>(bytes.data() + sizeof(std::uint32_t));
  return bytes + number(::crc32_z(0, checked, name.size() + data.size()));
}

// Rows [begin, end), each behind a 0: no filter, since neighbouring colours of a colormap are no neighbouring
// numbers.
std::string raw_rows(const PixelRows& pixels, std::size_t begin, std::size_t end) {
  std::string raw;
  raw.resize((end - begin) * (1 + kBytesAPixel * pixels.width));
  char* out = raw.data();
  for (std::size_t y = begin; y < end; ++y) {
    *out++ = 0;
    const std::uint32_t* row = pixels.first + y * pixels.step;
    for (std::size_t x = 0; x < pixels.width; ++x) {
      const Rgb color = unpack(row[x]);
      *out++ = static_cast<char>(color.r);
      *out++ = static_cast<char>(color.g);
      *out++ = static_cast<char>(color.b);
    }
  }
  return raw;
}

// A part of a deflate stream that starts and ends at a byte; the last one ends the stream.
std::string deflated(std::string& raw, bool is_last) {
  constexpr int kRawWindow = -15, kMemory = 9;
  z_stream stream{};
  if (::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kRawWindow, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out;
  constexpr std::size_t kFlushed = 16;  // bytes that a flush may add
  out.resize(::deflateBound(&stream, raw.size()) + kFlushed);
  stream.next_in = reinterpret_cast<Bytef*>(raw.data());
  stream.avail_in = static_cast<uInt>(raw.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, is_last ? Z_FINISH : Z_SYNC_FLUSH);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

struct Block {
  std::string bytes;
  uLong sum = 0;  // Adler-32 of what was compressed
  std::size_t length = 0;
};

std::string header(const PixelRows& pixels) {
  // Eight bits, colours as RGB, and the only compression, filter set and order of rows that always do.
  return chunk("IHDR", number(pixels.width) + number(pixels.height) + std::string("\x08\x02\0\0\0", 5));
}

}  // namespace

std::string png_file(const PixelRows& pixels, std::size_t threads) {
  const std::size_t rows = std::max<std::size_t>(1, kBlockBytes / (1 + kBytesAPixel * pixels.width));
  std::vector<Block> blocks((pixels.height + rows - 1) / rows);
  parallel_for(blocks.size(), threads, [&](std::size_t b) {
    std::string raw = raw_rows(pixels, b * rows, std::min(pixels.height, (b + 1) * rows));
    const auto* checked = reinterpret_cast<const Bytef*>(raw.data());
    blocks[b].sum = ::adler32_z(::adler32_z(0, nullptr, 0), checked, raw.size());
    blocks[b].length = raw.size();
    const std::string packed = deflated(raw, b + 1 == blocks.size());
    blocks[b].bytes = chunk("IDAT", b == 0 ? std::string(kStreamStart) + packed : packed);
  });
  std::string file = std::string(kSignature) + header(pixels);
  uLong sum = ::adler32_z(0, nullptr, 0);
  for (const Block& block : blocks) {
    sum = ::adler32_combine(sum, block.sum, static_cast<z_off_t>(block.length));
    file += block.bytes;
  }
  return file + chunk("IDAT", number(sum)) + chunk("IEND", {});
}

}  // namespace attn

#include "core/figure/files/deflate.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <isa-l/igzip_lib.h>
#include <zlib.h>

#include "core/base/buffer.hpp"
#include "core/base/parallel.hpp"

namespace attn {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 18;  // large against what a cut costs
constexpr std::size_t kBlocksAGroup = 4;                   // that use the same memory
constexpr std::string_view kStreamStart = "\x78\x01";      // a window of 32 KB, compressed for speed

struct Block {
  std::string bytes;
  std::uint32_t sum = 0;  // Adler-32 of what was compressed
  std::size_t length = 0;
};

// Memory for one block after the other.
struct Scratch {
  Buffer<char> raw, packed, work = Buffer<char>(ISAL_DEF_LVL1_DEFAULT);
};

// scratch.raw as a part of a deflate stream that starts and ends at a byte; the last one ends the stream.
void deflate_block(Scratch& scratch, bool is_last, std::string& out) {
  isal_zstream stream;
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = reinterpret_cast<std::uint8_t*>(scratch.work.data());
  stream.level_buf_size = ISAL_DEF_LVL1_DEFAULT;
  stream.flush = is_last ? NO_FLUSH : SYNC_FLUSH;
  stream.end_of_stream = is_last ? 1 : 0;
  stream.next_in = reinterpret_cast<std::uint8_t*>(scratch.raw.data());
  stream.avail_in = static_cast<std::uint32_t>(scratch.raw.size());
  scratch.packed.resize(kBlockBytes);
  do {
    stream.next_out = reinterpret_cast<std::uint8_t*>(scratch.packed.data());
    stream.avail_out = static_cast<std::uint32_t>(scratch.packed.size());
    isal_deflate(&stream);
    out.append(scratch.packed.data(), scratch.packed.size() - stream.avail_out);
  } while (stream.avail_out == 0);
}

}  // namespace

std::vector<std::string> zlib_pieces(std::size_t rows, std::size_t row_bytes, const FillRows& fill,
                                     std::size_t threads) {
  const std::size_t step = std::max<std::size_t>(1, kBlockBytes / row_bytes);
  std::vector<Block> blocks(std::max<std::size_t>(1, (rows + step - 1) / step));
  const std::size_t groups = (blocks.size() + kBlocksAGroup - 1) / kBlocksAGroup;
  parallel_for(groups, threads, [&](std::size_t group) {
    Scratch scratch;
    for (std::size_t b = group * kBlocksAGroup; b < std::min(blocks.size(), (group + 1) * kBlocksAGroup);
         ++b) {
      const std::size_t begin = b * step, end = std::min(rows, begin + step);
      scratch.raw.resize((end - begin) * row_bytes);
      fill(begin, end, scratch.raw.data());
      Block& block = blocks[b];
      block.sum =
          isal_adler32(1, reinterpret_cast<const unsigned char*>(scratch.raw.data()), scratch.raw.size());
      block.length = scratch.raw.size();
      if (b == 0) block.bytes = kStreamStart;
      deflate_block(scratch, b + 1 == blocks.size(), block.bytes);
    }
  });
  uLong sum = 1;
  std::vector<std::string> pieces;
  for (Block& block : blocks) {
    sum = ::adler32_combine(sum, block.sum, static_cast<z_off_t>(block.length));
    pieces.push_back(std::move(block.bytes));
  }
  for (const int shift : {24, 16, 8, 0}) pieces.back() += static_cast<char>(sum >> shift & 0xff);
  return pieces;
}

}  // namespace attn

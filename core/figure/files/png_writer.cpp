#include "core/figure/files/png_writer.hpp"

#include <algorithm>

#include "core/figure/files/deflate.hpp"

namespace attn {
namespace {

enum class Kind : char { rgb = 2, palette = 3, rgba = 6 };

std::string header(const PixelRows& pixels, int bits, Kind kind) {
  std::string data = png_number(static_cast<std::uint32_t>(pixels.width)) +
                     png_number(static_cast<std::uint32_t>(pixels.height));
  data += static_cast<char>(bits);
  data += static_cast<char>(kind);
  // The only compression, the only set of filters, rows in their order.
  return png_chunk("IHDR", data + std::string(3, '\0'));
}

std::size_t bytes_a_pixel(const PixelRows& pixels) {
  return pixels.transparent ? 4 : 3;
}

// Each row stands behind a 0: no filter, since neighbouring colours of a colormap are no neighbouring
// numbers.
std::vector<std::string> color_pieces(const PixelRows& pixels, std::size_t threads) {
  const std::size_t row_bytes = 1 + bytes_a_pixel(pixels) * pixels.width;
  return zlib_pieces(
      pixels.height, row_bytes,
      [&](std::size_t begin, std::size_t end, char* out) {
        for (std::size_t y = begin; y < end; ++y, out += row_bytes) {
          *out = 0;
          write_colors(pixels, y, out + 1);
        }
      },
      threads);
}

std::vector<std::string> palette_pieces(const PixelRows& pixels, const Palette& palette,
                                        std::size_t threads) {
  const std::size_t row_bytes = 1 + (pixels.width * static_cast<std::size_t>(palette.bits()) + 7) / 8;
  return zlib_pieces(
      pixels.height, row_bytes,
      [&](std::size_t begin, std::size_t end, char* out) {
        for (std::size_t y = begin; y < end; ++y, out += row_bytes) {
          *out = 0;
          palette.write_row(pixels, y, out + 1);
        }
      },
      threads);
}

// The colours, and the alphas of those that are not opaque, which come first.
std::string palette_chunks(const Palette& palette, bool transparent) {
  std::string colors, alphas;
  for (const std::uint32_t color : palette.colors()) {
    const Rgba entry = transparent ? unmultiplied(color) : Rgba{unpack(color)};
    for (const std::uint8_t channel : {entry.color.r, entry.color.g, entry.color.b})
      colors += static_cast<char>(channel);
    if (entry.alpha != 255) alphas += static_cast<char>(entry.alpha);
  }
  const std::string chunk = png_chunk("PLTE", colors);
  return alphas.empty() ? chunk : chunk + png_chunk("tRNS", alphas);
}

void append_chunks(std::string& file, const std::vector<std::string>& pieces) {
  for (const std::string& piece : pieces) file += png_chunk("IDAT", piece);
}

}  // namespace

std::string png_file(const PixelRows& pixels, const PngNotes& notes, std::size_t threads) {
  std::string file(kPngSignature);
  if (const auto palette = Palette::of(pixels, threads)) {
    file += header(pixels, palette->bits(), Kind::palette) + png_notes(notes) +
            palette_chunks(*palette, pixels.transparent);
    append_chunks(file, palette_pieces(pixels, *palette, threads));
  } else {
    file += header(pixels, 8, pixels.transparent ? Kind::rgba : Kind::rgb) + png_notes(notes);
    append_chunks(file, color_pieces(pixels, threads));
  }
  return file + png_chunk("IEND", {});
}

// The smallest rectangle outside of which the frame is the one before; a pixel where nothing changes.
ApngWriter::Part ApngWriter::changed(const PixelRows& frame) const {
  std::size_t left = frame.width, right = 0, top = frame.height, bottom = 0;
  for (std::size_t y = 0; y < frame.height; ++y) {
    const std::uint32_t* row = frame.row(y);
    const std::uint32_t* before = previous_.data() + y * frame.width;
    const auto first = static_cast<std::size_t>(std::mismatch(row, row + frame.width, before).first - row);
    if (first == frame.width) continue;
    std::size_t last = frame.width - 1;
    while (row[last] == before[last]) --last;
    left = std::min(left, first);
    right = std::max(right, last + 1);
    top = std::min(top, y);
    bottom = y + 1;
  }
  if (bottom == 0) return {};
  return {left, top, right - left, bottom - top};
}

std::string ApngWriter::control(const Part& part) {
  std::string data = png_number(sequence_++);
  for (const std::size_t number : {part.width, part.height, part.left, part.top})
    data += png_number(static_cast<std::uint32_t>(number));
  constexpr int kMillisecondsASecond = 1000;
  for (const int number : {milliseconds_, kMillisecondsASecond}) {
    data += static_cast<char>(number >> 8);
    data += static_cast<char>(number & 0xff);
  }
  // Nothing is wiped after the frame; its pixels replace what is there.
  return png_chunk("fcTL", data + std::string(2, '\0'));
}

void ApngWriter::add(const PixelRows& frame) {
  if (file_.empty()) {
    constexpr std::uint32_t kForEver = 0;
    file_ = std::string(kPngSignature) + header(frame, 8, frame.transparent ? Kind::rgba : Kind::rgb) +
            png_notes(notes_) +
            png_chunk("acTL", png_number(static_cast<std::uint32_t>(frames_)) + png_number(kForEver)) +
            control({0, 0, frame.width, frame.height});
    append_chunks(file_, color_pieces(frame, threads_));
  } else {
    const Part part = changed(frame);
    file_ += control(part);
    PixelRows rows = frame;
    rows.first = frame.row(part.top) + part.left;
    rows.width = part.width;
    rows.height = part.height;
    for (const std::string& piece : color_pieces(rows, threads_))
      file_ += png_chunk("fdAT", png_number(sequence_++) + piece);
  }
  previous_.clear();
  for (std::size_t y = 0; y < frame.height; ++y)
    previous_.insert(previous_.end(), frame.row(y), frame.row(y) + frame.width);
}

std::string ApngWriter::finish() && {
  return std::move(file_) + png_chunk("IEND", {});
}

}  // namespace attn

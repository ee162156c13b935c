#include "core/figure/files/pixel_rows.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>

#include "core/base/parallel.hpp"

namespace attn {
namespace {

constexpr std::size_t kMostColors = 256;
constexpr std::size_t kSlots = 1024;  // of a hash table that is never more than a quarter full
constexpr std::size_t kBlockRows = 64;

// Fibonacci hashing: the top bits of a product.
constexpr std::size_t slot_of(std::uint32_t color) {
  constexpr std::uint32_t kFactor = 2654435769u;
  constexpr int kShift = 22;
  static_assert(kSlots == std::size_t{1} << (32 - kShift));
  return (color * kFactor) >> kShift;
}

// A set of colours that stops at one more than kMostColors.
class ColorSet {
 public:
  void insert(std::uint32_t color) {
    std::size_t slot = slot_of(color);
    while (used_[slot] && keys_[slot] != color) slot = (slot + 1) % kSlots;
    if (used_[slot]) return;
    used_[slot] = true;
    keys_[slot] = color;
    colors_.push_back(color);
  }
  [[nodiscard]] bool full() const { return colors_.size() > kMostColors; }
  [[nodiscard]] const std::vector<std::uint32_t>& colors() const { return colors_; }

 private:
  std::vector<bool> used_ = std::vector<bool>(kSlots);
  std::vector<std::uint32_t> keys_ = std::vector<std::uint32_t>(kSlots);
  std::vector<std::uint32_t> colors_;
};

void collect(const PixelRows& pixels, std::size_t begin, std::size_t end, ColorSet& set) {
  for (std::size_t y = begin; y < end; ++y) {
    const std::uint32_t* row = pixels.row(y);
    for (std::size_t x = 0; x < pixels.width; ++x) {
      if (x > 0 && row[x] == row[x - 1]) continue;
      set.insert(row[x]);
      if (set.full()) return;
    }
  }
}

}  // namespace

Rgba unmultiplied(std::uint32_t pixel) {
  const std::uint32_t alpha = pixel >> 24;
  if (alpha == 0) return {{}, 0};
  const Rgb color = unpack(pixel);
  const auto divided = [&](std::uint8_t channel) {
    return static_cast<std::uint8_t>(std::min<std::uint32_t>(255, (channel * 255u + alpha / 2) / alpha));
  };
  return {{divided(color.r), divided(color.g), divided(color.b)}, static_cast<std::uint8_t>(alpha)};
}

std::optional<Palette> Palette::of(const PixelRows& pixels, std::size_t threads) {
  // Most pictures of more colours show it in a few rows.
  ColorSet some;
  for (std::size_t y = 0; y < pixels.height && !some.full(); y += kBlockRows) collect(pixels, y, y + 1, some);
  if (some.full()) return std::nullopt;
  std::vector<ColorSet> sets((pixels.height + kBlockRows - 1) / kBlockRows);
  std::atomic<bool> too_many = false;
  parallel_for(sets.size(), threads, [&](std::size_t b) {
    if (too_many) return;
    collect(pixels, b * kBlockRows, std::min(pixels.height, (b + 1) * kBlockRows), sets[b]);
    if (sets[b].full()) too_many = true;
  });
  ColorSet all;
  for (const ColorSet& set : sets) {
    for (const std::uint32_t color : set.colors()) {
      all.insert(color);
      if (all.full()) return std::nullopt;
    }
  }
  std::vector<std::uint32_t> colors = all.colors();
  std::ranges::sort(colors);
  return Palette(std::move(colors));
}

Palette::Palette(std::vector<std::uint32_t> colors)
    : colors_(std::move(colors)), keys_(kSlots), entries_(kSlots) {
  std::vector<bool> used(kSlots);
  for (std::size_t entry = 0; entry < colors_.size(); ++entry) {
    std::size_t slot = slot_of(colors_[entry]);
    while (used[slot]) slot = (slot + 1) % kSlots;
    used[slot] = true;
    keys_[slot] = colors_[entry];
    entries_[slot] = static_cast<std::uint8_t>(entry);
  }
}

int Palette::bits() const {
  for (const int bits : {1, 2, 4}) {
    if (colors_.size() <= std::size_t{1} << bits) return bits;
  }
  return 8;
}

void Palette::write_row(const PixelRows& pixels, std::size_t y, char* out) const {
  const std::uint32_t* row = pixels.row(y);
  const int width = bits();
  std::size_t x = 0;
  while (x < pixels.width) {
    unsigned byte = 0;
    for (int shift = 8 - width; shift >= 0; shift -= width, ++x) {
      if (x >= pixels.width) continue;
      std::size_t slot = slot_of(row[x]);  // every colour stands in the table, with no gap before it
      while (keys_[slot] != row[x]) slot = (slot + 1) % kSlots;
      byte |= static_cast<unsigned>(entries_[slot]) << shift;
    }
    *out++ = static_cast<char>(byte);
  }
}

void write_colors(const PixelRows& pixels, std::size_t y, char* out) {
  const std::uint32_t* row = pixels.row(y);
  if (pixels.transparent) {
    for (std::size_t x = 0; x < pixels.width; ++x) {
      const Rgba pixel = unmultiplied(row[x]);
      for (const std::uint8_t byte : {pixel.color.r, pixel.color.g, pixel.color.b, pixel.alpha})
        *out++ = static_cast<char>(byte);
    }
    return;
  }
  // Four pixels are three words, their bytes in the file's order.
  const auto word = [&](std::size_t x) { return __builtin_bswap32(row[x]) >> 8; };
  std::size_t x = 0;
  static_assert(std::endian::native == std::endian::little);
  for (; x + 4 <= pixels.width; x += 4) {
    const std::uint32_t a = word(x), b = word(x + 1), c = word(x + 2), d = word(x + 3);
    const std::array<std::uint32_t, 3> words{a | b << 24, b >> 8 | c << 16, c >> 16 | d << 8};
    std::memcpy(out, words.data(), sizeof words);
    out += sizeof words;
  }
  for (; x < pixels.width; ++x) {
    const Rgb color = unpack(row[x]);
    for (const std::uint8_t byte : {color.r, color.g, color.b}) *out++ = static_cast<char>(byte);
  }
}

}  // namespace attn

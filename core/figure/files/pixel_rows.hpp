#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/figure/color.hpp"

namespace attn {

/// Pixels in memory as pack() makes them, row by row from the top. Where they are `transparent`, the top byte
/// is the alpha, by which the colours are multiplied already (what Cairo calls ARGB32).
struct PixelRows {
  const std::uint32_t* first = nullptr;
  std::size_t step = 0;  ///< pixels from one row to the next
  std::size_t width = 0, height = 0;
  bool transparent = false;

  [[nodiscard]] const std::uint32_t* row(std::size_t y) const { return first + y * step; }
};

/// One of a PNG's colours: not multiplied by alpha.
struct Rgba {
  Rgb color;
  std::uint8_t alpha = 255;
};
[[nodiscard]] Rgba unmultiplied(std::uint32_t pixel);

/// The colours of a picture that has at most 256 of them, the most transparent first.
class Palette {
 public:
  /// Nothing where there are more.
  [[nodiscard]] static std::optional<Palette> of(const PixelRows& pixels, std::size_t threads);

  [[nodiscard]] const std::vector<std::uint32_t>& colors() const { return colors_; }
  [[nodiscard]] int bits() const;  ///< an entry takes: 1, 2, 4 or 8

  /// Row y as PNG has it: the entries, the first pixel in the highest bits.
  void write_row(const PixelRows& pixels, std::size_t y, char* out) const;

 private:
  explicit Palette(std::vector<std::uint32_t> colors);

  std::vector<std::uint32_t> colors_;
  std::vector<std::uint32_t> keys_;    // a hash table of the colours …
  std::vector<std::uint8_t> entries_;  // … and what each is in colors_
};

/// Row y as RGB, or RGBA where the pixels are transparent.
void write_colors(const PixelRows& pixels, std::size_t y, char* out);

}  // namespace attn

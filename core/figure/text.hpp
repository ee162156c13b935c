#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/figure/color.hpp"

extern "C" {
struct _cairo;
}

namespace attn {

/// Where text of ours and tokens look for their glyphs, in order; fontconfig finds the rest (emoji, CJK …).
inline constexpr std::string_view kFontFamilies = "Inter, Noto Sans, DejaVu Sans, sans-serif";

struct TextStyle {
  std::string family{kFontFamilies};
  double size_px = 14;
  int weight = 400;  ///< 100 … 900; 400 regular, 600 semi-bold
  bool italic = false;
  bool tabular = false;  ///< digits of one width
  Rgb color{};
};

/// Of one line, in pixels; the box of a line goes from `ascent` above the baseline to `descent` below it.
struct TextSize {
  double width = 0;
  double ascent = 0, descent = 0;
};

/// Of a style's first font, whatever the text is: rows of labels keep one rhythm.
struct LineMetrics {
  double ascent = 0, descent = 0;
  double cap_height = 0;  ///< of H

  [[nodiscard]] double height() const { return ascent + descent; }
};

/// A drawn line: RGBA, 8 bits, alpha premultiplied, row by row from the top; background transparent. The
/// baseline starts at (origin_x, origin_y), in pixels from the top left corner. 0 × 0 where nothing is to be
/// seen.
struct TextBitmap {
  int width = 0, height = 0;
  double origin_x = 0, origin_y = 0;
  std::vector<std::uint8_t> rgba;
};
inline constexpr int kMaxBitmapSide = 8192;

/// One line of text in any script, by Pango and Cairo: right-to-left, combining marks, emoji in colour. Takes
/// any bytes: control and bidi characters and broken UTF-8 are written out as visible() does; markup is never
/// read. Hinting, antialiasing and resolution are fixed, so the result depends on the fonts alone, not on the
/// desktop's settings. Owns its fonts and caches, which are dear to make: keep one. Not for two threads at
/// once.
class TextRenderer {
 public:
  TextRenderer();
  ~TextRenderer();
  TextRenderer(TextRenderer&&) noexcept;
  TextRenderer& operator=(TextRenderer&&) noexcept;

  [[nodiscard]] TextSize measure(std::string_view text, const TextStyle& style);
  [[nodiscard]] LineMetrics line_metrics(const TextStyle& style);

  /// `text` made visible and, where it is wider than `max_px`, without its middle: `abc…xyz`, cut between
  /// characters as people see them. `…` alone where nothing more fits.
  [[nodiscard]] std::string fit(std::string_view text, const TextStyle& style, double max_px);

  /// The line turned counter-clockwise by `angle` degrees, for a label atlas. The bitmap holds all its ink,
  /// up to kMaxBitmapSide a side.
  [[nodiscard]] TextBitmap render(std::string_view text, const TextStyle& style, double angle = 0);

  /// Draws with the baseline's start at (0, 0) of `cairo`'s user space.
  void draw(_cairo* cairo, std::string_view text, const TextStyle& style);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace attn

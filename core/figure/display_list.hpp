#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <variant>
#include <vector>

#include "core/base/buffer.hpp"
#include "core/figure/color.hpp"
#include "core/figure/text.hpp"

namespace attn {

/// Pixels of the figure; x to the right, y down.
struct Point {
  double x = 0, y = 0;
};

/// Axis-parallel, edges in pixels.
struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
};

/// Opaque pixels as pack() makes them, row by row from the top.
struct PixelImage {
  int width = 0, height = 0;
  Buffer<std::uint32_t> pixels;
};

/// A filled rectangle.
struct RectItem {
  Box box;
  Rgb color;
};

/// An image over `box`; a pixel of it grown or shrunk without smoothing (the nearest one).
struct ImageItem {
  Box box;
  PixelImage image;
};

/// A straight line with square ends.
struct LineItem {
  Point from, to;
  double width = 1;
  Rgb color;
};

/// One line of text, ready to be drawn (visible, short enough). Its baseline starts at `origin` and is turned
/// counter-clockwise by `angle` degrees. What it takes is the box of width × (ascent above, descent below the
/// baseline); backends clip to it, with kTextOverhang to spare for strokes that lean out.
struct TextItem {
  std::string text;
  TextStyle style;
  Point origin;
  double angle = 0;
  double width = 0, ascent = 0, descent = 0;
};
inline constexpr double kTextOverhang = 2;

using DisplayItem = std::variant<RectItem, ImageItem, LineItem, TextItem>;

/// A figure as plain data, drawn from the first item to the last on `background`.
struct DisplayList {
  int width = 0, height = 0;
  Rgb background;
  std::vector<DisplayItem> items;
  double dpi = 96;           ///< pixels of the list an inch: what a page measures in a file that knows pages
  bool transparent = false;  ///< nothing is painted where no item is
  std::string title{};       ///< what the file says that it shows, where it can; may be empty
};

/// The corners of a text's box in the figure: top left, top right, bottom right, bottom left of the upright
/// text.
[[nodiscard]] inline std::array<Point, 4> corners(const TextItem& text) {
  const double turn = text.angle * std::numbers::pi / 180;
  const double c = std::cos(turn), s = std::sin(turn);
  const auto at = [&](double along, double down) {
    return Point{text.origin.x + along * c + down * s, text.origin.y - along * s + down * c};
  };
  return {at(0, -text.ascent), at(text.width, -text.ascent), at(text.width, text.descent),
          at(0, text.descent)};
}

}  // namespace attn

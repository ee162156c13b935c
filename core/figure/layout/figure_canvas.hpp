#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/figure/display_list.hpp"

namespace attn {

enum class Align { left, center, right };

/// Collects the parts of a figure around an origin of its own (the map's top left corner) and keeps the box
/// around all of them; finish() makes the canvas that box plus a margin, so nothing is ever cut off.
class FigureCanvas {
 public:
  explicit FigureCanvas(TextRenderer& text) : text_(&text) {}

  void add(RectItem item);
  void add(ImageItem item);
  void add(LineItem item);

  /// One line at `at`: its left end, middle or right end by `align`, the middle of its capitals at the height
  /// of `at`.
  void add_text(std::string text, const TextStyle& style, Point at, Align align);

  /// The same, turned by `angle` counter-clockwise around `at`.
  void add_turned_text(std::string text, const TextStyle& style, Point at, Align align, double angle);

  /// Items [first, end) of another canvas, its origin moved to `at`.
  void add_part(const FigureCanvas& part, Point at, std::size_t first, std::size_t end);
  [[nodiscard]] std::size_t size() const { return items_.size(); }

  [[nodiscard]] const Box& bounds() const { return bounds_; }
  [[nodiscard]] TextRenderer& text() { return *text_; }

  /// The list with everything moved by whole pixels to where the canvas begins; at least least_width ×
  /// least_height pixels, the content then in the middle.
  [[nodiscard]] DisplayList finish(Rgb background, double margin, int least_width, int least_height) &&;

 private:
  void cover(Point point);
  void cover(const Box& box);

  TextRenderer* text_;
  std::vector<DisplayItem> items_;
  Box bounds_{0, 0, 0, 0};
};

/// `text` in lines of at most `width` pixels, broken at spaces; a word that is wider loses its middle.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, const TextStyle& style, double width,
                                               TextRenderer& renderer);

}  // namespace attn

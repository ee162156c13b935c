#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/figure/color.hpp"

namespace attn::gui {

/// A point in the window's pixels.
struct Point {
  int x = 0, y = 0;
};

/// A rectangle in the window's pixels, as the event log writes it.
struct Rect {
  double x = 0, y = 0, width = 0, height = 0;

  [[nodiscard]] Point center() const { return at(0.5, 0.5); }
  /// The point at these fractions of width and height.
  [[nodiscard]] Point at(double across, double down) const {
    return {static_cast<int>(x + across * width), static_cast<int>(y + down * height)};
  }
  [[nodiscard]] bool operator==(const Rect&) const = default;
};

/// What stood on the screen.
class Picture {
 public:
  Picture(int width, int height, std::vector<std::uint32_t> pixels);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  /// Black beyond the edges.
  [[nodiscard]] Rgb at(Point point) const;
  void save_png(const std::filesystem::path& file) const;

 private:
  int width_, height_;
  std::vector<std::uint32_t> pixels_;  // 0xFFRRGGBB
};

/// The greatest difference of a channel.
[[nodiscard]] int difference(Rgb a, Rgb b);

/// How many pixels of the rectangle differ by more than `tolerance`.
[[nodiscard]] int changed_pixels(const Picture& a, const Picture& b, const Rect& rect, int tolerance = 2);

}  // namespace attn::gui

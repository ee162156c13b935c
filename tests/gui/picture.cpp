#include "tests/gui/picture.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <cairo.h>

namespace attn::gui {

Picture::Picture(int width, int height, std::vector<std::uint32_t> pixels)
    : width_(width), height_(height), pixels_(std::move(pixels)) {}

Rgb Picture::at(Point point) const {
  if (point.x < 0 || point.y < 0 || point.x >= width_ || point.y >= height_) return {};
  return unpack(pixels_[static_cast<std::size_t>(point.y) * static_cast<std::size_t>(width_) +
                        static_cast<std::size_t>(point.x)]);
}

void Picture::save_png(const std::filesystem::path& file) const {
  std::vector<std::uint32_t> copy = pixels_;
  cairo_surface_t* surface = cairo_image_surface_create_for_data(
      reinterpret_cast<unsigned char*>(copy.data()), CAIRO_FORMAT_RGB24, width_, height_, width_ * 4);
  cairo_surface_write_to_png(surface, file.c_str());
  cairo_surface_destroy(surface);
}

int difference(Rgb a, Rgb b) {
  return std::max({std::abs(a.r - b.r), std::abs(a.g - b.g), std::abs(a.b - b.b)});
}

int changed_pixels(const Picture& a, const Picture& b, const Rect& rect, int tolerance) {
  const Point first = rect.at(0, 0), last = rect.at(1, 1);
  int changed = 0;
  for (int y = first.y; y < last.y; ++y) {
    for (int x = first.x; x < last.x; ++x)
      changed += difference(a.at({x, y}), b.at({x, y})) > tolerance ? 1 : 0;
  }
  return changed;
}

}  // namespace attn::gui

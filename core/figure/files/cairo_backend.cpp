#include "core/figure/files/cairo_backend.hpp"

#include <cmath>
#include <cstddef>
#include <memory>
#include <new>
#include <numbers>

#include <cairo.h>
#include <fmt/format.h>

#include "core/figure/files/png_writer.hpp"

namespace attn {
namespace {

struct DestroyCairo {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};
using Surface = std::unique_ptr<cairo_surface_t, DestroyCairo>;
using Cairo = std::unique_ptr<cairo_t, DestroyCairo>;

void set_color(cairo_t* cairo, Rgb color) {
  cairo_set_source_rgb(cairo, color.r / 255.0, color.g / 255.0, color.b / 255.0);
}

void add_rectangle(cairo_t* cairo, const Box& box) {
  cairo_rectangle(cairo, box.left, box.top, box.right - box.left, box.bottom - box.top);
}

// The nearest pixel for each of width × height. Cairo's own nearest filter steps in 1/65536, which drifts
// over large figures by a pixel.
PixelImage resized(const PixelImage& image, int width, int height) {
  PixelImage out{width, height, {}};
  out.pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (std::int64_t y = 0; y < height; ++y) {
    const std::int64_t from = y * image.height / height * image.width;
    for (std::int64_t x = 0; x < width; ++x) {
      out.pixels.push_back(image.pixels[static_cast<std::size_t>(from + x * image.width / width)]);
    }
  }
  return out;
}

void paint(cairo_t* cairo, const PixelImage& image, double left, double top) {
  static_assert(sizeof(std::uint32_t) == 4);
  // Cairo only reads a source surface.
  auto* data = reinterpret_cast<unsigned char*>(const_cast<std::uint32_t*>(image.pixels.data()));
  const Surface source(cairo_image_surface_create_for_data(data, CAIRO_FORMAT_RGB24, image.width,
                                                           image.height, 4 * image.width));
  cairo_set_source_surface(cairo, source.get(), left, top);
  cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
  cairo_rectangle(cairo, left, top, image.width, image.height);
  cairo_fill(cairo);
  cairo_set_source_rgb(cairo, 0, 0, 0);  // lets go of `source` before its pixels do
  cairo_surface_finish(source.get());
}

void draw(cairo_t* cairo, TextRenderer&, const RectItem& rect) {
  set_color(cairo, rect.color);
  add_rectangle(cairo, rect.box);
  cairo_fill(cairo);
}

void draw(cairo_t* cairo, TextRenderer&, const ImageItem& item) {
  const int width = static_cast<int>(std::lround(item.box.right - item.box.left));
  const int height = static_cast<int>(std::lround(item.box.bottom - item.box.top));
  if (width <= 0 || height <= 0 || item.image.pixels.empty()) return;
  const double left = std::round(item.box.left), top = std::round(item.box.top);
  const bool fits = width == item.image.width && height == item.image.height;
  fits ? paint(cairo, item.image, left, top) : paint(cairo, resized(item.image, width, height), left, top);
}

void draw(cairo_t* cairo, TextRenderer&, const LineItem& line) {
  set_color(cairo, line.color);
  cairo_set_line_width(cairo, line.width);
  cairo_move_to(cairo, line.from.x, line.from.y);
  cairo_line_to(cairo, line.to.x, line.to.y);
  cairo_stroke(cairo);
}

void draw(cairo_t* cairo, TextRenderer& text, const TextItem& item) {
  cairo_save(cairo);
  cairo_translate(cairo, item.origin.x, item.origin.y);
  cairo_rotate(cairo, -item.angle * std::numbers::pi / 180);
  add_rectangle(cairo, {-kTextOverhang, -item.ascent - kTextOverhang, item.width + kTextOverhang,
                        item.descent + kTextOverhang});
  cairo_clip(cairo);
  text.draw(cairo, item.text, item.style);
  cairo_restore(cairo);
}

void draw_all(cairo_t* cairo, const DisplayList& list, TextRenderer& text) {
  set_color(cairo, list.background);
  cairo_paint(cairo);
  for (const DisplayItem& item : list.items) {
    std::visit([&](const auto& one) { draw(cairo, text, one); }, item);
  }
}

tl::unexpected<Error> too_large(const DisplayList& list, std::string expected) {
  return tl::unexpected(Error{ErrorCode::limit,
                              {},
                              {},
                              std::move(expected),
                              fmt::format("{} × {} pixels", list.width, list.height),
                              "Ask for a smaller figure or a part of the map."});
}

}  // namespace

Result<std::string> png_bytes(const DisplayList& list, TextRenderer& text, std::size_t threads) {
  if (list.width < 1 || list.height < 1 || list.width > kMaxFigureSide || list.height > kMaxFigureSide) {
    return too_large(list, fmt::format("a figure of 1 to {} pixels a side", kMaxFigureSide));
  }
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, list.width, list.height));
  const Cairo cairo(cairo_create(surface.get()));
  draw_all(cairo.get(), list, text);
  cairo_surface_flush(surface.get());
  const auto no_memory = [&] { return too_large(list, "a figure that fits the memory"); };
  if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS) return no_memory();
  // Cairo's stride is a multiple of 4.
  const auto* pixels = reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(surface.get()));
  const auto step = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get())) / sizeof(*pixels);
  try {
    return png_file(
        {pixels, step, static_cast<std::size_t>(list.width), static_cast<std::size_t>(list.height)}, threads);
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
}

}  // namespace attn

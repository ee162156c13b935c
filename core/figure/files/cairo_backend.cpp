#include "core/figure/files/cairo_backend.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <memory>
#include <new>
#include <numbers>

#include <cairo-pdf.h>
#include <cairo.h>
#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/figure/files/image_size.hpp"
#include "core/figure/files/pdf_metadata.hpp"
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

// One item after the other onto a surface.
class Drawing {
 public:
  Drawing(cairo_t* cairo, TextRenderer& text, bool is_page) : cairo_(cairo), text_(text), is_page_(is_page) {}

  void operator()(const RectItem& rect) {
    set_color(cairo_, rect.color);
    add_rectangle(cairo_, rect.box);
    cairo_fill(cairo_);
  }

  void operator()(const ImageItem& item) {
    const Box& box = item.box;
    if (item.image.pixels.empty() || box.right <= box.left || box.bottom <= box.top) return;
    if (is_page_) return paint(enlarged(item.image), box);
    const int width = static_cast<int>(std::lround(box.right - box.left));
    const int height = static_cast<int>(std::lround(box.bottom - box.top));
    if (width <= 0 || height <= 0) return;
    const double left = std::round(box.left), top = std::round(box.top);
    const Box whole{left, top, left + width, top + height};
    const bool fits = width == item.image.width && height == item.image.height;
    fits ? paint(item.image, whole) : paint(resized(item.image, width, height), whole);
  }

  void operator()(const LineItem& line) {
    set_color(cairo_, line.color);
    cairo_set_line_width(cairo_, line.width);
    cairo_move_to(cairo_, line.from.x, line.from.y);
    cairo_line_to(cairo_, line.to.x, line.to.y);
    cairo_stroke(cairo_);
  }

  void operator()(const TextItem& item) {
    cairo_save(cairo_);
    cairo_translate(cairo_, item.origin.x, item.origin.y);
    cairo_rotate(cairo_, -item.angle * std::numbers::pi / 180);
    add_rectangle(cairo_, {-kTextOverhang, -item.ascent - kTextOverhang, item.width + kTextOverhang,
                           item.descent + kTextOverhang});
    cairo_clip(cairo_);
    text_.draw(cairo_, item.text, item.style);
    cairo_restore(cairo_);
  }

 private:
  void paint(const PixelImage& image, const Box& box) {
    static_assert(sizeof(std::uint32_t) == 4);
    // Cairo only reads a source surface.
    auto* data = reinterpret_cast<unsigned char*>(const_cast<std::uint32_t*>(image.pixels.data()));
    const Surface source(cairo_image_surface_create_for_data(data, CAIRO_FORMAT_RGB24, image.width,
                                                             image.height, 4 * image.width));
    cairo_save(cairo_);
    cairo_translate(cairo_, box.left, box.top);
    cairo_scale(cairo_, (box.right - box.left) / image.width, (box.bottom - box.top) / image.height);
    cairo_set_source_surface(cairo_, source.get(), 0, 0);
    // What a screen shows smaller than it is, is averaged; else each pixel is one of the image's.
    double across = 1, down = 0;
    cairo_user_to_device_distance(cairo_, &across, &down);
    cairo_pattern_set_filter(cairo_get_source(cairo_),
                             !is_page_ && across < 1 - 1e-6 ? CAIRO_FILTER_GOOD : CAIRO_FILTER_NEAREST);
    cairo_rectangle(cairo_, 0, 0, image.width, image.height);
    cairo_fill(cairo_);
    cairo_restore(cairo_);
    cairo_set_source_rgb(cairo_, 0, 0, 0);  // lets go of `source` before its pixels do
    cairo_surface_finish(source.get());     // a page has copied them by then
  }

  cairo_t* cairo_;
  TextRenderer& text_;
  bool is_page_;
};

void draw_all(cairo_t* cairo, const DisplayList& list, TextRenderer& text, bool is_page) {
  if (!list.transparent) {
    set_color(cairo, list.background);
    cairo_paint(cairo);
  }
  Drawing drawing(cairo, text, is_page);
  for (const DisplayItem& item : list.items) std::visit(drawing, item);
}

tl::unexpected<Error> too_large(std::string expected, std::string found) {
  return tl::unexpected(Error{ErrorCode::limit,
                              {},
                              {},
                              std::move(expected),
                              std::move(found),
                              "Ask for a smaller figure or a part of the map."});
}

std::string size_text(const DisplayList& list) {
  return fmt::format("{} × {} pixels", list.width, list.height);
}

// The list as pixels. Memory of our own comes in large pages.
Result<Buffer<std::uint32_t>> raster(const DisplayList& list, TextRenderer& text) {
  if (list.width < 1 || list.height < 1 || list.width > kMaxFigureSide || list.height > kMaxFigureSide) {
    return too_large(fmt::format("a figure of 1 to {} pixels a side", grouped(kMaxFigureSide)),
                     size_text(list));
  }
  Buffer<std::uint32_t> pixels(static_cast<std::size_t>(list.width) * static_cast<std::size_t>(list.height));
  if (list.transparent) std::ranges::fill(pixels, 0);
  const Surface surface(cairo_image_surface_create_for_data(
      reinterpret_cast<unsigned char*>(pixels.data()),
      list.transparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, list.width, list.height, 4 * list.width));
  const Cairo cairo(cairo_create(surface.get()));
  draw_all(cairo.get(), list, text, false);
  cairo_surface_finish(surface.get());
  if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS) {
    return too_large("a figure that fits the memory", size_text(list));
  }
  return pixels;
}

PixelRows rows_of(const Buffer<std::uint32_t>& pixels, const DisplayList& list) {
  const auto width = static_cast<std::size_t>(list.width);
  return {pixels.data(), width, width, static_cast<std::size_t>(list.height), list.transparent};
}

}  // namespace

Result<std::string> png_bytes(const DisplayList& list, TextRenderer& text, std::size_t threads,
                              std::string_view metadata) {
  try {
    const auto pixels = raster(list, text);
    if (!pixels) return tl::unexpected(pixels.error());
    return png_file(rows_of(*pixels, list), {list.dpi, metadata}, threads);
  } catch (const std::bad_alloc&) {
    return too_large("a figure that fits the memory", size_text(list));
  }
}

Result<std::string> apng_bytes(const std::vector<DisplayList>& frames, double seconds_a_frame,
                               TextRenderer& text, std::size_t threads, std::string_view metadata) {
  const auto refusal = [](std::string expected, std::string found, std::string hint) {
    return tl::unexpected(
        Error{ErrorCode::value, {}, {}, std::move(expected), std::move(found), std::move(hint)});
  };
  constexpr double kShortest = 0.001, kLongest = 65.535;
  if (!(seconds_a_frame >= kShortest && seconds_a_frame <= kLongest)) {
    return refusal(fmt::format("{} to {} seconds a frame", kShortest, kLongest),
                   fmt::format("{}", seconds_a_frame), {});
  }
  const DisplayList& first = frames.front();
  ApngWriter writer(frames.size(), static_cast<int>(std::lround(seconds_a_frame * 1000)),
                    {first.dpi, metadata}, threads);
  try {
    for (const DisplayList& frame : frames) {
      if (frame.width != first.width || frame.height != first.height) {
        return refusal("frames of one size", size_text(first) + " and " + size_text(frame),
                       "Give the figure a width and a height.");
      }
      if (frame.transparent != first.transparent) {
        return refusal("frames with or without a background", "both", {});
      }
      const auto pixels = raster(frame, text);
      if (!pixels) return tl::unexpected(pixels.error());
      writer.add(rows_of(*pixels, frame));
    }
    return std::move(writer).finish();
  } catch (const std::bad_alloc&) {
    return too_large("frames that fit the memory", fmt::format("{} of {}", frames.size(), size_text(first)));
  }
}

Result<std::string> pdf_bytes(const DisplayList& list, TextRenderer& text, std::string_view metadata) {
  constexpr double kPointsAnInch = 72;
  const double inches = std::max(list.width, list.height) / list.dpi;
  if (list.width < 1 || list.height < 1 || !(inches <= kMaxPageInches)) {
    return too_large(fmt::format("a page of at most {} inches a side", kMaxPageInches),
                     fmt::format("{} at {:g} dpi", size_text(list), list.dpi));
  }
  const double scale = kPointsAnInch / list.dpi;
  std::string file;
  const auto write = [](void* out, const unsigned char* bytes, unsigned length) {
    // An exception must not pass through Cairo.
    try {
      static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), length);
    } catch (const std::bad_alloc&) {
      return CAIRO_STATUS_NO_MEMORY;
    }
    return CAIRO_STATUS_SUCCESS;
  };
  const Surface page(
      cairo_pdf_surface_create_for_stream(write, &file, list.width * scale, list.height * scale));
  // Later versions pack objects, which read_figure_metadata() does not look into.
  cairo_pdf_surface_restrict_to_version(page.get(), CAIRO_PDF_VERSION_1_4);
  const auto say = [&](cairo_pdf_metadata_t what, const std::string& words) {
    if (!words.empty()) cairo_pdf_surface_set_metadata(page.get(), what, words.c_str());
  };
  cairo_pdf_surface_set_metadata(page.get(), CAIRO_PDF_METADATA_CREATE_DATE, nullptr);
  say(CAIRO_PDF_METADATA_CREATOR, "attnscope");
  say(CAIRO_PDF_METADATA_TITLE, visible(list.title));
  if (!metadata.empty()) say(CAIRO_PDF_METADATA_KEYWORDS, pdf_keywords(metadata));
  const Cairo cairo(cairo_create(page.get()));
  cairo_scale(cairo.get(), scale, scale);
  draw_all(cairo.get(), list, text, true);
  cairo_show_page(cairo.get());
  cairo_surface_finish(page.get());
  if (cairo_surface_status(page.get()) != CAIRO_STATUS_SUCCESS) {
    return too_large("a figure that fits the memory", size_text(list));
  }
  return file;
}

Result<PixelImage> figure_pixels(const DisplayList& list, TextRenderer& text, double scale) {
  PixelImage image{std::max(1, static_cast<int>(std::floor(list.width * scale))),
                   std::max(1, static_cast<int>(std::floor(list.height * scale))),
                   {}};
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, image.width, image.height));
  const Cairo cairo(cairo_create(surface.get()));
  set_color(cairo.get(), list.background);
  cairo_paint(cairo.get());
  cairo_scale(cairo.get(), scale, scale);
  draw_all(cairo.get(), list, text, false);
  cairo_surface_flush(surface.get());
  if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS)
    return too_large("a figure that fits the memory", size_text(list));
  const auto* pixels = reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(surface.get()));
  const auto step = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get())) / sizeof(*pixels);
  for (int y = 0; y < image.height; ++y) {
    const std::uint32_t* row = pixels + static_cast<std::size_t>(y) * step;
    // The top byte of RGB24 may hold anything.
    std::transform(row, row + image.width, std::back_inserter(image.pixels),
                   [](std::uint32_t pixel) { return pixel | 0xFF000000u; });
  }
  return image;
}

}  // namespace attn

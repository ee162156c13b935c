#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include <cairo.h>

#include "core/figure/color.hpp"

namespace attn::test {

/// A PNG read back by Cairo.
class Png {
 public:
  explicit Png(std::string_view bytes) {
    surface_.reset(cairo_image_surface_create_from_png_stream(
        [](void* rest, unsigned char* out, unsigned length) {
          auto& view = *static_cast<std::string_view*>(rest);
          if (view.size() < length) return CAIRO_STATUS_READ_ERROR;
          std::memcpy(out, view.data(), length);
          view.remove_prefix(length);
          return CAIRO_STATUS_SUCCESS;
        },
        &bytes));
  }

  [[nodiscard]] bool ok() const { return cairo_surface_status(surface_.get()) == CAIRO_STATUS_SUCCESS; }
  [[nodiscard]] int width() const { return cairo_image_surface_get_width(surface_.get()); }
  [[nodiscard]] int height() const { return cairo_image_surface_get_height(surface_.get()); }

  [[nodiscard]] Rgb at(int x, int y) const {
    std::uint32_t pixel = 0;
    const int stride = cairo_image_surface_get_stride(surface_.get());
    std::memcpy(&pixel, cairo_image_surface_get_data(surface_.get()) + y * stride + x * 4, sizeof pixel);
    return unpack(pixel);
  }

 private:
  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  };
  std::unique_ptr<cairo_surface_t, Destroy> surface_;
};

}  // namespace attn::test

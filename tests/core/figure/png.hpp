#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <cairo.h>

#include "core/figure/color.hpp"

namespace attn::test {

/// The parts of a PNG file, in their order.
struct PngChunk {
  std::string name, data;
};
inline std::vector<PngChunk> png_chunks(std::string_view bytes) {
  std::vector<PngChunk> chunks;
  for (std::size_t at = 8; at + 12 <= bytes.size();) {
    std::size_t length = 0;
    for (std::size_t i = at; i < at + 4; ++i) length = length << 8 | static_cast<unsigned char>(bytes[i]);
    chunks.push_back({std::string(bytes.substr(at + 4, 4)), std::string(bytes.substr(at + 8, length))});
    at += 12 + length;
  }
  return chunks;
}

/// The data of the first chunk of this name, or nothing.
inline std::string png_chunk_data(std::string_view bytes, std::string_view name) {
  for (const PngChunk& chunk : png_chunks(bytes)) {
    if (chunk.name == name) return chunk.data;
  }
  return {};
}

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

  [[nodiscard]] Rgb at(int x, int y) const { return unpack(pixel(x, y)); }

  /// With its alpha in the top byte, by which the colours are multiplied.
  [[nodiscard]] std::uint32_t pixel(int x, int y) const {
    std::uint32_t pixel = 0;
    const int stride = cairo_image_surface_get_stride(surface_.get());
    std::memcpy(&pixel, cairo_image_surface_get_data(surface_.get()) + y * stride + x * 4, sizeof pixel);
    return pixel;
  }

 private:
  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  };
  std::unique_ptr<cairo_surface_t, Destroy> surface_;
};

}  // namespace attn::test

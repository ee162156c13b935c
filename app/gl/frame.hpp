#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "app/gl/handles.hpp"

namespace attn::gl {

/// Width and height in framebuffer pixels.
struct PixelSize {
  int width = 0;
  int height = 0;
  friend bool operator==(const PixelSize&, const PixelSize&) = default;
};

/// A rectangle in framebuffer pixels; y grows downwards from the top edge.
struct PixelRect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  friend bool operator==(const PixelRect&, const PixelRect&) = default;
};

/// An 8-bit picture, row by row from the top, 4 bytes a pixel (red, green, blue, alpha).
struct Picture {
  PixelSize size;
  std::vector<std::uint8_t> rgba;
  [[nodiscard]] std::array<std::uint8_t, 4> at(int x, int y) const;
};

/// Fills the whole current framebuffer with one opaque colour: the first call of every frame.
void clear_frame(PixelSize size, std::array<std::uint8_t, 3> color);

/// What the current framebuffer shows (tests, pictures of the window).
[[nodiscard]] Picture read_frame(PixelSize size);

/// `OpenGL 3.3 (Core Profile) Mesa 22.3 · llvmpipe`: for the About sheet and bug reports.
[[nodiscard]] std::string driver_description();

/// A picture to draw into instead of the window. Bound from construction to destruction.
class OffScreen {
 public:
  explicit OffScreen(PixelSize size);
  ~OffScreen();
  OffScreen(const OffScreen&) = delete;
  OffScreen& operator=(const OffScreen&) = delete;
  [[nodiscard]] PixelSize size() const { return size_; }

 private:
  PixelSize size_;
  Framebuffer framebuffer_;
  Texture color_;
};

}  // namespace attn::gl

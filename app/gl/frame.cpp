#include "app/gl/frame.hpp"

#include <algorithm>

#include <glad/gl.h>

namespace attn::gl {
namespace {

std::string driver_string(GLenum name) {
  const GLubyte* text = glGetString(name);
  return text == nullptr ? "?" : reinterpret_cast<const char*>(text);
}

}  // namespace

std::array<std::uint8_t, 4> Picture::at(int x, int y) const {
  const auto first =
      (static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x)) * 4;
  return {rgba[first], rgba[first + 1], rgba[first + 2], rgba[first + 3]};
}

void clear_frame(PixelSize size, std::array<std::uint8_t, 3> color) {
  glDisable(GL_SCISSOR_TEST);
  glViewport(0, 0, size.width, size.height);
  glClearColor(static_cast<float>(color[0]) / 255.0f, static_cast<float>(color[1]) / 255.0f,
               static_cast<float>(color[2]) / 255.0f, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
}

Picture read_frame(PixelSize size) {
  Picture picture{size, {}};
  if (size.width <= 0 || size.height <= 0) return picture;
  const auto row = static_cast<std::size_t>(size.width) * 4;
  picture.rgba.resize(row * static_cast<std::size_t>(size.height));
  glReadPixels(0, 0, size.width, size.height, GL_RGBA, GL_UNSIGNED_BYTE, picture.rgba.data());
  // OpenGL's first row is the lowest.
  const auto at = [&](int y) { return picture.rgba.begin() + static_cast<std::ptrdiff_t>(row) * y; };
  for (int y = 0; y < size.height / 2; ++y) std::swap_ranges(at(y), at(y + 1), at(size.height - 1 - y));
  return picture;
}

std::string driver_description() {
  return "OpenGL " + driver_string(GL_VERSION) + " · " + driver_string(GL_RENDERER);
}

OffScreen::OffScreen(PixelSize size)
    : size_(size), framebuffer_(Framebuffer::create()), color_(Texture::create()) {
  glBindTexture(GL_TEXTURE_2D, color_.id());
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, size.width, size.height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.id());
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, color_.id(), 0);
}

OffScreen::~OffScreen() {
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

}  // namespace attn::gl

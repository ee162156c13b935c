#include "app/gl/label_page.hpp"

#include <glad/gl.h>

namespace attn::gl {
namespace {

constexpr int kGap = 1;  // pixels between pictures
constexpr int kShelfStep =
    4;  // shelves are as high as a multiple of it, so that labels of one font share them

int shelf_height(int height) {
  return (height + kGap + kShelfStep - 1) / kShelfStep * kShelfStep;
}

}  // namespace

LabelPage::LabelPage() : texture_(Texture::create()) {
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, texture_.id());
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, kLabelPageEdge, kLabelPageEdge, 0, GL_RGBA, GL_UNSIGNED_BYTE,
               nullptr);
  // Labels are drawn on whole pixels, one texel each, so any filter shows the same: ImGui's own spares the
  // driver one more variant of the shader, which a software renderer compiles.
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
}

std::optional<PixelRect> LabelPage::add(PixelSize size, const std::vector<std::uint8_t>& rgba) {
  const auto rect = place(size);
  if (!rect) return {};
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, texture_.id());
  glTexSubImage2D(GL_TEXTURE_2D, 0, rect->x, rect->y, rect->width, rect->height, GL_RGBA, GL_UNSIGNED_BYTE,
                  rgba.data());
  return rect;
}

void LabelPage::clear() {
  shelves_.clear();
}

// On the first shelf of its height that has room, else on a new one below.
std::optional<PixelRect> LabelPage::place(PixelSize size) {
  const int height = shelf_height(size.height), width = size.width + kGap;
  if (width > kLabelPageEdge) return {};
  for (Shelf& shelf : shelves_) {
    if (shelf.height != height || shelf.filled + width > kLabelPageEdge) continue;
    const PixelRect rect{shelf.filled, shelf.top, size.width, size.height};
    shelf.filled += width;
    return rect;
  }
  const int top = shelves_.empty() ? 0 : shelves_.back().top + shelves_.back().height;
  if (top + height > kLabelPageEdge) return {};
  shelves_.push_back({top, height, width});
  return PixelRect{0, top, size.width, size.height};
}

}  // namespace attn::gl

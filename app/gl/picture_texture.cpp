#include "app/gl/picture_texture.hpp"

#include <glad/gl.h>

namespace attn::gl {

void PictureTexture::show(const std::shared_ptr<const PixelImage>& image) {
  if (image == image_) return;
  image_ = image;
  if (!image) return;
  if (!texture_) texture_ = Texture::create();
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, texture_.id());
  // pack() writes 0xAARRGGBB in the machine's byte order.
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, image->width, image->height, 0, GL_BGRA,
               GL_UNSIGNED_INT_8_8_8_8_REV, image->pixels.data());
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
}

}  // namespace attn::gl

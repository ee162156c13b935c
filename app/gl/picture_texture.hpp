#pragma once

#include <memory>

#include "app/gl/handles.hpp"
#include "core/figure/display_list.hpp"

namespace attn::gl {

/// A picture for ImGui: uploaded once, when it changes.
class PictureTexture {
 public:
  /// Shows this one from now on; null shows none.
  void show(const std::shared_ptr<const PixelImage>& image);

  /// Null where there is none.
  [[nodiscard]] const PixelImage* image() const { return image_.get(); }
  [[nodiscard]] Id texture() const { return texture_.id(); }

 private:
  std::shared_ptr<const PixelImage> image_;
  Texture texture_;
};

}  // namespace attn::gl

#pragma once

#include <memory>

#include "app/gl/handles.hpp"
#include "core/figure/display_list.hpp"

namespace attn::gl {

/// A picture for ImGui: uploaded once, when it changes.
class PictureTexture {
 public:
  /// Shows this one from now on; null shows none. True where it was another before: what is drawn with the
  /// texture looks different then, though it is drawn by the same words.
  [[nodiscard]] bool show(const std::shared_ptr<const PixelImage>& image);

  /// Null where there is none.
  [[nodiscard]] const PixelImage* image() const { return image_.get(); }
  [[nodiscard]] Id texture() const { return texture_.id(); }

 private:
  std::shared_ptr<const PixelImage> image_;
  Texture texture_;
};

}  // namespace attn::gl

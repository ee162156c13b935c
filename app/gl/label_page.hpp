#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/gl/frame.hpp"
#include "app/gl/handles.hpp"

namespace attn::gl {

inline constexpr int kLabelPageEdge = 1024;

/// A texture that labels are packed into, shelf by shelf. RGBA, 8 bits, alpha not premultiplied: what ImGui
/// blends.
class LabelPage {
 public:
  LabelPage();

  /// Puts the picture on a shelf; its place, or nothing where the page is full.
  [[nodiscard]] std::optional<PixelRect> add(PixelSize size, const std::vector<std::uint8_t>& rgba);
  /// Forgets all pictures.
  void clear();

  [[nodiscard]] Id texture() const { return texture_.id(); }

  std::uint64_t last_used = 0;  ///< the frame that asked for one of its labels

 private:
  struct Shelf {
    int top = 0;
    int height = 0;
    int filled = 0;
  };
  [[nodiscard]] std::optional<PixelRect> place(PixelSize size);

  Texture texture_;
  std::vector<Shelf> shelves_;
};

}  // namespace attn::gl

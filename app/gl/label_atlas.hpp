#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <imgui.h>

#include "core/figure/text.hpp"

namespace attn::gl {

/// How a label looks. Lengths are ImGui's; the atlas renders at the framebuffer's scale, so text stays crisp.
struct LabelStyle {
  float size = 13;      ///< font size
  int weight = 400;     ///< 400 regular, 500 medium, 700 bold
  float angle = 0;      ///< degrees, counter-clockwise
  float max_width = 0;  ///< longer text loses its middle (`abc…xyz`); 0 is no bound
  ImU32 color = IM_COL32_WHITE;
};

/// Has `text` find and open the faces of a style, which takes longer than drawing with them. On any thread
/// that has the renderer to itself. `scale`: as LabelAtlas::begin_frame().
void find_faces(TextRenderer& text, const LabelStyle& style, float scale);

/// A rendered label: where it is in the atlas, and where it goes.
struct Label {
  ImTextureID texture = {};
  ImVec2 uv0, uv1;
  ImVec2 size;       ///< of the picture, rotation included; zero for a text that leaves no ink
  ImVec2 offset;     ///< from the start of the text's baseline to the picture's top left corner
  ImVec2 text_size;  ///< of the text's box before rotation: width, line height
  float ascent = 0;  ///< from the top of that box to the baseline
  ImU32 color =
      0;  ///< for the picture's vertices: the style's colour, or white where the text has its own colours
  [[nodiscard]] bool empty() const { return size.x <= 0; }
};

/// Pictures of any text of a document, in any script, kept in texture pages; the pages that were not drawn
/// for the longest time go first. Text is shaped by Pango once, then costs one textured quad a frame. Control
/// characters are made visible, text of any length is safe. Colour is applied when drawing, so a label has
/// one picture for all of its colours; text with colours of its own (emoji) keeps them.
class LabelAtlas {
 public:
  /// `page_limit`: pages of 1024 × 1024 pixels (4 MB) that are kept; a frame that shows more gets more, for
  /// that frame. `text` may have been made on another thread: making one takes a while.
  explicit LabelAtlas(std::size_t page_limit = 8, TextRenderer text = {});
  LabelAtlas(LabelAtlas&&) noexcept;
  LabelAtlas& operator=(LabelAtlas&&) noexcept;
  ~LabelAtlas();

  /// Once a frame, before any label is asked for. `scale`: framebuffer pixels in one unit of ImGui
  /// (io.DisplayFramebufferScale). A new scale renders labels anew.
  void begin_frame(float scale);

  /// The label's picture; rendered if it is not there. Valid until the next begin_frame().
  [[nodiscard]] Label find(std::string_view text, const LabelStyle& style);

  /// Labels rendered since the atlas was made, and pages in use (tests).
  [[nodiscard]] std::size_t renders() const;
  [[nodiscard]] std::size_t pages() const;
  [[nodiscard]] float scale() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Width and line height of a text before rotation.
[[nodiscard]] ImVec2 token_size(LabelAtlas& atlas, std::string_view text, const LabelStyle& style);

/// Draws a text of a document so that the point `anchor` of its box (0, 0 the top left, 1, 1 the bottom
/// right, before rotation about that point) stands at `position`, snapped to whole pixels. Returns the text's
/// size before rotation.
ImVec2 token_text(LabelAtlas& atlas, ImDrawList& list, ImVec2 position, std::string_view text,
                  const LabelStyle& style, ImVec2 anchor = {0, 0});

}  // namespace attn::gl

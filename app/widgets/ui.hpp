#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <imgui.h>

#include "app/gl/heatmap_renderer.hpp"
#include "app/gl/label_atlas.hpp"
#include "app/gl/picture_texture.hpp"
#include "app/platform/fonts.hpp"
#include "app/platform/theme.hpp"
#include "app/state/action.hpp"

namespace attn::app {

/// How panels and views speak: they read the state and dispatch actions, nothing else.
using Dispatch = std::function<void(Action)>;

/// Where things stand on the screen, by name, in ImGui's units: `knob.temperature` → x, y, width, height. GUI
/// tests click by these names.
using Marks = std::map<std::string, std::array<float, 4>, std::less<>>;

/// A text that is being typed, or that was refused: what stands in its field until it is right.
struct Draft {
  std::string from;    ///< the text in force when it was begun
  std::string text;    ///< as typed
  std::string reason;  ///< why it is not in force; empty while nobody has asked
  int frame = 0;       ///< in which its field was last drawn: a field that went away has forgotten it
};
/// By the field's id.
using Drafts = std::map<ImGuiID, Draft>;

/// What a frame is drawn with.
struct Ui {
  const Theme& theme;
  const Fonts& fonts;
  gl::LabelAtlas& labels;
  gl::HeatmapRenderer& heatmaps;
  const gl::PictureTexture& preview;  ///< of the figure that would be exported
  float scale = 1;                    ///< ImGui's lengths in one design pixel
  Marks* marks = nullptr;             ///< null where nobody reads them
  std::string_view mark_prefix{};     ///< what the names of marks begin with: `popup.` for a knob in a popup
  Drafts* drafts = nullptr;           ///< never null while panels are drawn
  std::string_view refusal{};         ///< why what is drawn now is greyed: every tooltip says it

  [[nodiscard]] float px(float design_pixels) const { return design_pixels * scale; }
};

/// Names a rectangle, or the item that was drawn last.
void mark(Ui& ui, std::string_view name, ImVec2 min, ImVec2 max);
void mark_item(Ui& ui, std::string_view name);

}  // namespace attn::app

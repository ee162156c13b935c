#pragma once

#include <memory>

#include "app/platform/fonts.hpp"
#include "app/platform/theme.hpp"
#include "app/platform/window.hpp"
#include "core/base/error.hpp"

namespace attn::app {

/// ImGui on the window: context, backends, fonts, style. No file is read or written for it.
/// A frame: begin_frame(), panels, finish_frame(), gl::clear_frame(), draw_frame(), window.swap().
class ImGuiLayer {
 public:
  /// `window` and `theme` must outlive the layer, and stay where they are. `fonts` are built anew where the
  /// screen's scale is not theirs.
  [[nodiscard]] static Result<ImGuiLayer> create(Window& window, const Theme& theme,
                                                 FontAtlas fonts = make_font_atlas(1));
  ImGuiLayer(ImGuiLayer&&) noexcept;
  ImGuiLayer& operator=(ImGuiLayer&&) noexcept;
  ~ImGuiLayer();

  /// Takes the window's input and size; rebuilds the fonts if the screen's scale changed.
  void begin_frame();
  /// Takes what the panels left. True where it differs from the frame before: else the screen is right
  /// already.
  [[nodiscard]] bool finish_frame();
  /// Draws it. Nothing is drawn into a framebuffer of 0 × 0.
  void draw_frame();

  /// `theme` must outlive the layer.
  void set_theme(const Theme& theme);
  /// The person's own size of everything, 0.5 to 3, on top of the screen's. Takes effect in the next frame.
  void set_user_scale(float scale);

  [[nodiscard]] const Fonts& fonts() const;
  [[nodiscard]] const Theme& theme() const;
  /// ImGui's lengths in one design pixel: multiply every length of a layout by it.
  [[nodiscard]] float scale() const;
  /// Framebuffer pixels in one of ImGui's lengths (gl::LabelAtlas::begin_frame).
  [[nodiscard]] float pixel_ratio() const;
  /// Input came that no frame has taken yet.
  [[nodiscard]] bool has_input() const;
  /// Seconds until ImGui needs another frame: 0 while something moves or is held, a little where a text
  /// cursor blinks or a tooltip waits, ∞ where nothing will change by itself.
  [[nodiscard]] double seconds_to_frame() const;

 private:
  struct State;
  explicit ImGuiLayer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace attn::app

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <imgui.h>

namespace attn::app {

/// An opaque colour, or with alpha below 255 a veil over what is there.
struct Color {
  std::uint8_t red = 0, green = 0, blue = 0, alpha = 255;
  /// For draw lists.
  [[nodiscard]] constexpr ImU32 u32() const { return IM_COL32(red, green, blue, alpha); }
  /// For styles.
  [[nodiscard]] ImVec4 vec4() const { return ImGui::ColorConvertU32ToFloat4(u32()); }
  [[nodiscard]] constexpr Color with_alpha(std::uint8_t a) const { return {red, green, blue, a}; }
  friend constexpr bool operator==(const Color&, const Color&) = default;
};

/// Every colour of the window, by what it is for. Colours of cells are core/figure's, so that figures agree.
struct Theme {
  std::string_view name;
  bool is_dark = true;

  // Surfaces, from the back to the front.
  Color bar;       ///< menu bar and status line
  Color canvas;    ///< behind the map
  Color panel;     ///< left and right column
  Color equation;  ///< the strip with the equation
  Color raised;    ///< buttons, fields, knobs on a panel
  Color hovered;   ///< a raised thing under the pointer
  Color pressed;   ///< a raised thing that is held down; tracks of bars and sliders
  Color popup;     ///< menus, tooltips, the palette
  Color selected;  ///< behind the row, step or term that is selected
  Color line;      ///< hairlines between panes
  Color scrim;     ///< over the window while a dialog is open

  // Text.
  Color text;        ///< values, what is read
  Color text_body;   ///< labels of values, tokens
  Color text_quiet;  ///< small capitals, hints, captions
  Color text_off;    ///< parts that are switched off; not meant to be read at a glance

  // Accents.
  Color value;            ///< bars, slider grabs, profiles
  Color value_text;       ///< values of the equation's terms
  Color negative;         ///< bars to the left
  Color primary;          ///< the button that Enter presses
  Color primary_hovered;  ///< the same under the pointer
  Color primary_text;     ///< text on both
  Color chosen;           ///< what the person picked: the pinned cell, the lamp, solo
  Color chosen_text;      ///< text on `chosen`
  Color warning;          ///< text of warnings
  Color error;            ///< text of errors

  // The map's own.
  Color grid;    ///< lines between cells, a veil
  Color halo;    ///< around the cross hair, so that it shows on cells of any colour
  Color pinned;  ///< frame of the pinned cell
};

/// Quiet dark greys.
[[nodiscard]] const Theme& dark_theme();
/// Its twin on paper.
[[nodiscard]] const Theme& light_theme();

/// Makes ImGui look like the theme. `scale`: ImGui's lengths in one design pixel.
void apply(const Theme& theme, float scale);

/// WCAG 2.1 contrast of two opaque colours, 1 to 21.
[[nodiscard]] double contrast(Color a, Color b);

/// A text colour and a surface it stands on, with the least contrast it must have.
struct TextPair {
  std::string_view text;
  std::string_view surface;
  Color Theme::*text_color;
  Color Theme::*surface_color;
  double least;
};
/// Every pair the window uses.
[[nodiscard]] std::vector<TextPair> text_pairs();

}  // namespace attn::app

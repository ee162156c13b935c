#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <imgui.h>

namespace attn::app {

/// The faces of the panels, for ImGui::PushFont; sizes in em, as design pixels. Digits are equally wide in
/// all of them. Never null.
struct Fonts {
  ImFont* body = nullptr;             ///< 14: labels, text
  ImFont* strong = nullptr;           ///< 14, medium: values
  ImFont* small = nullptr;            ///< 12: values under the equation's terms, ticks, hints
  ImFont* caption = nullptr;          ///< 11, medium, letters spaced: SMALL CAPITALS of section heads
  ImFont* figure = nullptr;           ///< 30, medium: the pinned cell's value
  ImFont* formula = nullptr;          ///< 24, serif italic: terms of the equation
  ImFont* formula_upright = nullptr;  ///< 24, serif: parentheses, operators
  ImFont* formula_small = nullptr;    ///< 15, serif italic: sub- and superscripts
};

/// A face on this machine.
struct FontFile {
  std::filesystem::path path;
  int index = 0;  ///< within a collection
};

/// The file of the first of `families` that is installed with this weight (400, 500, 700) and slant, if ImGui
/// can read its format.
[[nodiscard]] std::optional<FontFile> find_font(const std::vector<std::string>& families, int weight,
                                                bool italic);

/// Fills the atlas of the current ImGui context with the faces of Fonts, `scale` pixels to a design pixel.
/// Where no font is installed ImGui's built-in face serves. Builds the atlas; the caller uploads it.
[[nodiscard]] Fonts build_fonts(ImFontAtlas& atlas, float scale);

/// The faces with the atlas that holds them.
struct FontAtlas {
  std::unique_ptr<ImFontAtlas> atlas;
  Fonts fonts;
  float scale = 0;
};

/// An atlas of its own, filled by build_fonts(). On any thread, as long as no context of ImGui exists: a
/// program makes it while the window opens, which takes as long.
[[nodiscard]] FontAtlas make_font_atlas(float scale);

/// Makes 0 to 9 equally wide, each in the middle of its place.
void make_digits_tabular(ImFont& font);

}  // namespace attn::app

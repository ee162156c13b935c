#pragma once

#include <string>

#include "app/widgets/ui.hpp"

namespace attn::app {

/// Draws the whole sheet of heads with its first cell at `origin`, `cell` units a cell; one draw call.
void draw_sheet(const AppState& state, Ui& ui, ImVec2 origin, float cell);

/// Draws one head's part of the sheet as a square at `at`.
void draw_head_picture(const AppState& state, Ui& ui, std::size_t layer, std::size_t head, ImVec2 at,
                       float size);

/// What lies over a head's picture: its label, a veil where the head is silent, a frame where it is shown,
/// and the button. Returns true where it was clicked.
[[nodiscard]] bool head_cover(const AppState& state, Ui& ui, std::size_t layer, std::size_t head, ImVec2 at,
                              float size, const std::string& label);

/// What the thumbnails' colours mean: `all pictures: range 0 … 0.98`.
[[nodiscard]] std::string sheet_range_text(const AppState& state);

}  // namespace attn::app

#pragma once

#include "app/widgets/ui.hpp"

namespace attn::app {

/// The left column: the document, its layers and heads, the knobs of the equation, the history.
void draw_side_panel(const AppState& state, Ui& ui, const Dispatch& dispatch);

}  // namespace attn::app

#pragma once

#include "app/widgets/ui.hpp"

namespace attn::app {

/// All layers × heads, one small map each, in one draw call; a click opens one.
void draw_head_grid(const AppState& state, Ui& ui, const Dispatch& dispatch);

}  // namespace attn::app

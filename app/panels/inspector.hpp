#pragma once

#include "app/widgets/ui.hpp"

namespace attn::app {

/// The right column: the cell under the pointer or the pinned one, where its weight comes from, and its row.
void draw_inspector(const AppState& state, Ui& ui, const Dispatch& dispatch);

}  // namespace attn::app

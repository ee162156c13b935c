#pragma once

#include "app/widgets/ui.hpp"

namespace attn::app {

/// The facts at the bottom: stage and shape, time, zoom, range; at the right what was done last.
void draw_status_bar(const AppState& state, Ui& ui, const Dispatch& dispatch, std::size_t threads);

}  // namespace attn::app

#pragma once

#include "app/widgets/ui.hpp"

namespace attn::app {

/// The equation across the top: each term with its present value, a click opens its knob; the lamps between
/// the terms pick the stage that is shown.
void draw_equation_bar(const AppState& state, Ui& ui, const Dispatch& dispatch);

}  // namespace attn::app

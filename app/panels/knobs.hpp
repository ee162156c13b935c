#pragma once

#include "app/widgets/ui.hpp"

namespace attn::app {

// The knobs of the equation, each for a column of any width. A knob that this document cannot have is greyed,
// with the reason in its tooltip.

void stage_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void scale_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void temperature_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void mask_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void bias_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void empty_rows_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void color_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);

}  // namespace attn::app

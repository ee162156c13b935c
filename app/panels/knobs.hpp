#pragma once

#include <span>
#include <string>

#include "app/widgets/ui.hpp"
#include "core/attention/parameter.hpp"

namespace attn::app {

// The knobs of the equation, each for a column of any width. A knob that this document cannot have is greyed,
// with the reason in its tooltip.

/// A kind's meaning and below it its formula, for tooltips.
[[nodiscard]] std::string kind_in_words(const KindInfo& kind);

/// Which of these parameters are drawn from the seed, and the seed; nothing where none is.
void drawn_row(const AppState& state, Ui& ui, const Dispatch& dispatch, std::span<const Parameter> parameters,
               const std::string& mark);

void stage_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void embedding_scale_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void position_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void score_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void scale_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void softcap_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void temperature_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void mask_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void bias_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void normalizer_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
/// Mute, solo and gain of the head on show.
void gates_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void values_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void dropout_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void empty_rows_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);
void color_knob(const AppState& state, Ui& ui, const Dispatch& dispatch);

}  // namespace attn::app

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/state/action.hpp"
#include "core/attention/layer_facts.hpp"
#include "core/attention/parameter.hpp"

namespace attn::app {

// The terms of the equation that hold for the layer on show, as words, and as changes of settings.

[[nodiscard]] SetSetting set_temperature(const AppState& state, double temperature, Gesture gesture);
/// A temperature of its own for one head; nothing: the common one again.
[[nodiscard]] SetSetting set_head_temperature(const AppState& state, std::size_t head,
                                              std::optional<double> temperature, Gesture gesture);
[[nodiscard]] SetSetting set_masks(const std::vector<MaskTerm>& masks, std::string label,
                                   Gesture gesture = Gesture::committed);
[[nodiscard]] SetSetting set_biases(const std::vector<Term>& biases, std::string label,
                                    Gesture gesture = Gesture::committed);
/// Adds a mask of this kind, or takes all of them away.
[[nodiscard]] SetSetting toggle_mask(const AppState& state, std::string_view kind);

/// A term with the values that are not its defaults: `window left 2`, `entmax alpha 1.2`.
[[nodiscard]] std::string term_label(const Term& term, const Kinds& kinds);
[[nodiscard]] std::string mask_label(const MaskTerm& mask);
/// `causal ∧ window`, or `none`.
[[nodiscard]] std::string masks_label(const std::vector<MaskTerm>& masks);

/// An identifier as people read it: `top_left` → `top left`, `alibi` → `ALiBi`.
[[nodiscard]] std::string in_words(std::string_view identifier);
/// `top left` → `Top left`; a single letter is a symbol and stays.
[[nodiscard]] std::string capitalised(std::string words);

/// Why the layer on show cannot have its settings with this change, or empty.
[[nodiscard]] std::string refusal_of(const AppState& state, const SetSetting& change);

/// Why scale, cap, bias, temperature and the score do nothing for what is shown, or empty: linear attention
/// works on q and k themselves.
[[nodiscard]] std::string unused_logits(const AppState& state);

}  // namespace attn::app

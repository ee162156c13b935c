#pragma once

#include <span>
#include <string_view>

#include "core/attention/layer_facts.hpp"
#include "core/attention/parameter.hpp"
#include "core/base/matrix.hpp"

namespace attn {

/// Turns one row of logits (−∞ = masked) into weights, in place; masked cells become exactly 0. The row has
/// at least one allowed cell, no NaN, and no +∞ unless the normaliser takes it. False: the row turns out
/// empty (all 0).
using NormalizeRow = bool (*)(const nlohmann::json& parameters, Index head, std::span<double> row);

/// One row of the table of normalisers.
struct NormalizerKind : KindInfo {
  NormalizeRow normalize = nullptr;
  bool shift_invariant = false;  ///< a constant on the row changes nothing, so saved weights can have it
  bool takes_infinity = false;  ///< +∞ is a number like others; else the row is shared among its +∞ cells
  bool from_features = false;   ///< works on φ(q)·φ(k), φ = elu + 1, in place of the logits
};
[[nodiscard]] std::span<const NormalizerKind> normalizer_kinds();
[[nodiscard]] inline const NormalizerKind* normalizer_named(std::string_view name) {
  return kind_named(normalizer_kinds(), name);
}

/// What every normaliser has: axis.
[[nodiscard]] std::span<const Parameter> normalizer_common_parameters();

/// Why this layer cannot have the normaliser (with these parameters), or empty.
[[nodiscard]] std::string normalizer_refusal(const Term& normalizer, const LayerFacts& facts);

/// entmax of the row: p_j = [(α − 1) x_j − τ]₊^(1/(α − 1)) with Σ p = 1 (Peters, Niculae, Martins 2019); α =
/// 1 is softmax, 2 sparsemax. τ by bisection to the last bit.
void entmax(double alpha, std::span<double> row);

}  // namespace attn

#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/attention/layer_facts.hpp"
#include "core/attention/parameter.hpp"
#include "core/document/tensor.hpp"

namespace attn {

/// Bounds that stand for "any number".
inline constexpr double kAnyNumber = 1e300;

/// Nested lists of numbers of one shape, {"shape", "data"}, or a single number (rank 0). Nothing where
/// `value` is something else, is ragged, or has a number outside float32.
[[nodiscard]] std::optional<Tensor> tensor_from_json(const nlohmann::json& value);

/// `d_q × d_k`: the axes of a tensor parameter, for people.
[[nodiscard]] std::string axes_text(const Parameter& parameter);

/// The tensors of one term, each H × its axes or 1 × its axes, and what was not given.
struct TensorParameters {
  std::map<std::string, Tensor, std::less<>> tensors;
  std::vector<std::string> synthetic;  ///< names of those drawn from the seed

  /// The part of `name` for `head`, without the head axis; an optional one that is not given has no values.
  [[nodiscard]] Tensor of(std::string_view name, Index head) const;
  [[nodiscard]] bool per_head() const;  ///< some tensor has an axis of H heads
};

/// The tensor parameters of `kind`: from `given` (settings), else from `document` (the layer's own), else
/// drawn: component c = (Σ_{t<12} uniform(seed, FNV-1a of the name, c, t) − 6) / √(last axis), as FORMAT.md
/// §5 has it. An axis that is a letter of its own (`a`) is as long as the first tensor that is given says,
/// else d_k. Errors: shape, at `place`/name or in the layer's score.
[[nodiscard]] Result<TensorParameters> tensor_parameters(
    const KindInfo& kind, const nlohmann::json& given,
    const std::map<std::string, Tensor, std::less<>>& document, const LayerFacts& facts, std::uint64_t seed,
    const std::string& place);

}  // namespace attn

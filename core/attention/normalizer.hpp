#pragma once

#include <span>
#include <string_view>

#include "core/attention/parameter.hpp"
#include "core/base/matrix.hpp"

namespace attn {

/// Turns one row of logits (−∞ = masked) into weights, in place. The row has at least one allowed key and no
/// NaN.
using NormalizeRow = void (*)(const nlohmann::json& parameters, Eigen::Ref<Eigen::RowVectorXd> row);

/// One row of the table of normalisers.
struct NormalizerKind {
  std::string_view name;
  std::string_view meaning;
  std::span<const Parameter> parameters;
  NormalizeRow normalize;
};
[[nodiscard]] std::span<const NormalizerKind> normalizer_kinds();
[[nodiscard]] const NormalizerKind* normalizer_named(std::string_view name);

/// softmax: exp(x_j − max x) / Σ_j exp(x_j − max x), masked cells exactly 0. +∞ shares the row equally among
/// its +∞ cells. The sum runs in key order, so a row depends on its own numbers alone.
void softmax_row(const nlohmann::json& parameters, Eigen::Ref<Eigen::RowVectorXd> row);

}  // namespace attn

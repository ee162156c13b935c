#include "core/attention/scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/attention/score.hpp"

namespace attn {
namespace {

constexpr std::array kRows{
    ScaleRow{ScaleKind::inv_sqrt_dk, "inv_sqrt_dk", "1/√d_k"},
    ScaleRow{ScaleKind::inv_sqrt_dmodel, "inv_sqrt_dmodel", "1/√d_model"},
    ScaleRow{ScaleKind::sqrt_dmodel, "sqrt_dmodel", "√d_model"},
    ScaleRow{ScaleKind::inv_dk, "inv_dk", "1/d_k"},
    ScaleRow{ScaleKind::none, "none", "1"},
};

const ScaleRow& row_of(ScaleKind kind) {
  return *std::ranges::find(kRows, kind, &ScaleRow::kind);
}

}  // namespace

std::span<const ScaleRow> scale_rows() {
  return kRows;
}

Scale scale_in_force(const Settings& settings, const LayerFacts& facts) {
  const bool dot_products = facts.origin == Origin::qkv &&
                            score_kind_in_force(settings.score, *facts.layer) == score_kinds().front().name;
  return settings.scale.value_or(Scale{dot_products ? ScaleKind::inv_sqrt_dk : ScaleKind::none});
}

std::string_view scale_refusal(const Scale& scale, const LayerFacts& facts) {
  if (facts.origin == Origin::qkv || scale.kind == ScaleKind::none) return {};
  if (facts.origin == Origin::weights) return "the document holds saved weights, no scores to scale";
  return scale.kind == ScaleKind::number ? "" : "the document holds scores, not queries and keys";
}

double scale_factor(const Scale& scale, const LayerFacts& facts) {
  const auto d_k = static_cast<double>(facts.d_k);
  const auto d_model = static_cast<double>(facts.d_model);
  switch (scale.kind) {
    case ScaleKind::inv_sqrt_dk:
      return 1 / std::sqrt(d_k);
    case ScaleKind::inv_sqrt_dmodel:
      return 1 / std::sqrt(d_model);
    case ScaleKind::sqrt_dmodel:
      return std::sqrt(d_model);
    case ScaleKind::inv_dk:
      return 1 / d_k;
    case ScaleKind::none:
      return 1;
    case ScaleKind::number:
      return scale.number;
  }
  return 1;
}

nlohmann::json scale_to_json(const Scale& scale) {
  if (scale.kind == ScaleKind::number) return scale.number;
  return std::string(row_of(scale.kind).name);
}

std::string scale_label(const Scale& scale) {
  if (scale.kind == ScaleKind::number) return fmt::format("{:g}", scale.number);
  return std::string(row_of(scale.kind).formula);
}

}  // namespace attn

#include "core/attention/scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

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

Result<double> scale_factor(const Scale& scale, const ScaleInputs& inputs) {
  const bool needs_dk = scale.kind == ScaleKind::inv_sqrt_dk || scale.kind == ScaleKind::inv_dk;
  const bool needs_dmodel = scale.kind == ScaleKind::inv_sqrt_dmodel || scale.kind == ScaleKind::sqrt_dmodel;
  if ((needs_dk && inputs.d_k == 0) || (needs_dmodel && inputs.d_model == 0)) {
    return setting_error("/settings/scale", "\"none\" or a number",
                         fmt::format("\"{}\", but saved scores have no {}", row_of(scale.kind).name,
                                     needs_dk ? "d_k" : "d_model"),
                         "The document holds scores, not queries and keys.");
  }
  switch (scale.kind) {
    case ScaleKind::inv_sqrt_dk:
      return 1 / std::sqrt(inputs.d_k);
    case ScaleKind::inv_sqrt_dmodel:
      return 1 / std::sqrt(inputs.d_model);
    case ScaleKind::sqrt_dmodel:
      return std::sqrt(inputs.d_model);
    case ScaleKind::inv_dk:
      return 1 / inputs.d_k;
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

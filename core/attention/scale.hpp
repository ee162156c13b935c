#pragma once

#include <span>
#include <string_view>

#include "core/attention/layer_facts.hpp"
#include "core/attention/settings.hpp"

namespace attn {

/// One named scale and its formula.
struct ScaleRow {
  ScaleKind kind;
  std::string_view name;     ///< as settings write it
  std::string_view formula;  ///< as people write it
};
[[nodiscard]] std::span<const ScaleRow> scale_rows();

/// The scale in force: the settings', or by default 1/√d_k for dot products and none for everything else.
[[nodiscard]] Scale scale_in_force(const Settings& settings, const LayerFacts& facts);

/// Why this layer cannot have the scale, or empty.
[[nodiscard]] std::string_view scale_refusal(const Scale& scale, const LayerFacts& facts);

/// The factor s of `scaled = s · scores`; the layer can have the scale.
[[nodiscard]] double scale_factor(const Scale& scale, const LayerFacts& facts);

/// The scale as settings write it, and as people do: `1/√d_k`, `0.125`.
[[nodiscard]] nlohmann::json scale_to_json(const Scale& scale);
[[nodiscard]] std::string scale_label(const Scale& scale);

}  // namespace attn

#pragma once

#include <span>
#include <string_view>

#include "core/attention/settings.hpp"
#include "core/base/error.hpp"

namespace attn {

/// One named scale and its formula.
struct ScaleRow {
  ScaleKind kind;
  std::string_view name;     ///< as settings write it
  std::string_view formula;  ///< as people write it
};
[[nodiscard]] std::span<const ScaleRow> scale_rows();

/// What a scale is made from; 0 = this layer has no such width.
struct ScaleInputs {
  double d_k = 0;      ///< width of one head's q and k
  double d_model = 0;  ///< width of the query's embeddings, or H · d_k
};

/// The factor s of `scaled = s · scores`. Errors: setting, where the scale needs a width that the layer has
/// not.
[[nodiscard]] Result<double> scale_factor(const Scale& scale, const ScaleInputs& inputs);

/// The scale as settings write it, and as people do: `1/√d_k`, `0.125`.
[[nodiscard]] nlohmann::json scale_to_json(const Scale& scale);
[[nodiscard]] std::string scale_label(const Scale& scale);

}  // namespace attn

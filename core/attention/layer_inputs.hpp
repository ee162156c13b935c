#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/attention/mask.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/settings.hpp"
#include "core/base/matrix.hpp"
#include "core/document/document.hpp"

namespace attn {

/// Where in the equation a layer starts.
enum class Origin { qkv, scores, weights };
[[nodiscard]] Origin origin_of(const Layer& layer);

/// One layer of a document, projected and cut into heads: everything before the first stage that a knob other
/// than `heads` can change.
struct LayerInputs {
  std::shared_ptr<const Document> document;  ///< keeps the tensors below alive
  const Layer* layer = nullptr;
  Origin origin = Origin::qkv;
  Index heads = 0, kv_heads = 0;
  Index n_q = 0, n_k = 0;
  Index d_k = 0, d_v = 0;       ///< 0 where the layer has no q and k, no v
  Index d_model = 0;            ///< width of the query's embeddings, or H · d_k
  std::vector<Matrix> q, k, v;  ///< H × (n_q × d_k), H_kv × (n_k × d_k), H_kv × (n_k × d_v)
  Tensor given;                 ///< H × n_q × n_k: saved scores or weights

  [[nodiscard]] std::size_t kv_head(Index head) const {
    return static_cast<std::size_t>(head / (heads / kv_heads));
  }
  [[nodiscard]] MaskInputs mask_inputs() const;
  [[nodiscard]] ScaleInputs scale_inputs() const {
    return {static_cast<double>(d_k), static_cast<double>(d_model)};
  }
  [[nodiscard]] const Tensor* output_projection() const;  ///< W_o, (H · d_v) × d_model, or nullptr
  [[nodiscard]] const Tensor* output_bias() const;        ///< b_o, or nullptr
};

/// Projects and cuts: q = X·W_q + b_q, head h takes columns h·d … (h+1)·d − 1; `settings.heads` cuts anew,
/// and H_kv follows from the width of k. Errors: setting, where the count does not divide the widths or the
/// batch element does not exist.
[[nodiscard]] Result<LayerInputs> layer_inputs(std::shared_ptr<const Document> document, std::size_t layer,
                                               const Settings& settings);

/// The counts that `settings.heads` may take for this layer, from 1; empty where it cannot be cut anew.
[[nodiscard]] std::vector<std::size_t> possible_heads(const Document& document, std::size_t layer);

}  // namespace attn

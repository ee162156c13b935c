#pragma once

#include <memory>
#include <vector>

#include "core/attention/layer_facts.hpp"
#include "core/attention/projection.hpp"
#include "core/attention/settings.hpp"
#include "core/base/matrix.hpp"
#include "core/document/document.hpp"

namespace attn {

/// One layer of a document, projected, cut into heads and turned by positions: everything up to the stages q,
/// k, v.
struct LayerInputs : LayerFacts {
  std::shared_ptr<const Document> owner;  ///< keeps the facts' document and the tensors below alive
  std::vector<Matrix> q, k, v;            ///< H × (n_q × d_q), H_kv × (n_k × d_k), H_kv × (n_k × d_v)
  Tensor given;                           ///< H × n_q × n_k: saved scores or weights

  [[nodiscard]] std::size_t kv_head(Index head) const {
    return static_cast<std::size_t>(head / (heads / kv_heads));
  }
  [[nodiscard]] const Tensor* output_projection() const;  ///< W_o, (H · d_v) × d_model, or nullptr
  [[nodiscard]] const Tensor* output_bias() const;        ///< b_o, or nullptr
};

/// Whether the layer can have the position, the embeddings' factor and the batch element of the settings.
/// Errors: setting.
[[nodiscard]] Result<void> check_inputs(const LayerFacts& facts, const Settings& settings);

/// X' = embedding_scale · X (+ sinusoidal positions), q = X'·W_q + b_q, head h takes columns h·d … (h+1)·d −
/// 1, then RoPE on q and k. `settings.heads` cuts anew. Errors: setting, where the count does not divide the
/// widths, the batch element does not exist, or the document has no embeddings, or no q and k, to scale or
/// turn. `projection` multiplies by the layer's matrices.
[[nodiscard]] Result<LayerInputs> layer_inputs(std::shared_ptr<const Document> document, std::size_t layer,
                                               const Settings& settings, const Project& projection = project);

/// True where both settings give the same inputs of a layer.
[[nodiscard]] bool same_inputs(const Settings& a, const Settings& b);

}  // namespace attn

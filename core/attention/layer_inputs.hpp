#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/attention/layer_facts.hpp"
#include "core/attention/projection.hpp"
#include "core/attention/settings.hpp"
#include "core/base/matrix.hpp"
#include "core/base/progress.hpp"
#include "core/document/document.hpp"

namespace attn {

/// What is wanted of the tensors of a layer that stay in their files; what is at hand is taken anyway.
struct InputsWanted {
  std::optional<std::vector<Index>> heads;  ///< query heads; nothing: all
  bool output = true;                       ///< W_o too
};

/// One layer of a document, projected, cut into heads and turned by positions: everything up to the stages q,
/// k, v.
struct LayerInputs : LayerFacts {
  std::shared_ptr<const Document> owner;  ///< keeps the facts' document and the tensors below alive
  std::vector<Matrix> q, k, v;  ///< H × (n_q × d_q), H_kv × (n_k × d_k), H_kv × (n_k × d_v); 0 × 0 where the
                                ///< head stays in its file
  std::vector<Tensor> given;          ///< H × (n_q × n_k): saved scores or weights
  std::shared_ptr<const Layer> read;  ///< the document's, with tensors out of files at hand; the facts' layer
                                      ///< where there are any

  [[nodiscard]] std::size_t kv_head(Index head) const {
    return static_cast<std::size_t>(head / (heads / kv_heads));
  }
  /// What is wanted is at hand.
  [[nodiscard]] bool have(const InputsWanted& wanted) const;
  [[nodiscard]] const Tensor* output_projection() const;  ///< W_o, (H · d_v) × d_model, or nullptr
  [[nodiscard]] const Tensor* output_bias() const;        ///< b_o, or nullptr
};

/// Whether the layer can have the position, the embeddings' factor and the batch element of the settings.
/// Errors: setting.
[[nodiscard]] Result<void> check_inputs(const LayerFacts& facts, const Settings& settings);

/// X' = embedding_scale · X (+ sinusoidal positions), q = X'·W_q + b_q, head h takes columns h·d … (h+1)·d −
/// 1, then RoPE on q and k. `settings.heads` cuts anew. Errors: setting, where the count does not divide the
/// widths, the batch element does not exist, or the document has no embeddings, or no q and k, to scale or
/// turn. `projection` multiplies by the layer's matrices. Of tensors that stay in files, `wanted` is read,
/// block by block; `progress` counts their numbers. Errors of that: those of `read_tensor`; limit, where they
/// do not fit into memory together.
[[nodiscard]] Result<LayerInputs> layer_inputs(std::shared_ptr<const Document> document, std::size_t layer,
                                               const Settings& settings, const Project& projection = project,
                                               const InputsWanted& wanted = {}, Progress* progress = nullptr);

/// True where both settings give the same inputs of a layer.
[[nodiscard]] bool same_inputs(const Settings& a, const Settings& b);

}  // namespace attn

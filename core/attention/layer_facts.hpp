#pragma once

#include <optional>
#include <string_view>

#include "core/base/error.hpp"
#include "core/base/matrix.hpp"
#include "core/document/document.hpp"

namespace attn {

/// Where in the equation a layer starts.
enum class Origin { qkv, scores, weights };
[[nodiscard]] Origin origin_of(const Layer& layer);

/// What is known of a layer before anything is computed: enough to say which terms of the equation it can
/// have.
struct LayerFacts {
  const Document* document = nullptr;
  const Layer* layer = nullptr;
  std::size_t index = 0;  ///< of the layer in the document
  Origin origin = Origin::qkv;
  Index heads = 0, kv_heads = 0;
  Index n_q = 0, n_k = 0;
  Index d_q = 0, d_k = 0, d_v = 0;  ///< widths of one head; 0 where the layer has no q and k, no v
  Index d_model = 0;                ///< width of the query's embeddings, or H · d_q

  [[nodiscard]] const Sequence& query() const { return document->query_of(*layer); }
  [[nodiscard]] const Sequence& key() const { return document->key_of(*layer); }
  [[nodiscard]] bool has_embeddings() const;  ///< q, k and v are made from embeddings
};

/// The facts when the widths are cut into `heads` heads (nothing: as the document says). H_kv keeps its share
/// of H. Errors: setting, where that is impossible. `document` outlives the facts.
[[nodiscard]] Result<LayerFacts> layer_facts(const Document& document, std::size_t layer,
                                             std::optional<std::size_t> heads);

/// The counts that `settings.heads` may take for this layer, from 1; empty where it cannot be cut anew.
[[nodiscard]] std::vector<std::size_t> possible_heads(const Document& document, std::size_t layer);

/// Why a layer of this origin can have no term before the bias, or empty.
[[nodiscard]] std::string_view no_queries(const LayerFacts& facts);

}  // namespace attn

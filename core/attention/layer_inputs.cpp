#include "core/attention/layer_inputs.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/attention/position.hpp"
#include "core/attention/projection.hpp"

namespace attn {
namespace {

const Tensor* pointer(const std::optional<Tensor>& tensor) {
  return tensor ? &*tensor : nullptr;
}

// embedding_scale · X, and what the position adds.
Matrix embeddings_of(const Sequence& sequence, const Settings& settings, const PositionKind& position) {
  Matrix x = to_matrix(*sequence.embeddings);
  const EmbeddingScale& scale = settings.embedding_scale;
  x *= scale.sqrt_dmodel ? std::sqrt(static_cast<double>(x.cols())) : scale.number;
  if (position.on_embeddings != nullptr) position.on_embeddings(x, positions_of(sequence));
  return x;
}

// q, k and v with all heads side by side; v has no columns where the layer has none.
struct SideBySide {
  Matrix q, k, v;
};

SideBySide inputs_side_by_side(const LayerFacts& facts, const Settings& settings,
                               const PositionKind& position, const Project& projection) {
  const Layer& layer = *facts.layer;
  if (const auto* qkv = std::get_if<GivenQkv>(&layer.origin)) {
    return {side_by_side(qkv->q), side_by_side(qkv->k), qkv->v ? side_by_side(*qkv->v) : Matrix()};
  }
  SideBySide x{embeddings_of(facts.query(), settings, position),
               embeddings_of(facts.key(), settings, position),
               embeddings_of(facts.document->value_of(layer), settings, position)};
  const auto* p = std::get_if<Projections>(&layer.origin);
  if (p == nullptr) return x;
  return {projection(x.q, p->W_q, pointer(p->b_q)), projection(x.k, p->W_k, pointer(p->b_k)),
          projection(x.v, p->W_v, pointer(p->b_v))};
}

Tensor saved_map(const Layer& layer, const Settings& settings) {
  if (const auto* scores = std::get_if<GivenScores>(&layer.origin)) return scores->scores;
  return std::get<GivenWeights>(layer.origin).weights.slice(settings.batch);
}

}  // namespace

const Tensor* LayerInputs::output_projection() const {
  if (const auto* p = std::get_if<Projections>(&layer->origin)) return pointer(p->W_o);
  if (const auto* qkv = std::get_if<GivenQkv>(&layer->origin)) return pointer(qkv->W_o);
  return nullptr;
}

const Tensor* LayerInputs::output_bias() const {
  if (const auto* p = std::get_if<Projections>(&layer->origin)) return pointer(p->b_o);
  if (const auto* qkv = std::get_if<GivenQkv>(&layer->origin)) return pointer(qkv->b_o);
  return nullptr;
}

Result<void> check_inputs(const LayerFacts& facts, const Settings& settings) {
  const PositionKind& position = *kind_named(position_kinds(), settings.position.kind);
  if (const std::string_view reason = position_refusal(position, facts); !reason.empty()) {
    return setting_error("/settings/position", "a position that this document can have",
                         fmt::format("\"{}\", but {}", position.name, reason));
  }
  if (settings.embedding_scale != EmbeddingScale{} && !facts.has_embeddings()) {
    return setting_error("/settings/embedding_scale", "1", "another factor",
                         "The document gives no embeddings to scale.");
  }
  const auto* given = std::get_if<GivenWeights>(&facts.layer->origin);
  if (given == nullptr || settings.batch < given->weights.shape()[0]) return {};
  return setting_error("/settings/batch", fmt::format("an index below {}", given->weights.shape()[0]),
                       std::to_string(settings.batch));
}

Result<LayerInputs> layer_inputs(std::shared_ptr<const Document> document, std::size_t layer_index,
                                 const Settings& settings, const Project& projection) {
  auto facts = layer_facts(*document, layer_index, settings.heads);
  if (!facts) return tl::unexpected(facts.error());
  if (auto good = check_inputs(*facts, settings); !good) return tl::unexpected(good.error());
  LayerInputs inputs{*facts, std::move(document), {}, {}, {}, {}};
  if (inputs.origin != Origin::qkv) {
    inputs.given = saved_map(*inputs.layer, settings);
    return inputs;
  }
  const PositionKind& position = *kind_named(position_kinds(), settings.position.kind);
  const SideBySide wide = inputs_side_by_side(inputs, settings, position, projection);
  inputs.q = cut_heads(wide.q, inputs.heads);
  inputs.k = cut_heads(wide.k, inputs.kv_heads);
  if (wide.v.cols() > 0) inputs.v = cut_heads(wide.v, inputs.kv_heads);
  if (position.on_head != nullptr) {
    const nlohmann::json& parameters = settings.position.parameters;
    for (Matrix& head : inputs.q) position.on_head(head, positions_of(inputs.query()), parameters);
    for (Matrix& head : inputs.k) position.on_head(head, positions_of(inputs.key()), parameters);
  }
  return inputs;
}

bool same_inputs(const Settings& a, const Settings& b) {
  return a.layer == b.layer && a.batch == b.batch && a.heads == b.heads &&
         a.embedding_scale == b.embedding_scale && a.position == b.position;
}

}  // namespace attn

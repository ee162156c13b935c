#include "core/attention/layer_inputs.hpp"

#include <fmt/format.h>

#include "core/attention/projection.hpp"

namespace attn {
namespace {

template <class... Functions>
struct overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
overloaded(Functions...) -> overloaded<Functions...>;

const Tensor* pointer(const std::optional<Tensor>& tensor) {
  return tensor ? &*tensor : nullptr;
}

// q, k and v with all heads side by side; v has no columns where the layer has none.
struct SideBySide {
  Matrix q, k, v;
};

SideBySide inputs_side_by_side(const Document& document, const Layer& layer) {
  const auto embeddings = [](const Sequence& sequence) { return to_matrix(*sequence.embeddings); };
  return std::visit(
      overloaded{
          [&](const EmbeddingsAsQkv&) {
            return SideBySide{embeddings(document.query_of(layer)), embeddings(document.key_of(layer)),
                              embeddings(document.value_of(layer))};
          },
          [&](const Projections& p) {
            return SideBySide{project(embeddings(document.query_of(layer)), p.W_q, pointer(p.b_q)),
                              project(embeddings(document.key_of(layer)), p.W_k, pointer(p.b_k)),
                              project(embeddings(document.value_of(layer)), p.W_v, pointer(p.b_v))};
          },
          [&](const GivenQkv& qkv) {
            return SideBySide{side_by_side(qkv.q), side_by_side(qkv.k),
                              qkv.v ? side_by_side(*qkv.v) : Matrix()};
          },
          [](const auto&) { return SideBySide{}; },
      },
      layer.origin);
}

// Widths of q, k, v with heads side by side, without projecting anything; v 0 where there is none.
struct Widths {
  std::size_t q = 0, k = 0, v = 0;
};

Widths widths_of(const Document& document, const Layer& layer) {
  const auto beside = [](const Tensor& t) { return t.shape()[0] * t.shape()[2]; };
  return std::visit(overloaded{
                        [&](const EmbeddingsAsQkv&) {
                          return Widths{document.query_of(layer).embeddings->from_last(0),
                                        document.key_of(layer).embeddings->from_last(0),
                                        document.value_of(layer).embeddings->from_last(0)};
                        },
                        [](const Projections& p) {
                          return Widths{p.W_q.from_last(0), p.W_k.from_last(0), p.W_v.from_last(0)};
                        },
                        [&](const GivenQkv& qkv) {
                          return Widths{beside(qkv.q), beside(qkv.k), qkv.v ? beside(*qkv.v) : 0};
                        },
                        [](const auto&) { return Widths{}; },
                    },
                    layer.origin);
}

// H_kv when the width of q is cut into `heads`, or 0 where that is impossible.
std::size_t kv_heads_for(const Widths& widths, std::size_t heads) {
  if (heads == 0 || widths.q % heads != 0) return 0;
  const std::size_t d_k = widths.q / heads;
  if (widths.k % d_k != 0) return 0;
  const std::size_t kv_heads = widths.k / d_k;
  const bool fits = kv_heads > 0 && heads % kv_heads == 0 && widths.v % kv_heads == 0;
  return fits ? kv_heads : 0;
}

// A bias or mask of its own for each head fits the document's heads only.
bool has_head_axis(const Layer& layer) {
  const auto has = [](const std::optional<Tensor>& t) { return t && t->rank() == 3 && t->from_last(2) > 1; };
  return has(layer.bias) || has(layer.mask);
}

Result<Tensor> saved_map(const Layer& layer, const Settings& settings) {
  if (const auto* scores = std::get_if<GivenScores>(&layer.origin)) return scores->scores;
  const Tensor& batches = std::get<GivenWeights>(layer.origin).weights;
  if (settings.batch >= batches.shape()[0]) {
    return setting_error("/settings/batch", fmt::format("an index below {}", batches.shape()[0]),
                         std::to_string(settings.batch));
  }
  return batches.slice(settings.batch);
}

}  // namespace

Origin origin_of(const Layer& layer) {
  if (std::holds_alternative<GivenScores>(layer.origin)) return Origin::scores;
  if (std::holds_alternative<GivenWeights>(layer.origin)) return Origin::weights;
  return Origin::qkv;
}

MaskInputs LayerInputs::mask_inputs() const {
  return {n_q, n_k, document->key_of(*layer).attention_mask, pointer(layer->mask)};
}

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

Result<LayerInputs> layer_inputs(std::shared_ptr<const Document> document, std::size_t layer_index,
                                 const Settings& settings) {
  const Layer& layer = document->layers[layer_index];
  LayerInputs inputs;
  inputs.layer = &layer;
  inputs.origin = origin_of(layer);
  inputs.n_q = static_cast<Index>(document->query_of(layer).tokens.size());
  inputs.n_k = static_cast<Index>(document->key_of(layer).tokens.size());
  std::size_t heads = layer.heads;
  std::size_t kv_heads = layer.kv_heads;

  if (inputs.origin != Origin::qkv) {
    if (settings.heads && *settings.heads != layer.heads) {
      return setting_error("/settings/heads", fmt::format("null or {}", layer.heads),
                           std::to_string(*settings.heads), "Saved maps cannot be cut into other heads.");
    }
    auto saved = saved_map(layer, settings);
    if (!saved) return tl::unexpected(saved.error());
    inputs.given = std::move(*saved);
  } else {
    if (settings.heads) {
      heads = *settings.heads;
      if (heads != layer.heads && has_head_axis(layer)) {
        return setting_error("/settings/heads", fmt::format("null or {}", layer.heads), std::to_string(heads),
                             "The layer's bias or mask is given for each of its heads.");
      }
      kv_heads = kv_heads_for(widths_of(*document, layer), heads);
    }
    if (kv_heads == 0) {
      const Widths widths = widths_of(*document, layer);
      return setting_error(
          "/settings/heads",
          fmt::format("a count that divides the widths {} of q and {} of k", widths.q, widths.k),
          std::to_string(heads));
    }
    const SideBySide wide = inputs_side_by_side(*document, layer);
    inputs.q = cut_heads(wide.q, static_cast<Index>(heads));
    inputs.k = cut_heads(wide.k, static_cast<Index>(kv_heads));
    if (wide.v.cols() > 0) inputs.v = cut_heads(wide.v, static_cast<Index>(kv_heads));
    inputs.d_k = inputs.q[0].cols();
    inputs.d_v = inputs.v.empty() ? 0 : inputs.v[0].cols();
    const bool embedded = !std::holds_alternative<GivenQkv>(layer.origin);
    inputs.d_model =
        embedded ? static_cast<Index>(document->query_of(layer).embeddings->from_last(0)) : wide.q.cols();
  }
  inputs.heads = static_cast<Index>(heads);
  inputs.kv_heads = static_cast<Index>(kv_heads);
  inputs.document = std::move(document);
  return inputs;
}

std::vector<std::size_t> possible_heads(const Document& document, std::size_t layer_index) {
  const Layer& layer = document.layers[layer_index];
  if (origin_of(layer) != Origin::qkv) return {};
  if (has_head_axis(layer)) return {layer.heads};
  const Widths widths = widths_of(document, layer);
  std::vector<std::size_t> counts;
  for (std::size_t heads = 1; heads <= widths.q && counts.size() < 64; ++heads) {
    if (kv_heads_for(widths, heads) > 0) counts.push_back(heads);
  }
  return counts;
}

}  // namespace attn

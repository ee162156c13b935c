#include "core/attention/layer_facts.hpp"

#include <fmt/format.h>

#include "core/attention/parameter.hpp"
#include "core/attention/score.hpp"

namespace attn {
namespace {

template <class... Functions>
struct overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
overloaded(Functions...) -> overloaded<Functions...>;

// Widths of q, k, v with heads side by side; v 0 where there is none.
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
std::size_t kv_heads_for(const Layer& layer, const Widths& widths, std::size_t heads) {
  if (heads == 0 || heads * layer.kv_heads % layer.heads != 0) return 0;
  const std::size_t kv_heads = heads * layer.kv_heads / layer.heads;
  const bool fits =
      kv_heads > 0 && widths.q % heads == 0 && widths.k % kv_heads == 0 && widths.v % kv_heads == 0;
  return fits ? kv_heads : 0;
}

// A bias, a mask or a parameter of its own for each head fits the document's heads only.
bool has_head_axis(const Layer& layer) {
  if (layer.score && score_has_head_axis(*layer.score)) return true;
  const auto has = [](const std::optional<Tensor>& t) { return t && t->rank() == 3 && t->from_last(2) > 1; };
  return has(layer.bias) || has(layer.mask);
}

}  // namespace

Origin origin_of(const Layer& layer) {
  if (std::holds_alternative<GivenScores>(layer.origin)) return Origin::scores;
  if (std::holds_alternative<GivenWeights>(layer.origin)) return Origin::weights;
  return Origin::qkv;
}

bool LayerFacts::has_embeddings() const {
  return std::holds_alternative<Projections>(layer->origin) ||
         std::holds_alternative<EmbeddingsAsQkv>(layer->origin);
}

Result<LayerFacts> layer_facts(const Document& document, std::size_t layer_index,
                               std::optional<std::size_t> wanted) {
  const Layer& layer = document.layers[layer_index];
  LayerFacts facts;
  facts.document = &document;
  facts.layer = &layer;
  facts.index = layer_index;
  facts.origin = origin_of(layer);
  facts.n_q = static_cast<Index>(facts.query().tokens.size());
  facts.n_k = static_cast<Index>(facts.key().tokens.size());
  const std::size_t heads = wanted.value_or(layer.heads);
  std::size_t kv_heads = layer.kv_heads;
  if (heads != layer.heads && (facts.origin != Origin::qkv || has_head_axis(layer))) {
    return setting_error("/settings/heads", fmt::format("null or {}", layer.heads), std::to_string(heads),
                         facts.origin != Origin::qkv
                             ? "Saved maps cannot be cut into other heads."
                             : "The layer's bias, mask or score is given for each of its heads.");
  }
  if (facts.origin == Origin::qkv) {
    const Widths widths = widths_of(document, layer);
    kv_heads = kv_heads_for(layer, widths, heads);
    if (kv_heads == 0) {
      return setting_error(
          "/settings/heads",
          fmt::format("a count that divides the widths {} of q and {} of k", widths.q, widths.k),
          std::to_string(heads));
    }
    facts.d_q = static_cast<Index>(widths.q / heads);
    facts.d_k = static_cast<Index>(widths.k / kv_heads);
    facts.d_v = static_cast<Index>(widths.v / kv_heads);
    facts.d_model =
        static_cast<Index>(facts.has_embeddings() ? facts.query().embeddings->from_last(0) : widths.q);
  }
  facts.heads = static_cast<Index>(heads);
  facts.kv_heads = static_cast<Index>(kv_heads);
  return facts;
}

std::vector<std::size_t> possible_heads(const Document& document, std::size_t layer_index) {
  const Layer& layer = document.layers[layer_index];
  if (origin_of(layer) != Origin::qkv) return {};
  if (has_head_axis(layer)) return {layer.heads};
  const Widths widths = widths_of(document, layer);
  std::vector<std::size_t> counts;
  for (std::size_t heads = 1; heads <= widths.q && counts.size() < 64; ++heads) {
    if (kv_heads_for(layer, widths, heads) > 0) counts.push_back(heads);
  }
  return counts;
}

std::string_view no_queries(const LayerFacts& facts) {
  if (facts.origin == Origin::weights) return "the document holds saved weights, no queries and keys";
  if (facts.origin == Origin::scores) return "the document holds saved scores, no queries and keys";
  return {};
}

}  // namespace attn

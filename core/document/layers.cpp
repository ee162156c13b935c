#include "core/document/layers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/json_path.hpp"
#include "core/document/keys.hpp"
#include "core/document/layer_checks.hpp"
#include "core/document/layer_draft.hpp"
#include "core/document/limits.hpp"
#include "core/document/origins.hpp"
#include "core/document/synthetic.hpp"
#include "core/document/weight_counts.hpp"

namespace attn {
namespace {

constexpr std::size_t kNamesShown = 8;

using Drafts = std::vector<LayerDraft>;

Result<Drafts> read_list(JsonNode& node, const std::string& place, TensorFiles* files,
                         std::vector<Note>& notes) {
  auto* list = node.as<JsonNode::List>();
  if (!list) {
    const NumberArray* array = node.array();
    if (!array || array->shape.front() > 0) return refuse_type(place, "a list of layers", node);
  }
  if (!list || list->empty()) {
    return refuse(ErrorCode::shape, place, "at least one layer", "none",
                  "Without the key, there is one layer.");
  }
  if (list->size() > limits::kLayers) {
    return refuse(ErrorCode::limit, place, fmt::format("at most {} layers", grouped(limits::kLayers)),
                  grouped(list->size()));
  }
  const auto known = keys::joined({keys::kLayer});
  Drafts drafts;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto fields = as_fields((*list)[i], fmt::format("{}/{}", place, i), "a layer: an object", files);
    if (!fields) return tl::unexpected(std::move(fields.error()));
    if (auto valid = check_keys(*fields, {"layer"}, known, notes); !valid)
      return tl::unexpected(std::move(valid.error()));
    auto read = read_layer(*fields, false, notes);
    if (!read) return tl::unexpected(std::move(read.error()));
    drafts.push_back(std::move(read->front()));
  }
  return drafts;
}

// The sequence called `name`, else `fallback`.
Result<std::size_t> find_sequence(const std::optional<std::string>& name, std::size_t fallback,
                                  const SequenceSet& set, const std::string& place) {
  if (!name) return fallback;
  auto names = set.names();
  const auto found = std::find(names.begin(), names.end(), *name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  names.resize(std::min(names.size(), kNamesShown));
  return refuse(ErrorCode::value, place,
                names.empty() ? "no name, as there are no sequences" : "a sequence: " + join_or(names),
                fmt::format("\"{}\"", shorten_middle(*name, 40)));
}

// A sequence of `n` numbered tokens: one for all layers that need as many.
Result<std::size_t> counted_sequence(std::size_t n, SequenceSet& set, std::vector<Note>& notes) {
  for (std::size_t i = 0; i < set.sequences.size(); ++i) {
    if (set.sequences[i].tokens.size() == n) return i;
  }
  if (n > limits::kTokens) {
    return refuse(ErrorCode::limit, {}, fmt::format("at most {} tokens", grouped(limits::kTokens)),
                  grouped(n));
  }
  Sequence sequence;
  sequence.name = fmt::format("{} tokens", n);
  sequence.tokens = numbered_tokens(n);
  set.sequences.push_back(std::move(sequence));
  notes.push_back(
      {Note::Kind::inferred, {}, fmt::format("No tokens are given: they are numbered 0 to {}.", n - 1)});
  return set.sequences.size() - 1;
}

Result<void> count_off(LayerDraft& draft, SequenceSet& set, std::vector<Note>& notes) {
  const auto counts = token_counts(draft.layer.origin);
  if (!counts) {
    return refuse(ErrorCode::shape, draft.place, "tokens, text, embeddings, or a layer's tensors",
                  "none of them");
  }
  auto query = counted_sequence(counts->query, set, notes);
  if (!query) return tl::unexpected(std::move(query.error()));
  auto key = counted_sequence(counts->key, set, notes);
  if (!key) return tl::unexpected(std::move(key.error()));
  draft.layer.query = *query;
  draft.layer.key = draft.layer.value = *key;
  return {};
}

Result<void> tie(LayerDraft& draft, const SequenceSet& set) {
  auto query = find_sequence(draft.query, 0, set, draft.place + "/query");
  if (!query) return tl::unexpected(std::move(query.error()));
  auto key = find_sequence(draft.key, set.two_lists ? 1 : *query, set, draft.place + "/key");
  if (!key) return tl::unexpected(std::move(key.error()));
  auto value = find_sequence(draft.value, *key, set, draft.place + "/value");
  if (!value) return tl::unexpected(std::move(value.error()));
  draft.layer.query = *query;
  draft.layer.key = *key;
  draft.layer.value = *value;
  return {};
}

void embed(Sequence& sequence, std::vector<Note>& notes) {
  if (sequence.embeddings) return;
  sequence.embeddings = synthetic_embeddings(sequence.tokens);
  sequence.synthetic_embeddings = true;
  notes.push_back({Note::Kind::inferred,
                   {},
                   fmt::format("\"{}\" has no embeddings: synthetic ones, {} wide, stand in for them.",
                               shorten_middle(sequence.name, 40), kSyntheticWidth)});
}

bool needs_embeddings(const Layer& layer) {
  return std::holds_alternative<EmbeddingsAsQkv>(layer.origin) ||
         std::holds_alternative<Projections>(layer.origin);
}

Result<Layer> settle(LayerDraft& draft, SequenceSet& set, std::vector<Note>& notes) {
  Layer& layer = draft.layer;
  std::size_t default_heads = 1;
  if (needs_embeddings(layer)) {
    for (const std::size_t index : {layer.query, layer.key, layer.value}) embed(set.sequences[index], notes);
    if (set.sequences[layer.query].synthetic_embeddings) default_heads = kSyntheticHeads;
  }
  if (auto settled = settle_heads(draft, default_heads); !settled)
    return tl::unexpected(std::move(settled.error()));
  auto checked = check_layer(layer, set.sequences, {draft.place, draft.weights_key});
  if (!checked) return tl::unexpected(std::move(checked.error()));
  return std::move(layer);
}

}  // namespace

Result<std::vector<Layer>> read_layers(const Fields& document, SequenceSet& set, std::vector<Note>& notes) {
  JsonNode* list = document.find("layers");
  auto drafts = list ? read_list(*list, document.place_of("layers"), document.files(), notes)
                     : read_layer(document, true, notes);
  if (!drafts) return tl::unexpected(std::move(drafts.error()));
  const bool counted = set.sequences.empty();
  std::vector<Layer> layers;
  for (LayerDraft& draft : *drafts) {
    const bool named = draft.query || draft.key || draft.value;
    auto tied = counted && !named ? count_off(draft, set, notes) : tie(draft, set);
    if (!tied) return tl::unexpected(std::move(tied.error()));
    auto layer = settle(draft, set, notes);
    if (!layer) return tl::unexpected(std::move(layer.error()));
    if (layer->name.empty()) layer->name = fmt::format("layer {}", layers.size());
    const auto* given = std::get_if<GivenWeights>(&layer->origin);
    if (given != nullptr && given->weights.at_hand()) {
      WeightCounts counts;
      counts.add(given->weights.values(), given->weights.from_last(0));
      if (auto odd = counts.odd_rows(*layer, draft.place + pointer_step(draft.weights_key)))
        notes.push_back(std::move(*odd));
    }
    layers.push_back(std::move(*layer));
  }
  return layers;
}

}  // namespace attn

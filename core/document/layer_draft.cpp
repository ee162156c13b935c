#include "core/document/layer_draft.hpp"

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/layer_score.hpp"
#include "core/document/limits.hpp"
#include "core/document/origins.hpp"
#include "core/document/tensor_field.hpp"

namespace attn {
namespace {

constexpr std::size_t kMostBroadcastAxes = 3;

Result<void> read_names(const Fields& fields, LayerDraft& draft) {
  std::optional<std::string>* const names[] = {&draft.query, &draft.key, &draft.value};
  constexpr std::string_view kKeys[] = {"query", "key", "value"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    auto name = fields.text(kKeys[i]);
    if (!name) return tl::unexpected(std::move(name.error()));
    *names[i] = std::move(*name);
  }
  auto name = fields.text("name");
  if (!name) return tl::unexpected(std::move(name.error()));
  draft.layer.name = name->value_or("");
  return {};
}

Result<void> read_numbers(const Fields& fields, LayerDraft& draft, std::vector<Note>& notes) {
  auto heads = fields.count("heads");
  if (!heads) return tl::unexpected(std::move(heads.error()));
  auto kv_heads = fields.count("kv_heads");
  if (!kv_heads) return tl::unexpected(std::move(kv_heads.error()));
  draft.heads = *heads;
  draft.kv_heads = *kv_heads;
  TensorRule rule;
  rule.may_stay = true;
  rule.minus_infinity = true;
  auto bias = take_tensor(fields, "bias", 1, kMostBroadcastAxes, rule, notes);
  if (!bias) return tl::unexpected(std::move(bias.error()));
  draft.layer.bias = std::move(*bias);
  rule.minus_infinity = false;
  rule.boolean = true;
  auto mask = take_tensor(fields, "mask", 1, kMostBroadcastAxes, rule, notes);
  if (!mask) return tl::unexpected(std::move(mask.error()));
  draft.layer.mask = std::move(*mask);
  return {};
}

Tensor with_batch_axis(const Tensor& weights) {
  std::vector<std::size_t> shape = weights.shape();
  shape.insert(shape.begin(), 4 - shape.size(), 1);
  return weights.reshaped(std::move(shape));
}

// Weights of rank 4 or 5 in a shorthand: one layer for each slice of the first axis. The numbers are shared.
Result<std::vector<LayerDraft>> split_layers(const LayerDraft& draft, const Tensor& weights,
                                             std::vector<Note>& notes) {
  const std::size_t count = weights.shape().front();
  const std::string place = draft.place + "/" + draft.weights_key;
  if (count > limits::kLayers) {
    return refuse(ErrorCode::limit, place, fmt::format("at most {} layers", grouped(limits::kLayers)),
                  grouped(count));
  }
  notes.push_back({Note::Kind::inferred, place,
                   fmt::format("{} of {} axes is read as layers × {}heads × queries × keys.",
                               draft.weights_key, weights.rank(), weights.rank() == 5 ? "batch × " : "")});
  std::vector<LayerDraft> drafts;
  for (std::size_t l = 0; l < count; ++l) {
    drafts.push_back(draft);
    drafts.back().layer.origin = GivenWeights{with_batch_axis(weights.slice(l))};
  }
  return drafts;
}

Result<std::vector<LayerDraft>> settle_weights(LayerDraft draft, bool is_shorthand,
                                               std::vector<Note>& notes) {
  if (auto* given = std::get_if<GivenWeights>(&draft.layer.origin)) {
    const Tensor weights = given->weights;
    if (is_shorthand && weights.rank() > 3) return split_layers(draft, weights, notes);
    if (weights.rank() > 4) {
      return refuse(ErrorCode::shape, draft.place + "/" + draft.weights_key,
                    "heads × queries × keys of one layer", shape_text(weights.shape()),
                    "Give each layer its own part.");
    }
    if (weights.rank() == 4) {
      notes.push_back({Note::Kind::inferred, draft.place + "/" + draft.weights_key,
                       "4 axes in a layer are read as batch × heads × queries × keys."});
    }
    given->weights = with_batch_axis(weights);
  }
  std::vector<LayerDraft> drafts;
  drafts.push_back(std::move(draft));
  return drafts;
}

struct HeadAxes {
  std::size_t heads;
  std::size_t kv_heads;
};

// Heads as the origin's own tensors have them.
std::optional<HeadAxes> head_axes(const LayerDraft& draft) {
  if (const auto* given = std::get_if<GivenQkv>(&draft.layer.origin)) {
    return HeadAxes{given->q.from_last(2), given->k.from_last(2)};
  }
  std::size_t heads = 0;
  if (const auto* given = std::get_if<GivenScores>(&draft.layer.origin)) heads = given->scores.from_last(2);
  if (const auto* given = std::get_if<GivenWeights>(&draft.layer.origin)) heads = given->weights.from_last(2);
  if (heads == 0) return std::nullopt;
  return HeadAxes{heads, draft.kv_heads.value_or(heads)};
}

Result<void> agree(const std::optional<std::size_t>& said, std::size_t has, const std::string& place) {
  if (!said || *said == has) return {};
  return refuse(ErrorCode::shape, place, fmt::format("{}, as many as the tensors have", has),
                fmt::format("{}", *said));
}

}  // namespace

Result<std::vector<LayerDraft>> read_layer(const Fields& fields, bool is_shorthand,
                                           std::vector<Note>& notes) {
  LayerDraft draft;
  draft.place = fields.place();
  draft.weights_key = weights_key(fields);
  if (auto read = read_names(fields, draft); !read) return tl::unexpected(std::move(read.error()));
  if (auto read = read_numbers(fields, draft, notes); !read) return tl::unexpected(std::move(read.error()));
  auto origin = read_origin(fields, notes);
  if (!origin) return tl::unexpected(std::move(origin.error()));
  draft.layer.origin = std::move(*origin);
  auto score = read_layer_score(fields, notes);
  if (!score) return tl::unexpected(std::move(score.error()));
  draft.layer.score = std::move(*score);
  if (!is_shorthand) {
    auto settings = fields.settings("settings");
    if (!settings) return tl::unexpected(std::move(settings.error()));
    draft.layer.settings = std::move(*settings);
  }
  return settle_weights(std::move(draft), is_shorthand, notes);
}

Result<void> settle_heads(LayerDraft& draft, std::size_t default_heads) {
  Layer& layer = draft.layer;
  if (const auto axes = head_axes(draft)) {
    if (auto same = agree(draft.heads, axes->heads, draft.place + "/heads"); !same) return same;
    if (auto same = agree(draft.kv_heads, axes->kv_heads, draft.place + "/kv_heads"); !same) return same;
    layer.heads = axes->heads;
    layer.kv_heads = axes->kv_heads;
  } else {
    layer.heads = draft.heads.value_or(default_heads);
    layer.kv_heads = draft.kv_heads.value_or(layer.heads);
  }
  if (layer.heads % layer.kv_heads == 0) return {};
  const bool given_k = std::holds_alternative<GivenQkv>(layer.origin);
  return refuse(ErrorCode::value, draft.place + (given_k ? "/k" : "/kv_heads"),
                fmt::format("key heads that divide the {} query heads", layer.heads),
                fmt::format("{}", layer.kv_heads));
}

}  // namespace attn

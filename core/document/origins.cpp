#include "core/document/origins.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/keys.hpp"
#include "core/document/tensor_field.hpp"
#include "core/document/transpose.hpp"
#include "core/document/weight_counts.hpp"

namespace attn {
namespace {

constexpr std::array<std::string_view, 6> kProjectionKeys = {"W_q", "W_k", "W_v", "b_q", "b_k", "b_v"};
constexpr std::array<std::string_view, 3> kQkvKeys = {"q", "k", "v"};
constexpr std::array<std::string_view, 1> kScoresKeys = {"scores"};
constexpr std::array<std::string_view, 2> kOutputKeys = {"W_o", "b_o"};
constexpr TensorRule kMayStay{.may_stay = true};

// A tensor of a field that may be left out, of one rank; or of `least` axes, then filled up to `most` with 1s
// in front.
Result<std::optional<Tensor>> optional_tensor(const Fields& layer, std::string_view key, std::size_t least,
                                              std::size_t most, const TensorRule& rule,
                                              std::vector<Note>& notes) {
  auto tensor = take_tensor(layer, key, least, most, rule, notes);
  if (!tensor || !*tensor || (*tensor)->rank() == most) return tensor;
  std::vector<std::size_t> shape = (*tensor)->shape();
  shape.insert(shape.begin(), most - shape.size(), 1);
  return (*tensor)->reshaped(std::move(shape));
}

Result<Tensor> required_tensor(const Fields& layer, std::string_view key, std::size_t least, std::size_t most,
                               const TensorRule& rule, std::vector<Note>& notes) {
  auto tensor = optional_tensor(layer, key, least, most, rule, notes);
  if (!tensor) return tl::unexpected(std::move(tensor.error()));
  if (!*tensor) {
    return refuse(ErrorCode::type, layer.place_of(key),
                  fmt::format("{} beside the layer's other tensors", key), "nothing");
  }
  return std::move(**tensor);
}

// Whether weights are given as torch's Linear has them, y = x·Wᵀ.
Result<bool> reads_out_in(const Fields& layer) {
  auto layout = layer.text("weight_layout");
  if (!layout) return tl::unexpected(std::move(layout.error()));
  const std::string name = layout->value_or("in_out");
  if (name == "in_out" || name == "out_in") return name == "out_in";
  return refuse(ErrorCode::value, layer.place_of("weight_layout"), "\"in_out\" or \"out_in\"",
                fmt::format("\"{}\"", name));
}

struct Output {
  std::optional<Tensor> W_o, b_o;
};

Result<Output> read_output(const Fields& layer, bool out_in, std::vector<Note>& notes) {
  Output output;
  auto W_o = optional_tensor(layer, "W_o", 2, 2, kMayStay, notes);
  if (!W_o) return tl::unexpected(std::move(W_o.error()));
  auto b_o = optional_tensor(layer, "b_o", 1, 1, {}, notes);
  if (!b_o) return tl::unexpected(std::move(b_o.error()));
  if (*W_o) output.W_o = out_in ? transposed(**W_o) : std::move(**W_o);
  output.b_o = std::move(*b_o);
  return output;
}

Result<Origin> read_projections(const Fields& layer, std::vector<Note>& notes) {
  Projections read;
  auto out_in = reads_out_in(layer);
  if (!out_in) return tl::unexpected(std::move(out_in.error()));
  Tensor* const weights[] = {&read.W_q, &read.W_k, &read.W_v};
  std::optional<Tensor>* const biases[] = {&read.b_q, &read.b_k, &read.b_v};
  for (std::size_t i = 0; i < std::size(weights); ++i) {
    auto weight = required_tensor(layer, kProjectionKeys[i], 2, 2, kMayStay, notes);
    if (!weight) return tl::unexpected(std::move(weight.error()));
    *weights[i] = *out_in ? transposed(*weight) : std::move(*weight);
    auto bias = optional_tensor(layer, kProjectionKeys[i + 3], 1, 1, {}, notes);
    if (!bias) return tl::unexpected(std::move(bias.error()));
    *biases[i] = std::move(*bias);
  }
  auto output = read_output(layer, *out_in, notes);
  if (!output) return tl::unexpected(std::move(output.error()));
  read.W_o = std::move(output->W_o);
  read.b_o = std::move(output->b_o);
  return Origin(std::move(read));
}

Result<Origin> read_qkv(const Fields& layer, std::vector<Note>& notes) {
  auto out_in = reads_out_in(layer);
  if (!out_in) return tl::unexpected(std::move(out_in.error()));
  auto q = required_tensor(layer, "q", 2, 3, kMayStay, notes);
  if (!q) return tl::unexpected(std::move(q.error()));
  auto k = required_tensor(layer, "k", 2, 3, kMayStay, notes);
  if (!k) return tl::unexpected(std::move(k.error()));
  auto v = optional_tensor(layer, "v", 2, 3, kMayStay, notes);
  if (!v) return tl::unexpected(std::move(v.error()));
  auto output = read_output(layer, *out_in, notes);
  if (!output) return tl::unexpected(std::move(output.error()));
  return Origin(
      GivenQkv{std::move(*q), std::move(*k), std::move(*v), std::move(output->W_o), std::move(output->b_o)});
}

Result<Origin> read_scores(const Fields& layer, std::vector<Note>& notes) {
  TensorRule rule = kMayStay;
  rule.null = rule.minus_infinity = true;
  auto scores = required_tensor(layer, "scores", 2, 3, rule, notes);
  if (!scores) return tl::unexpected(std::move(scores.error()));
  return Origin(GivenScores{std::move(*scores)});
}

Result<Origin> read_weights(const Fields& layer, std::vector<Note>& notes) {
  const std::string name = weights_key(layer);
  for (const std::string_view key : keys::kAttention) {
    if (key == name || !layer.has(key)) continue;
    return refuse(ErrorCode::value, layer.place_of(key), "the weights under one name",
                  fmt::format("both {} and {}", name, key));
  }
  auto weights = take_tensor(layer, name, 2, 5, kMayStay, notes);
  if (!weights) return tl::unexpected(std::move(weights.error()));
  if ((*weights)->at_hand()) {
    WeightCounts counts;
    counts.add((*weights)->values(), (*weights)->from_last(0));
    if (auto odd = counts.odd_weights(layer.place_of(name))) notes.push_back(std::move(*odd));
  }
  return Origin(GivenWeights{std::move(**weights)});
}

struct Group {
  std::string_view name;
  std::span<const std::string_view> keys;
  Result<Origin> (*read)(const Fields& layer, std::vector<Note>& notes);
  bool has_output;  ///< W_o and b_o may stand beside it
};
constexpr std::array<Group, 4> kGroups = {{
    {"projections", kProjectionKeys, read_projections, true},
    {"q, k, v", kQkvKeys, read_qkv, true},
    {"scores", kScoresKeys, read_scores, false},
    {"attention", keys::kAttention, read_weights, false},
}};

}  // namespace

Result<Origin> read_origin(const Fields& layer, std::vector<Note>& notes) {
  const Group* only = nullptr;
  for (const Group& group : kGroups) {
    if (!layer.has_any(group.keys)) continue;
    if (only) {
      return refuse(ErrorCode::value, layer.place(), "one origin: projections, q and k, scores or attention",
                    fmt::format("both {} and {}", only->name, group.name));
    }
    only = &group;
  }
  if ((!only || !only->has_output) && layer.has_any(kOutputKeys)) {
    return refuse(ErrorCode::value, layer.place(), "W_o and b_o beside projections, or beside q, k and v",
                  "an output projection without them");
  }
  return only ? only->read(layer, notes) : Origin(EmbeddingsAsQkv{});
}

std::string weights_key(const Fields& layer) {
  const auto* key = std::find_if(keys::kAttention.begin(), keys::kAttention.end(),
                                 [&](std::string_view name) { return layer.has(name); });
  return std::string(key == keys::kAttention.end() ? keys::kAttention.front() : *key);
}

std::optional<TokenCounts> token_counts(const Origin& origin) {
  if (const auto* given = std::get_if<GivenQkv>(&origin))
    return TokenCounts{given->q.from_last(1), given->k.from_last(1)};
  if (const auto* given = std::get_if<GivenScores>(&origin)) {
    return TokenCounts{given->scores.from_last(1), given->scores.from_last(0)};
  }
  if (const auto* given = std::get_if<GivenWeights>(&origin)) {
    return TokenCounts{given->weights.from_last(1), given->weights.from_last(0)};
  }
  return std::nullopt;
}

}  // namespace attn

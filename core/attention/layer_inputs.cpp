#include "core/attention/layer_inputs.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/attention/position.hpp"
#include "core/attention/projection.hpp"
#include "core/attention/score.hpp"
#include "core/document/tensors/stored_tensor.hpp"

namespace attn {
namespace {

const Tensor* pointer(const std::optional<Tensor>& tensor) {
  return tensor ? &*tensor : nullptr;
}

// embedding_scale · X, and what the position adds.
Matrix embeddings_of(const Tensor& embeddings, const Sequence& sequence, const Settings& settings,
                     const PositionKind& position) {
  Matrix x = to_matrix(embeddings);
  const EmbeddingScale& scale = settings.embedding_scale;
  x *= scale.sqrt_dmodel ? std::sqrt(static_cast<double>(x.cols())) : scale.number;
  if (position.on_embeddings != nullptr) position.on_embeddings(x, positions_of(sequence));
  return x;
}

// The tensors that inputs are made of, at hand as far as they are wanted.
struct Sources {
  Layer layer;
  Tensor x_q, x_k, x_v;                // embeddings, where q, k and v are made of them
  std::vector<Tensor> q, k, v, given;  // by head; empty where heads are cut out of a whole
};

// Tensors of one request that have to be read from files, all of them or none.
class Reading {
 public:
  void want(Tensor& tensor) {
    if (!tensor.at_hand()) tensors_.push_back(&tensor);
  }
  void want(std::optional<Tensor>& tensor) {
    if (tensor) want(*tensor);
  }

  [[nodiscard]] Result<void> run(Progress* progress) const {
    std::uint64_t numbers = 0;
    for (const Tensor* tensor : tensors_) numbers += tensor->size();
    if (numbers == 0) return {};
    if (numbers > tensor_memory() / sizeof(float)) {
      Error error = beyond_memory(numbers);
      error.hint = "Look at one head at a time.";
      return tl::unexpected(std::move(error));
    }
    if (progress != nullptr) progress->start(static_cast<std::size_t>(numbers));
    for (Tensor* tensor : tensors_) {
      auto read = read_tensor(*tensor, progress);
      if (!read) return tl::unexpected(std::move(read.error()));
      *tensor = std::move(*read);
    }
    return {};
  }

 private:
  std::vector<Tensor*> tensors_;
};

std::vector<Tensor> heads_of(const Tensor& tensor) {
  std::vector<Tensor> heads;
  for (std::size_t h = 0; h < tensor.shape().front(); ++h) heads.push_back(tensor.slice(h));
  return heads;
}

// Heads are read one by one where nothing needs all of them: they are not cut anew, and the score compares
// them as they are.
bool reads_by_head(const LayerFacts& facts, const Settings& settings) {
  const std::string kind = score_kind_in_force(settings.score, *facts.layer);
  const auto row = std::ranges::find(score_kinds(), kind, &ScoreKind::name);
  return row->prepare == nullptr && static_cast<std::size_t>(facts.heads) == facts.layer->heads;
}

Sources sources_of(const LayerFacts& facts, const Settings& settings) {
  Sources from{*facts.layer, {}, {}, {}, {}, {}, {}, {}};
  if (facts.has_embeddings()) {
    from.x_q = *facts.query().embeddings;
    from.x_k = *facts.key().embeddings;
    from.x_v = *facts.document->value_of(*facts.layer).embeddings;
  }
  if (const auto* qkv = std::get_if<GivenQkv>(&from.layer.origin); qkv && reads_by_head(facts, settings)) {
    from.q = heads_of(qkv->q);
    from.k = heads_of(qkv->k);
    if (qkv->v) from.v = heads_of(*qkv->v);
  }
  if (const auto* scores = std::get_if<GivenScores>(&from.layer.origin))
    from.given = heads_of(scores->scores);
  if (const auto* weights = std::get_if<GivenWeights>(&from.layer.origin))
    from.given = heads_of(weights->weights.slice(settings.batch));
  return from;
}

// Brings what is wanted to hand.
Result<void> read_sources(Sources& from, const LayerFacts& facts, const InputsWanted& wanted,
                          Progress* progress) {
  Reading reading;
  for (Tensor* x : {&from.x_q, &from.x_k, &from.x_v}) reading.want(*x);
  reading.want(from.layer.bias);
  reading.want(from.layer.mask);
  if (auto* p = std::get_if<Projections>(&from.layer.origin)) {
    for (Tensor* W : {&p->W_q, &p->W_k, &p->W_v}) reading.want(*W);
    if (wanted.output) reading.want(p->W_o);
  } else if (auto* qkv = std::get_if<GivenQkv>(&from.layer.origin)) {
    if (from.q.empty()) {
      reading.want(qkv->q);
      reading.want(qkv->k);
      reading.want(qkv->v);
    }
    if (wanted.output) reading.want(qkv->W_o);
  }
  const auto group = static_cast<std::size_t>(facts.heads / facts.kv_heads);
  std::vector<bool> key_heads(static_cast<std::size_t>(facts.kv_heads));
  for (std::size_t h = 0; h < static_cast<std::size_t>(facts.heads); ++h) {
    if (wanted.heads && std::ranges::find(*wanted.heads, static_cast<Index>(h)) == wanted.heads->end())
      continue;
    if (!from.given.empty()) reading.want(from.given[h]);
    if (!from.q.empty()) reading.want(from.q[h]);
    key_heads[h / group] = true;
  }
  for (std::size_t h = 0; h < key_heads.size(); ++h) {
    if (key_heads[h] && !from.k.empty()) reading.want(from.k[h]);
    if (key_heads[h] && !from.v.empty()) reading.want(from.v[h]);
  }
  return reading.run(progress);
}

std::vector<Matrix> matrices(const std::vector<Tensor>& heads) {
  std::vector<Matrix> result;
  for (const Tensor& head : heads) result.push_back(head.at_hand() ? to_matrix(head) : Matrix());
  return result;
}

// q, k and v with all heads side by side; v has no columns where the layer has none.
struct SideBySide {
  Matrix q, k, v;
};

SideBySide inputs_side_by_side(const LayerFacts& facts, const Sources& from, const Settings& settings,
                               const PositionKind& position, const Project& projection) {
  if (const auto* qkv = std::get_if<GivenQkv>(&from.layer.origin)) {
    return {side_by_side(qkv->q), side_by_side(qkv->k), qkv->v ? side_by_side(*qkv->v) : Matrix()};
  }
  const Sequence& values = facts.document->value_of(from.layer);
  SideBySide x{embeddings_of(from.x_q, facts.query(), settings, position),
               embeddings_of(from.x_k, facts.key(), settings, position),
               embeddings_of(from.x_v, values, settings, position)};
  const auto* p = std::get_if<Projections>(&from.layer.origin);
  if (p == nullptr) return x;
  return {projection(x.q, p->W_q, pointer(p->b_q)), projection(x.k, p->W_k, pointer(p->b_k)),
          projection(x.v, p->W_v, pointer(p->b_v))};
}

}  // namespace

bool LayerInputs::have(const InputsWanted& wanted) const {
  const Tensor* W_o = output_projection();
  if (wanted.output && W_o != nullptr && !W_o->at_hand()) return false;
  for (Index head = 0; head < heads; ++head) {
    if (wanted.heads && std::ranges::find(*wanted.heads, head) == wanted.heads->end()) continue;
    const auto h = static_cast<std::size_t>(head);
    if (origin != Origin::qkv) {
      if (!given[h].at_hand()) return false;
      continue;
    }
    // Each may stay in its file by itself.
    const std::size_t key = kv_head(head);
    if (q[h].size() == 0 || k[key].size() == 0 || (!v.empty() && v[key].size() == 0)) return false;
  }
  return true;
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
                                 const Settings& settings, const Project& projection,
                                 const InputsWanted& wanted, Progress* progress) {
  auto facts = layer_facts(*document, layer_index, settings.heads);
  if (!facts) return tl::unexpected(facts.error());
  if (auto good = check_inputs(*facts, settings); !good) return tl::unexpected(good.error());
  Sources from = sources_of(*facts, settings);
  if (auto done = read_sources(from, *facts, wanted, progress); !done)
    return tl::unexpected(in_file(std::move(done.error()), document->source));
  const bool from_files = document->stored_numbers > 0;
  LayerInputs inputs{*facts, std::move(document), {}, {}, {}, {}, {}};
  inputs.given = std::move(from.given);
  if (inputs.origin == Origin::qkv) {
    const PositionKind& position = *kind_named(position_kinds(), settings.position.kind);
    if (!from.q.empty()) {
      inputs.q = matrices(from.q);
      inputs.k = matrices(from.k);
      inputs.v = matrices(from.v);
    } else {
      const SideBySide wide = inputs_side_by_side(inputs, from, settings, position, projection);
      inputs.q = cut_heads(wide.q, inputs.heads);
      inputs.k = cut_heads(wide.k, inputs.kv_heads);
      if (wide.v.cols() > 0) inputs.v = cut_heads(wide.v, inputs.kv_heads);
    }
    if (position.on_head != nullptr) {
      const nlohmann::json& parameters = settings.position.parameters;
      const auto turn = [&](std::vector<Matrix>& heads, const Sequence& sequence) {
        for (Matrix& head : heads) {
          if (head.size() > 0) position.on_head(head, positions_of(sequence), parameters);
        }
      };
      turn(inputs.q, inputs.query());
      turn(inputs.k, inputs.key());
    }
  }
  if (from_files) {
    inputs.read = std::make_shared<const Layer>(std::move(from.layer));
    inputs.layer = inputs.read.get();
  }
  return inputs;
}

bool same_inputs(const Settings& a, const Settings& b) {
  return a.layer == b.layer && a.batch == b.batch && a.heads == b.heads &&
         a.embedding_scale == b.embedding_scale && a.position == b.position;
}

}  // namespace attn

#include "app/state/in_force.hpp"

#include <fmt/format.h>

#include "core/attention/bias.hpp"
#include "core/attention/mask.hpp"
#include "core/attention/score.hpp"
#include "core/figure/labels.hpp"

namespace attn::app {
namespace {

constexpr std::size_t kMeasured = 16;  // labels of an axis

// Heads that the layer cannot be cut into are refused before they are shown.
LayerFacts facts_of(const Document& document, std::size_t layer, const Settings& settings) {
  auto facts = layer_facts(document, layer, settings.heads);
  if (!facts) facts = layer_facts(document, layer, std::nullopt);
  return *facts;
}

// What the next count is refused for.
std::string refusal_of_heads(const LayerFacts& facts) {
  const std::size_t own = facts.layer->heads;
  const auto more = layer_facts(*facts.document, facts.index, own + 1);
  if (more) return {};
  const Error& error = more.error();
  return error.hint.empty() ? fmt::format("Only {} is {}.", own, error.expected) : error.hint;
}

std::shared_ptr<const WideLabels> wide_labels_of(const LayerFacts& facts) {
  return std::make_shared<const WideLabels>(WideLabels{widest_labels(facts.query().tokens, kMeasured),
                                                       widest_labels(facts.key().tokens, kMeasured)});
}

}  // namespace

std::shared_ptr<const InForce> in_force(std::shared_ptr<const InForce> before,
                                        const std::shared_ptr<const Document>& document,
                                        const LayerSettings& layers, std::size_t layer) {
  const bool same_tokens = before && before->document == document && before->layer == layer;
  if (same_tokens && before->layers == layers) return before;
  const Settings& settings = (*layers)[layer];
  auto now = std::make_shared<InForce>();
  now->document = document;
  now->layers = layers;
  now->layer = layer;
  now->facts = facts_of(*document, layer, settings);
  now->masks = settings.masks ? *settings.masks : default_masks(now->facts);
  now->biases = settings.bias ? *settings.bias : default_biases(now->facts);
  // A layer whose own score is refused is refused before it is shown.
  now->score = score_in_force(settings.score, now->facts).value_or(Term{"dot"});
  now->head_counts = possible_heads(*document, layer);
  if (now->head_counts.size() < 2) now->head_refusal = refusal_of_heads(now->facts);
  now->wide_labels = same_tokens ? before->wide_labels : wide_labels_of(now->facts);
  return now;
}

}  // namespace attn::app

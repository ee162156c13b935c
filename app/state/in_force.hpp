#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/attention/layer_facts.hpp"
#include "core/attention/settings.hpp"
#include "core/engine/head_sheet.hpp"

namespace attn::app {

/// A few tokens of each axis, the widest label of that axis among them.
struct WideLabels {
  std::vector<Index> queries, keys;
};

/// What holds for the layer on show: what panels and views ask in every frame, worked out once a change.
struct InForce {
  std::shared_ptr<const Document> document;  ///< what it was worked out for: these three
  LayerSettings layers;
  std::size_t layer = 0;

  LayerFacts facts;             ///< with the heads of the settings
  std::vector<MaskTerm> masks;  ///< the lists of the settings, or the document's defaults
  std::vector<Term> biases;
  Term score;  ///< of the settings, completed by the layer's own; else the layer's; else dot
  std::vector<std::size_t> head_counts;  ///< that the widths can be cut into; empty where they cannot
  std::string head_refusal;              ///< why there is no choice of them, or empty
  std::shared_ptr<const WideLabels> wide_labels;
};

/// The same as `before` where document, settings and layer are the same.
[[nodiscard]] std::shared_ptr<const InForce> in_force(std::shared_ptr<const InForce> before,
                                                      const std::shared_ptr<const Document>& document,
                                                      const LayerSettings& layers, std::size_t layer);

}  // namespace attn::app

#include "core/attention/equation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/attention/scale.hpp"

namespace attn {
namespace {

// Settings hold for all layers, so a head may be named that only another layer has; one that none has is a
// mistake.
Result<void> check_heads(const LayerFacts& facts, const Settings& settings) {
  auto heads = static_cast<std::size_t>(facts.heads);
  for (const Layer& layer : facts.document->layers) heads = std::max(heads, layer.heads);
  const auto check = [&](std::size_t head, const char* place) -> Result<void> {
    if (head < heads) return {};
    return setting_error(place, fmt::format("a head below {}", heads), std::to_string(head));
  };
  for (const std::size_t head : settings.head_gates.mute) {
    if (auto good = check(head, "/settings/head_gates/mute"); !good) return good;
  }
  for (const std::size_t head : settings.head_gates.solo) {
    if (auto good = check(head, "/settings/head_gates/solo"); !good) return good;
  }
  for (const auto& [head, gain] : settings.head_gates.gain) {
    if (auto good = check(head, "/settings/head_gates/gain"); !good) return good;
  }
  for (const auto& [head, value] : settings.temperature.heads) {
    if (auto good = check(head, "/settings/temperature/heads"); !good) return good;
  }
  return {};
}

Result<void> check_scale(const Scale& scale, const LayerFacts& facts) {
  const std::string_view reason = scale_refusal(scale, facts);
  if (reason.empty()) return {};
  return setting_error("/settings/scale",
                       facts.origin == Origin::weights ? "\"none\"" : "\"none\" or a number",
                       fmt::format("{}, but {}", json_excerpt(scale_to_json(scale)), reason));
}

Result<void> check_softcap(const Settings& settings, const LayerFacts& facts) {
  if (facts.origin != Origin::weights || settings.softcap == 0) return {};
  return setting_error("/settings/softcap", "0", fmt::format("{:g}", settings.softcap),
                       "Saved weights hold no scores to cap.");
}

Result<void> check_normalizer(const Term& normalizer, const LayerFacts& facts) {
  if (const std::string reason = normalizer_refusal(normalizer, facts); !reason.empty()) {
    return setting_error("/settings/normalizer", "a normaliser that this document can have",
                         fmt::format("\"{}\", but {}", normalizer.kind, reason));
  }
  const auto logits = normalizer.parameters.find("logits");
  const auto heads = static_cast<std::size_t>(facts.heads);
  if (logits == normalizer.parameters.end() || logits->empty() || logits->size() == heads) return {};
  return setting_error("/settings/normalizer/logits", fmt::format("{} logits, one a head", heads),
                       fmt::format("{}", logits->size()));
}

}  // namespace

std::string_view stage_refusal(Stage stage, const LayerFacts& facts) {
  if (facts.origin == Origin::weights && stage < Stage::biased) return "queries and keys, only saved weights";
  if (facts.origin == Origin::scores && stage < Stage::scores) return "queries and keys, only saved scores";
  const bool needs_values = stage == Stage::v || stage >= Stage::contributions;
  return needs_values && facts.d_v == 0 ? "values (v)" : "";
}

Result<CompiledTerms> compile_terms(const LayerFacts& facts, const Settings& settings) {
  const Scale scale = scale_in_force(settings, facts);
  for (const Result<void>& checked :
       {check_inputs(facts, settings), check_heads(facts, settings), check_scale(scale, facts),
        check_softcap(settings, facts), check_normalizer(settings.normalizer, facts)}) {
    if (!checked) return tl::unexpected(checked.error());
  }
  CompiledTerms terms;
  terms.scale = scale_factor(scale, facts);
  terms.normalizer = normalizer_named(settings.normalizer.kind);
  if (facts.origin == Origin::qkv || settings.score) {
    auto score = compile_score(settings.score, facts, settings.seed);
    if (!score) return tl::unexpected(score.error());
    terms.synthetic = score->parameters.tensors.synthetic;
    terms.score = std::move(*score);
  }
  auto biases = compile_biases(settings.bias ? *settings.bias : default_biases(facts), facts, settings.seed);
  if (!biases) return tl::unexpected(biases.error());
  terms.biases = std::move(*biases);
  for (const CompiledBias& bias : terms.biases) {
    terms.synthetic.insert(terms.synthetic.end(), bias.synthetic.begin(), bias.synthetic.end());
  }
  terms.mask_terms = settings.masks ? *settings.masks : default_masks(facts);
  auto masks = CompiledMasks::make(terms.mask_terms, facts);
  if (!masks) return tl::unexpected(masks.error());
  terms.masks = std::move(*masks);
  return terms;
}

Result<Equation> Equation::make(std::shared_ptr<const LayerInputs> inputs, Settings settings,
                                const Equation* previous) {
  auto terms = compile_terms(*inputs, settings);
  if (!terms) return tl::unexpected(terms.error());
  if (terms->score) {
    const bool same = previous != nullptr && previous->inputs_ == inputs &&
                      previous->settings_.score == settings.score &&
                      previous->settings_.seed == settings.seed;
    if (same) {
      terms->score->inputs = previous->terms_.score->inputs;
    } else {
      prepare_score(*terms->score, inputs->q, inputs->k);
    }
  }
  Equation equation;
  equation.terms_ = std::move(*terms);
  equation.inputs_ = std::move(inputs);
  equation.prepare_columns(settings.normalizer);
  equation.settings_ = std::move(settings);
  return equation;
}

bool Equation::passes_weights_through(Index head) const {
  return inputs_->origin == Origin::weights && terms_.biases.empty() && terms_.mask_terms.empty() &&
         settings_.normalizer.kind == "softmax" &&
         settings_.temperature.of(static_cast<std::size_t>(head)) == 1;
}

Result<StageShape> Equation::shape(Stage stage) const {
  const LayerInputs& in = *inputs_;
  const auto missing = [&](std::string_view what) {
    return setting_error("stage", "a stage that this document has",
                         fmt::format("\"{}\", but the layer has no {}", info(stage).name, what));
  };
  if (const std::string_view what = stage_refusal(stage, in); !what.empty()) return missing(what);
  switch (stage) {
    case Stage::q:
      return StageShape{in.heads, in.n_q, in.d_q};
    case Stage::k:
      return StageShape{in.kv_heads, in.n_k, in.d_k};
    case Stage::v:
      return StageShape{in.kv_heads, in.n_k, in.d_v};
    case Stage::context:
      return StageShape{in.heads, in.n_q, in.d_v};
    case Stage::output: {
      const Tensor* projection = in.output_projection();
      const Index width =
          projection != nullptr ? static_cast<Index>(projection->from_last(0)) : in.heads * in.d_v;
      if (projection != nullptr && static_cast<Index>(projection->shape()[0]) != in.heads * in.d_v) {
        return missing("W_o that fits these heads");
      }
      return StageShape{1, in.n_q, width};
    }
    default:
      return StageShape{in.heads, in.n_q, in.n_k};
  }
}

Index Equation::head_of_stage(Stage stage, Index head) const {
  if (stage == Stage::output) return 0;
  return stage == Stage::k || stage == Stage::v ? static_cast<Index>(inputs_->kv_head(head)) : head;
}

Band Equation::band(Stage stage, Index head, RowRange rows) const {
  const auto slice = [&](const Matrix& x) { return Band{x.middleRows(rows.begin, rows.size()), {}, {}}; };
  const auto masked = [&](Matrix values) { return Band{std::move(values), mask(head, rows), {}}; };
  switch (stage) {
    case Stage::q:
      return slice(inputs_->q[static_cast<std::size_t>(head)]);
    case Stage::k:
      return slice(inputs_->k[static_cast<std::size_t>(head)]);
    case Stage::v:
      return slice(inputs_->v[static_cast<std::size_t>(head)]);
    case Stage::scores:
      return masked(scores(head, rows));
    case Stage::scaled:
      return masked(scaled(head, rows));
    case Stage::capped:
      return masked(capped(head, rows));
    case Stage::biased:
      return masked(biased(head, rows));
    case Stage::mask: {
      MaskMatrix allowed = mask(head, rows);
      Matrix ones = allowed.cast<double>().matrix();
      return {std::move(ones), std::move(allowed), {}};
    }
    case Stage::logits:
      return logits(head, rows);
    case Stage::weights:
      return weights(head, rows);
    case Stage::dropped:
      return dropped(head, rows);
    case Stage::contributions:
      return contributions(head, rows);
    case Stage::context:
      return context(head, rows);
    case Stage::output:
      return {output(rows), {}, {}};
  }
  return {};
}

}  // namespace attn

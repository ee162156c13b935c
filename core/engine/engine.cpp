#include "core/engine/engine.hpp"

#include <chrono>

#include "core/engine/stage_array.hpp"

namespace attn {
namespace {

// The same numbers: everything but what is only drawn.
bool same_numbers(const MapRequest& a, const MapRequest& b) {
  Settings x = a.settings;
  Settings y = b.settings;
  const bool same_stage = x.view.stage == y.view.stage;
  x.view = y.view = View{};
  return same_stage && x == y && a.document == b.document && a.head == b.head;
}

std::vector<double> row_values(const Band& band) {
  return {band.values.data(), band.values.data() + band.values.size()};
}

}  // namespace

RowProbe probe_row(const Equation& equation, const HeadChoice& head, Index row) {
  const RowRange range{row, row + 1};
  RowProbe probe;
  probe.row = row;
  if (equation.shape(Stage::scores))
    probe.scores = row_values(choice_band(equation, Stage::scores, head, range));
  probe.logits = row_values(choice_band(equation, Stage::logits, head, range));
  const Band weights = choice_band(equation, Stage::weights, head, range);
  probe.weights = row_values(weights);
  probe.allowed.assign(weights.allowed.data(), weights.allowed.data() + weights.allowed.size());
  probe.flag = weights.flags.front();
  return probe;
}

Result<std::shared_ptr<const LayerInputs>> Engine::inputs_for(const MapRequest& request) {
  if (inputs_ && inputs_->owner == request.document && same_inputs(*inputs_settings_, request.settings)) {
    return inputs_;
  }
  auto inputs = layer_inputs(request.document, request.settings.layer, request.settings);
  if (!inputs) return tl::unexpected(inputs.error());
  inputs_ = std::make_shared<const LayerInputs>(std::move(*inputs));
  inputs_settings_ = request.settings;
  return inputs_;
}

MapResult Engine::answer(const MapRequest& request, Progress* progress) {
  MapResult result;
  result.revision = request.revision;
  const auto refuse = [&](const Error& error) {
    result.error = error;
    return result;
  };
  const auto start = std::chrono::steady_clock::now();
  auto inputs = inputs_for(request);
  if (!inputs) return refuse(inputs.error());
  auto equation = Equation::make(*inputs, request.settings);
  if (!equation) return refuse(equation.error());
  result.masks = equation->masks();
  result.synthetic = equation->synthetic_parameters();
  result.renormalised =
      (*inputs)->origin == Origin::weights && !equation->passes_weights_through(request.head.head);

  if (!mapped_ || !same_numbers(*mapped_, request)) {
    auto map = stage_map(*equation, request.settings.view.stage, request.head, threads_, progress);
    if (!map) return refuse(map.error());
    map_ = std::move(*map);
    mapped_ = request;
    result.milliseconds =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  }
  result.map = map_;
  if (request.probe_row && *request.probe_row < (*inputs)->n_q) {
    result.probe = std::make_shared<const RowProbe>(probe_row(*equation, request.head, *request.probe_row));
  }
  return result;
}

}  // namespace attn

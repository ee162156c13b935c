#include "core/engine/engine.hpp"

#include <chrono>
#include <new>

#include "core/base/out_of_memory.hpp"
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

// A knob changes the saved weights of the head, or of any head that is joined.
bool renormalises(const Equation& equation, const HeadChoice& choice) {
  if (choice.join == HeadChoice::Join::none) return !equation.passes_weights_through(choice.head);
  for (Index head = 0; head < equation.inputs().heads; ++head) {
    if (!equation.passes_weights_through(head)) return true;
  }
  return false;
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
  const MaskMatrix allowed = shown_allowed(equation, Stage::weights, head, range, weights);
  probe.allowed.assign(allowed.data(), allowed.data() + allowed.size());
  probe.flag = weights.flags.front();
  return probe;
}

Result<void> Engine::prepare(const MapRequest& request, Progress* progress, MapResult& result) {
  if (mapped_ && same_numbers(*mapped_, request)) return {};
  const auto start = std::chrono::steady_clock::now();
  mapped_.reset();
  if (auto good = graph_.set(request.document, request.settings, progress); !good) return good;
  auto map = graph_.map(request.settings.view.stage, request.head, progress);
  if (!map) return tl::unexpected(map.error());
  map_ = std::move(*map);
  trace_ = std::make_shared<const Trace>(graph_.trace());
  mapped_ = request;
  result.milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return {};
}

MapResult Engine::answer(const MapRequest& request, Progress* progress) {
  MapResult result;
  result.revision = request.revision;
  try {
    if (auto done = prepare(request, progress, result); !done) {
      result.error = done.error();
      return result;
    }
    const Equation& equation = graph_.equation();
    const LayerInputs& inputs = equation.inputs();
    result.map = map_;
    result.trace = trace_;
    result.masks = equation.masks();
    result.synthetic = equation.synthetic_parameters();
    result.renormalised = inputs.origin == Origin::weights && renormalises(equation, request.head);
    if (request.probe_row && *request.probe_row < inputs.n_q) {
      result.probe = std::make_shared<const RowProbe>(probe_row(equation, request.head, *request.probe_row));
    }
  } catch (const std::bad_alloc&) {
    result.error = out_of_memory("a map", "Look at one head, or at fewer tokens.");
  }
  return result;
}

}  // namespace attn

#include "core/engine/stage_graph.hpp"

#include <chrono>

#include <fmt/format.h>

#include "core/engine/products.hpp"
#include "core/kernels/isa.hpp"

namespace attn {
namespace {

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

std::string trace_table(const Trace& trace) {
  std::string table;
  for (const TraceStep& step : trace) {
    table += fmt::format("{:<10} {:>10.3f} ms  {:<9} {}\n", step.name, step.milliseconds,
                         step.reused ? "kept" : "computed", step.detail);
  }
  return table;
}

StageGraph::StageGraph(std::size_t threads, Precision precision, std::size_t score_budget)
    : threads_(threads), precision_(precision), fast_(score_budget) {}

Result<void> StageGraph::set(const std::shared_ptr<const Document>& document, const Settings& settings) {
  steps_.clear();
  auto start = std::chrono::steady_clock::now();
  const bool kept = inputs_ && inputs_->owner == document && same_inputs(*inputs_settings_, settings);
  if (!kept) {
    const Project projection =
        precision_ == Precision::kernels ? projection_by_kernels(threads_) : Project(project);
    auto inputs = layer_inputs(document, settings.layer, settings, projection);
    if (!inputs) return tl::unexpected(inputs.error());
    inputs_ = std::make_shared<const LayerInputs>(std::move(*inputs));
    inputs_settings_ = settings;
  }
  steps_.push_back({"inputs", milliseconds_since(start), kept, fmt::format("{} heads", inputs_->heads)});
  start = std::chrono::steady_clock::now();
  auto equation = Equation::make(inputs_, settings, equation_ ? &*equation_ : nullptr);
  if (!equation) return tl::unexpected(equation.error());
  const bool prepared = equation_ && equation_->terms().score && equation->terms().score &&
                        equation_->terms().score->inputs == equation->terms().score->inputs;
  equation_ = std::move(*equation);
  steps_.push_back(
      {"terms", milliseconds_since(start), prepared, "queries and keys as the score compares them"});
  fast_.use(*equation_);
  return {};
}

Result<std::shared_ptr<const StageMap>> StageGraph::map(Stage stage, const HeadChoice& head,
                                                        Progress* progress) {
  const auto start = std::chrono::steady_clock::now();
  auto map = stage_map(*equation_, stage, head, threads_, progress, fast());
  const bool by_kernels = fast() != nullptr && equation_->shape(stage) && fast_.serves(stage);
  steps_.push_back({std::string(info(stage).name), milliseconds_since(start), false,
                    fmt::format("a map of head {} on {} threads, {}", to_text(head), threads_,
                                by_kernels ? kernels::name(kernels::selected()) : "in double")});
  return map;
}

Result<StageArray> StageGraph::array(Stage stage, const std::optional<HeadChoice>& choice) {
  const auto start = std::chrono::steady_clock::now();
  auto array = stage_array(*equation_, stage, choice, threads_, fast());
  const bool by_kernels = fast() != nullptr && equation_->shape(stage) && fast_.serves(stage);
  steps_.push_back(
      {std::string(info(stage).name), milliseconds_since(start), false,
       fmt::format("an array of {} on {} threads, {}", choice ? "head " + to_text(*choice) : "all heads",
                   threads_, by_kernels ? kernels::name(kernels::selected()) : "in double")});
  return array;
}

Trace StageGraph::trace() const {
  Trace trace = steps_;
  const Trace inner = fast_.trace();
  trace.insert(trace.begin() + std::min<std::ptrdiff_t>(2, std::ssize(trace)), inner.begin(), inner.end());
  return trace;
}

}  // namespace attn

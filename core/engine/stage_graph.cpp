#include "core/engine/stage_graph.hpp"

#include <chrono>

#include <fmt/format.h>

#include "core/engine/fast_heads.hpp"
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

Result<void> StageGraph::make_inputs(const std::shared_ptr<const Document>& document,
                                     const Settings& settings, const InputsWanted& wanted,
                                     Progress* progress) {
  const Project projection =
      precision_ == Precision::kernels ? projection_by_kernels(threads_) : Project(project);
  auto inputs = layer_inputs(document, settings.layer, settings, projection, wanted, progress);
  if (!inputs) return tl::unexpected(inputs.error());
  inputs_ = std::make_shared<const LayerInputs>(std::move(*inputs));
  inputs_settings_ = settings;
  return {};
}

Result<void> StageGraph::make_equation(const Settings& settings) {
  auto equation = Equation::make(inputs_, settings, equation_ ? &*equation_ : nullptr);
  if (!equation) return tl::unexpected(equation.error());
  equation_ = std::move(*equation);
  fast_.use(*equation_);
  return {};
}

Result<void> StageGraph::set(const std::shared_ptr<const Document>& document, const Settings& settings,
                             Progress* progress) {
  steps_.clear();
  auto start = std::chrono::steady_clock::now();
  const bool kept = inputs_ && inputs_->owner == document && same_inputs(*inputs_settings_, settings);
  if (!kept) {
    const InputsWanted none{std::vector<Index>(), false};
    if (auto made = make_inputs(document, settings, none, progress); !made) return made;
  }
  steps_.push_back({"inputs", milliseconds_since(start), kept, fmt::format("{} heads", inputs_->heads)});
  start = std::chrono::steady_clock::now();
  const auto before = equation_ && equation_->terms().score ? equation_->terms().score->inputs : nullptr;
  if (auto made = make_equation(settings); !made) return made;
  const bool prepared = before && equation_->terms().score && equation_->terms().score->inputs == before;
  steps_.push_back(
      {"terms", milliseconds_since(start), prepared, "queries and keys as the score compares them"});
  return {};
}

Result<void> StageGraph::read(Stage stage, const std::optional<HeadChoice>& choice, Progress* progress) {
  InputsWanted wanted{std::nullopt, stage == Stage::output};
  if (choice && choice->join == HeadChoice::Join::none && stage != Stage::output)
    wanted.heads = std::vector{choice->head};
  if (inputs_->have(wanted)) return {};
  const auto start = std::chrono::steady_clock::now();
  const auto document = inputs_->owner;
  const Settings settings = equation_->settings();
  if (auto made = make_inputs(document, settings, wanted, progress); !made) return made;
  if (auto made = make_equation(settings); !made) return made;
  steps_.push_back(
      {"file", milliseconds_since(start), false,
       fmt::format("{} out of {}", choice ? "head " + to_text(*choice) : "all heads", document->source)});
  return {};
}

Result<std::shared_ptr<const StageMap>> StageGraph::map(Stage stage, const HeadChoice& head,
                                                        Progress* progress) {
  const auto start = std::chrono::steady_clock::now();
  if (auto done = read(stage, head, progress); !done) return tl::unexpected(std::move(done.error()));
  auto map = stage_map(*equation_, stage, head, threads_, progress, fast());
  const bool by_kernels = map && fast() != nullptr && serves(fast_, stage, head);
  steps_.push_back({std::string(info(stage).name), milliseconds_since(start), false,
                    fmt::format("a map of head {} on {} threads, {}", to_text(head), threads_,
                                by_kernels ? kernels::name(kernels::selected()) : "in double")});
  return map;
}

Result<StageArray> StageGraph::array(Stage stage, const std::optional<HeadChoice>& choice,
                                     Progress* progress) {
  const auto start = std::chrono::steady_clock::now();
  if (auto done = read(stage, choice, progress); !done) return tl::unexpected(std::move(done.error()));
  auto array = stage_array(*equation_, stage, choice, threads_, fast());
  const bool by_kernels = array && fast() != nullptr && serves(fast_, stage, choice);
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

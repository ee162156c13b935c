#include "tests/bench/problem.hpp"

#include <cmath>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "core/attention/equation.hpp"
#include "core/base/parallel.hpp"
#include "core/engine/stage_array.hpp"
#include "tests/support/random.hpp"

namespace attn::bench {
namespace {

std::vector<float> random_numbers(support::Random& random, std::size_t count, double spread = 1) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(spread * random.normal());
  return values;
}

Problem blank_problem(support::Random& random, std::size_t heads, std::size_t n, std::size_t d) {
  Problem problem;
  problem.heads = heads;
  problem.n = n;
  problem.d = d;
  problem.q = random_numbers(random, heads * n * d);
  problem.k = random_numbers(random, heads * n * d);
  return problem;
}

// The value, or an end of the program: what is refused here is our own mistake.
template <class T>
T expect(Result<T> result) {
  if (!result) throw std::runtime_error(describe(result.error()));
  return std::move(*result);
}

}  // namespace

float Problem::scale() const {
  return hidden > 0 ? 1.0f : 1 / std::sqrt(static_cast<float>(d));
}

Problem dot_problem(std::size_t heads, std::size_t n, std::size_t d, bool causal) {
  support::Random random(1);
  Problem problem = blank_problem(random, heads, n, d);
  problem.causal = causal;
  return problem;
}

Problem additive_problem(std::size_t heads, std::size_t n, std::size_t d, std::size_t hidden) {
  support::Random random(2);
  Problem problem = blank_problem(random, heads, n, d);
  problem.hidden = hidden;
  const double spread = 1 / std::sqrt(static_cast<double>(d));
  problem.W_1 = random_numbers(random, hidden * d, spread);
  problem.W_2 = random_numbers(random, hidden * d, spread);
  problem.v = random_numbers(random, hidden);
  return problem;
}

std::shared_ptr<const Document> document_of(const Problem& problem) {
  auto document = std::make_shared<Document>();
  document->title = "benchmark";
  document->source = "made by the benchmark";
  document->sequences.emplace_back().name = "tokens";
  for (std::size_t i = 0; i < problem.n; ++i)
    document->sequences.front().tokens.push_back("t" + std::to_string(i));
  Layer& layer = document->layers.emplace_back();
  layer.heads = layer.kv_heads = problem.heads;
  const std::vector<std::size_t> shape{problem.heads, problem.n, problem.d};
  layer.origin = GivenQkv{{shape, problem.q}, {shape, problem.k}, {}, {}, {}};
  if (problem.hidden > 0) {
    LayerScore& score = layer.score.emplace();
    score.kind = "additive";
    score.tensors = {{"W_1", {{problem.hidden, problem.d}, problem.W_1}},
                     {"W_2", {{problem.hidden, problem.d}, problem.W_2}},
                     {"v", {{problem.hidden}, problem.v}}};
  }
  return document;
}

Settings settings_of(const Problem& problem) {
  SettingsStack stack;
  stack.window["masks"] = nlohmann::json::array();
  if (problem.causal) stack.window["masks"].push_back({{"kind", "causal"}});
  if (problem.hidden > 0) stack.window["scale"] = "none";
  return expect(resolve_settings(*document_of(problem), 0, stack));
}

std::vector<double> reference_weights(const Problem& problem) {
  const Settings settings = settings_of(problem);
  auto inputs = expect(layer_inputs(document_of(problem), 0, settings));
  const auto shared = std::make_shared<const LayerInputs>(std::move(inputs));
  const Equation equation = expect(Equation::make(shared, settings));
  std::vector<double> weights(problem.cells());
  const Index bands = (static_cast<Index>(problem.n) + kBandRows - 1) / kBandRows;
  parallel_for(problem.heads * static_cast<std::size_t>(bands), default_threads(), [&](std::size_t item) {
    const Index head = static_cast<Index>(item) / bands;
    const Index begin = static_cast<Index>(item) % bands * kBandRows;
    const Index n = static_cast<Index>(problem.n);
    const Band band = equation.band(Stage::weights, head, {begin, std::min(begin + kBandRows, n)});
    std::copy_n(band.values.data(), band.values.size(), weights.data() + (head * n + begin) * n);
  });
  return weights;
}

const Solved& Problems::twelve_heads(bool causal) {
  auto& solved = solved_[causal ? 1 : 0];
  if (!solved) {
    Problem problem = dot_problem(12, 1024, 64, causal);
    auto weights = reference_weights(problem);
    solved = std::make_unique<const Solved>(Solved{std::move(problem), std::move(weights)});
  }
  return *solved;
}

}  // namespace attn::bench

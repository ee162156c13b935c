// Row 8: a person drags the temperature.
#include <fmt/format.h>

#include "tests/bench/contest.hpp"
#include "tests/bench/ours.hpp"
#include "tests/bench/problem.hpp"
#include "tests/bench/rows.hpp"
#include "tests/bench/torch.hpp"

namespace attn::bench {
namespace {

constexpr double kMilliseconds = 1e3;
constexpr double kFrame = 16;  // milliseconds

struct Shown {
  const char* words;
  HeadChoice head;
  int torch_head;
};
constexpr Shown kShown[] = {{"the mean of 12 heads", {HeadChoice::Join::mean, 0}, -1},
                            {"one head", {HeadChoice::Join::none, 3}, 3}};

// Never twice the same, and the first is 1: what the reference has.
std::vector<double> temperatures() {
  std::vector<double> turns;
  for (int i = 0; i < 997; ++i) turns.push_back(1 + 0.001 * i);
  return turns;
}

std::vector<double> reference_map(const Solved& solved, const HeadChoice& head) {
  const std::size_t cells = solved.problem.n * solved.problem.n;
  const auto* first = solved.weights.data();
  if (head.join == HeadChoice::Join::none) {
    first += static_cast<std::size_t>(head.head) * cells;
    return {first, first + cells};
  }
  std::vector<double> mean(cells);
  for (std::size_t i = 0; i < solved.weights.size(); ++i)
    mean[i % cells] += solved.weights[i] / static_cast<double>(solved.problem.heads);
  return mean;
}

// How long each of many turns takes, when nothing else runs.
Line latencies(const Bench& bench, OurDrag& drag, const std::string& work) {
  std::vector<double> milliseconds, frames;
  const auto turns = temperatures();
  const std::size_t count = bench.options.quick ? 60 : 400;
  for (std::size_t i = 1; i <= count; ++i) milliseconds.push_back(kMilliseconds * drag.turn(turns[i]));
  const double slowest = percentile(milliseconds, 0.99);
  for (const double each : milliseconds) frames.push_back(each / kFrame);
  return {"8",
          work + ", p99",
          "a frame of 16 ms",
          slowest,
          kFrame,
          "ms",
          {slowest / kFrame, percentile(frames, 0.1), percentile(frames, 0.9)},
          count,
          Target{Target::Sense::at_most, 1},
          fmt::format("p50 {:.2f} ms, p99 {:.2f} ms", percentile(milliseconds, 0.5), slowest)};
}

}  // namespace

void run_drag(const Bench& bench) {
  const Solved& solved = bench.problems.twelve_heads(true);
  for (const Shown& shown : kShown) {
    const auto drag = std::make_shared<OurDrag>(solved.problem, shown.head, bench.options.threads);
    const std::string work = fmt::format("temperature drag, 12 × 1024 causal, {}", shown.words);
    bench.add(latencies(bench, *drag, work));
    if (bench.torch == nullptr) {
      bench.skip({"8", "torch is not here"});
      continue;
    }
    const auto turns = temperatures();
    const Contestant ours{
        "attnscope",
        [drag, turns, turn = std::size_t{0}]() mutable { return drag->turn(turns[++turn % turns.size()]); },
        [drag] {
          static_cast<void>(drag->turn(1));
          return drag->shown();
        }};
    const auto reference = reference_map(solved, shown.head);
    compete(bench, {"8", work, Target{Target::Sense::at_least, 20}, &reference}, ours,
            bench.torch->drag(solved.problem, shown.torch_head, turns));
  }
}

}  // namespace attn::bench

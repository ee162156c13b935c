// Rows 1 to 7: weights of whole layers.
#include <fmt/format.h>

#include "tests/bench/contest.hpp"
#include "tests/bench/fma_loop.hpp"
#include "tests/bench/ours.hpp"
#include "tests/bench/peer_library.hpp"
#include "tests/bench/problem.hpp"
#include "tests/bench/rows.hpp"
#include "tests/bench/torch.hpp"

namespace attn::bench {
namespace {

using Sense = Target::Sense;

const char* words_of(const Problem& problem) {
  return problem.causal ? "causal weights, 12 × 1024" : "full weights, 12 × 1024";
}

struct LibraryRow {
  const char* row;
  const char* library;
  const char* name;
  double full, causal;  ///< targets; 0: none
};

void compete_with_library(const Bench& bench, const LibraryRow& row) {
  for (const bool causal : {false, true}) {
    const Solved& solved = bench.problems.twelve_heads(causal);
    // The problems live as long as the run.
    const std::shared_ptr<const Problem> problem(std::shared_ptr<void>(), &solved.problem);
    const auto ways = library_ways(bench.options.peer_libraries / row.library, row.name, problem);
    if (ways.empty()) {
      bench.skip({row.row, fmt::format("{} is not here", row.name)});
      return;
    }
    const double target = causal ? row.causal : row.full;
    compete(bench,
            {row.row, fmt::format("{}, 1 thread", words_of(*problem)),
             target > 0 ? std::optional(Target{Sense::at_least, target}) : std::nullopt, &solved.weights},
            our_weights(*problem, 1, Clock::thread), ways);
  }
}

}  // namespace

void run_torch_weights(const Bench& bench) {
  if (bench.torch == nullptr) return bench.skip({"1", "torch is not here"});
  for (const bool causal : {false, true}) {
    const Solved& solved = bench.problems.twelve_heads(causal);
    compete(bench,
            {"1", fmt::format("{}, {} threads", words_of(solved.problem), bench.options.threads),
             Target{Sense::at_least, causal ? 12.0 : 7.0}, &solved.weights},
            our_weights(solved.problem, bench.options.threads), bench.torch->weights(solved.problem));
  }
}

void run_eigen_native(const Bench& bench) {
  compete_with_library(bench, {"2", "eigen_native.so", "Eigen -O3 -march=native", 1.6, 3});
}

void run_eigen_distributed(const Bench& bench) {
  compete_with_library(bench, {"3", "eigen_distributed.so", "Eigen -O3", 8, 0});
}

void run_onednn(const Bench& bench) {
  compete_with_library(bench, {"4", "onednn.so", "oneDNN", 1.8, 3});
}

void run_share_of_peak(const Bench& bench) {
  const std::string isa = our_instruction_set();
  const Problem& problem = bench.problems.twelve_heads(false).problem;
  const double operations = 2.0 * static_cast<double>(problem.cells() * problem.d);
  if (fma_seconds(isa, operations) == 0)
    return bench.skip({"5", fmt::format("no loop for the instruction set {}", isa)});
  const Contestant loop{"a pure FMA loop, " + isa, [&] { return fma_seconds(isa, operations); }, {}};
  const Pairs pairs = alternate(bench, our_weights(problem, 1, Clock::thread), loop);
  const double loop_seconds = percentile(pairs.theirs, 0.5);
  constexpr double kMilliseconds = 1e3, kGiga = 1e9;
  bench.add({"5", "share of the peak: full weights, 12 × 1024, 1 thread", loop.name,
             kMilliseconds * percentile(pairs.ours, 0.5), kMilliseconds * loop_seconds, "ms",
             pairs.ratio(Ratio::theirs_by_ours), pairs.ours.size(), Target{Sense::at_least, 0.75},
             fmt::format("peak {:.1f} GFLOP/s", operations / loop_seconds / kGiga)});
}

void run_two_threads(const Bench& bench) {
  for (const bool causal : {false, true}) {
    const Problem& problem = bench.problems.twelve_heads(causal).problem;
    Contestant alone = our_weights(problem, 1);
    alone.name = "itself with 1 thread";
    compete(bench,
            {"6", fmt::format("{}, 2 threads", words_of(problem)), Target{Sense::at_least, 1.9}, nullptr},
            our_weights(problem, 2), {alone});
  }
}

void run_additive(const Bench& bench) {
  if (bench.torch == nullptr) return bench.skip({"7", "torch is not here"});
  const Problem problem = additive_problem(8, 512, 64, 64);
  const auto reference = reference_weights(problem);
  compete(bench,
          {"7", fmt::format("additive score and softmax, 8 × 512, a 64, {} threads", bench.options.threads),
           Target{Sense::at_least, 4}, &reference},
          our_weights(problem, bench.options.threads), bench.torch->weights(problem));
}

}  // namespace attn::bench

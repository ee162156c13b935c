#pragma once

#include <chrono>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/bench.hpp"

namespace attn::bench {

/// One side of a comparison.
struct Contestant {
  std::string name;
  std::function<double()> run;                 ///< does the work once: its cost, in seconds
  std::function<std::vector<float>()> output;  ///< what the work came to; empty where it is no numbers
};

/// Seconds that `work` takes.
template <class Work>
[[nodiscard]] double seconds_of(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Processor time of this thread that `work` takes, in seconds: where both sides use one thread, time that
/// the system gives to other programs is nobody's cost.
template <class Work>
[[nodiscard]] double thread_seconds_of(const Work& work) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const double start = now();
  work();
  return now() - start;
}

/// How the ratio of a pair is made.
enum class Ratio { theirs_by_ours, ours_by_theirs };

/// Costs of both sides, pair by pair.
struct Pairs {
  std::vector<double> ours, theirs;

  [[nodiscard]] Spread ratio(Ratio ratio) const;
};

/// The two sides take turns, after one run each that does not count.
[[nodiscard]] Pairs alternate(const Bench& bench, const Contestant& ours, const Contestant& theirs);

/// The median cost of a few runs.
[[nodiscard]] double trial(const Contestant& contestant);

/// The largest error of `output` against `reference`, in units of the tolerance 3e-5 · |reference| + 1e-7;
/// infinite where the sizes differ. Float32 dot products of width 64 stay well below 1.
[[nodiscard]] double error_of(const std::vector<float>& output, const std::vector<double>& reference);

/// What the lines of one comparison have in common.
struct Subject {
  std::string row;
  std::string work;
  std::optional<Target> target;
  const std::vector<double>* reference = nullptr;  ///< what every output has to agree with
};

/// Our side against the peer's ways to do the work: `idioms[0]`, the common one, and the fastest, which a
/// short trial finds. A side whose numbers are wrong is not timed, and is named.
void compete(const Bench& bench, const Subject& subject, const Contestant& ours,
             const std::vector<Contestant>& idioms);

}  // namespace attn::bench

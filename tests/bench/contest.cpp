#include "tests/bench/contest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace attn::bench {
namespace {

constexpr std::size_t kMostRounds = 101;
constexpr std::size_t kTrials = 5;
constexpr double kLongTrial = 0.2;  // seconds: from here on, one run says enough
constexpr double kRelative = 3e-5, kAbsolute = 1e-7;

// Runs once and looks at the numbers.
bool is_right(const Bench& bench, const Subject& subject, const Contestant& contestant) {
  static_cast<void>(contestant.run());
  if (subject.reference == nullptr) return true;
  const double error = error_of(contestant.output(), *subject.reference);
  if (error <= 1) return true;
  bench.skip({subject.row, fmt::format("{}, {}: the numbers are wrong, {:.3g} times the tolerance",
                                       subject.work, contestant.name, error)});
  return false;
}

}  // namespace

double trial(const Contestant& contestant) {
  std::vector<double> seconds{contestant.run()};
  while (seconds.size() < kTrials && seconds.front() < kLongTrial) seconds.push_back(contestant.run());
  return percentile(std::move(seconds), 0.5);
}

Spread Pairs::ratio(Ratio ratio) const {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ratios.push_back(ratio == Ratio::theirs_by_ours ? theirs[i] / ours[i] : ours[i] / theirs[i]);
  }
  return spread_of(ratios);
}

Pairs alternate(const Bench& bench, const Contestant& ours, const Contestant& theirs) {
  static_cast<void>(ours.run());
  static_cast<void>(theirs.run());
  Pairs pairs;
  const auto start = std::chrono::steady_clock::now();
  const auto goes_on = [&] {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    return pairs.ours.size() < bench.least_rounds() ||
           (spent.count() < bench.seconds_a_contest() && pairs.ours.size() < kMostRounds);
  };
  while (goes_on()) {
    pairs.ours.push_back(ours.run());
    pairs.theirs.push_back(theirs.run());
  }
  return pairs;
}

double error_of(const std::vector<float>& output, const std::vector<double>& reference) {
  if (output.size() != reference.size()) return std::numeric_limits<double>::infinity();
  double worst = 0;
  for (std::size_t i = 0; i < output.size(); ++i) {
    const double error = std::abs(static_cast<double>(output[i]) - reference[i]);
    const double share = error / (kRelative * std::abs(reference[i]) + kAbsolute);
    if (!(share <= worst)) worst = std::isnan(share) ? std::numeric_limits<double>::infinity() : share;
  }
  return worst;
}

void compete(const Bench& bench, const Subject& subject, const Contestant& ours,
             const std::vector<Contestant>& idioms) {
  if (!is_right(bench, subject, ours)) return;
  std::vector<std::pair<double, const Contestant*>> right;
  for (const Contestant& idiom : idioms) {
    if (is_right(bench, subject, idiom)) right.emplace_back(trial(idiom), &idiom);
  }
  if (right.empty()) return;
  const Contestant* best = std::min_element(right.begin(), right.end())->second;
  std::vector<const Contestant*> peers{right.front().second};
  if (best != peers.front()) peers.push_back(best);
  for (const Contestant* peer : peers) {
    const Pairs pairs = alternate(bench, ours, *peer);
    constexpr double kMilliseconds = 1e3;
    bench.add({subject.row, subject.work, peer->name, kMilliseconds * percentile(pairs.ours, 0.5),
               kMilliseconds * percentile(pairs.theirs, 0.5), "ms", pairs.ratio(Ratio::theirs_by_ours),
               pairs.ours.size(), subject.target,
               peers.size() == 1 ? ""
               : peer == best    ? "its fastest way"
                                 : "its common way"});
  }
}

}  // namespace attn::bench

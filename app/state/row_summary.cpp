#include "app/state/row_summary.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace attn::app {
namespace {

constexpr std::size_t kShownKeys = 8;

std::vector<std::size_t> heaviest_keys(const std::vector<double>& weights) {
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // A NaN is as light as can be: the order stays one.
  const auto weight = [&](std::size_t key) { return std::isnan(weights[key]) ? -HUGE_VAL : weights[key]; };
  const auto heavier = [&](std::size_t a, std::size_t b) {
    return weight(a) != weight(b) ? weight(a) > weight(b) : a < b;
  };
  const std::size_t shown = std::min(kShownKeys, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(), heavier);
  order.resize(shown);
  return order;
}

double entropy(const std::vector<double>& weights) {
  double sum = 0;
  for (const double p : weights) sum -= p > 0 ? p * std::log(p) : 0;
  return sum;
}

RowSummary summary_of(const std::shared_ptr<const RowProbe>& probe) {
  const std::vector<double>& weights = probe->weights;
  RowSummary summary;
  summary.of = probe;
  summary.heaviest = heaviest_keys(weights);
  summary.sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  summary.entropy = entropy(weights);
  summary.allowed = static_cast<std::size_t>(std::count(probe->allowed.begin(), probe->allowed.end(), true));
  return summary;
}

}  // namespace

RowSummary row_summary(RowSummary before, const std::shared_ptr<const RowProbe>& probe,
                       std::optional<Index> column) {
  if (!probe) return {};
  RowSummary summary = before.of == probe ? std::move(before) : summary_of(probe);
  if (column && *column >= static_cast<Index>(probe->weights.size())) column.reset();
  if (summary.column == column) return summary;
  summary.column = column;
  if (!column) return summary;
  const double own = probe->weights[static_cast<std::size_t>(*column)];
  const auto heavier = std::ranges::count_if(probe->weights, [&](double weight) { return weight > own; });
  summary.rank = static_cast<std::size_t>(heavier) + 1;
  return summary;
}

}  // namespace attn::app

#include "core/document/weight_counts.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn {
namespace {

constexpr std::size_t kNameCharacters = 40;
constexpr double kRowSumTolerance = 1e-2;  // weights that were saved as f16 stay well within

}  // namespace

void WeightCounts::add(std::span<const float> values, std::size_t n_k) {
  for (; !values.empty(); values = values.subspan(n_k), ++rows_) {
    double sum = 0;
    for (const float weight : values.first(n_k)) {
      sum += static_cast<double>(weight);
      if (weight < 0 || weight > 1) ++outside_;
    }
    // A row of zeros has no allowed key; NaN is odd.
    if (sum == 0 || std::abs(sum - 1) <= kRowSumTolerance) continue;
    if (odd_++ > 0) continue;
    first_ = rows_;
    first_sum_ = sum;
  }
}

std::optional<Note> WeightCounts::odd_weights(const std::string& place) const {
  if (outside_ == 0) return std::nullopt;
  return Note{Note::Kind::warning, place,
              fmt::format("{} weight(s) are outside 0 to 1; are these scores?", grouped(outside_))};
}

std::optional<Note> WeightCounts::odd_rows(const Layer& layer, const std::string& place) const {
  if (odd_ == 0) return std::nullopt;
  const auto& weights = std::get<GivenWeights>(layer.origin).weights;
  const std::size_t n_q = weights.from_last(1);
  const std::string batch =
      weights.shape().front() > 1 ? fmt::format("batch {}, ", first_ / (n_q * layer.heads)) : "";
  return Note{Note::Kind::warning, place,
              fmt::format("{}: {} of {} rows do not sum to 1; the first is {}head {}, row {}: {:.6g}.",
                          shorten_middle(layer.name, kNameCharacters), grouped(odd_), grouped(rows_), batch,
                          first_ / n_q % layer.heads, first_ % n_q, first_sum_)};
}

}  // namespace attn

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "core/document/document.hpp"

namespace attn {

/// What looks wrong in given weights, counted in one pass over their rows, piece by piece.
class WeightCounts {
 public:
  /// The next rows, whole ones, `n_k` weights each.
  void add(std::span<const float> values, std::size_t n_k);

  /// A warning at `place` where weights are outside 0 to 1.
  [[nodiscard]] std::optional<Note> odd_weights(const std::string& place) const;
  /// A warning at `place` where rows do not sum to 1 (rows of zeros apart): how many, and which is the first
  /// of the layer's, all of which were added.
  [[nodiscard]] std::optional<Note> odd_rows(const Layer& layer, const std::string& place) const;

 private:
  std::size_t outside_ = 0;  // weights
  std::size_t rows_ = 0;
  std::size_t odd_ = 0;  // rows
  std::size_t first_ = 0;
  double first_sum_ = 0;
};

}  // namespace attn

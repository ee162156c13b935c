#pragma once

#include <span>
#include <vector>

#include "core/attention/equation.hpp"
#include "core/kernels/matrix.hpp"

namespace attn {

/// What one head's scores are made of, in float32.
struct PackedHead {
  Buffer<float> q;  ///< n_q × step
  std::size_t step = 0;
  kernels::Pair pair = kernels::Pair::dot;
  std::shared_ptr<const kernels::Packed<float>> k;  ///< shared by the query heads of a group
};

/// Queries and keys of the equation's score, prepared and packed, a head at a time; kept while score, seed
/// and inputs stay.
class PackedHeads {
 public:
  /// Forgets what was packed for other queries and keys. True if it did.
  bool use(const Equation& equation);
  /// Packs those of `heads` that are not packed yet.
  void open(const Equation& equation, std::span<const Index> heads, std::size_t threads);
  [[nodiscard]] const PackedHead& of(Index head) const { return heads_[static_cast<std::size_t>(head)]; }

 private:
  [[nodiscard]] std::size_t key_head(const Equation& equation, Index head) const;

  std::shared_ptr<const ScoreInputs> key_;
  std::vector<PackedHead> heads_;
  std::vector<std::shared_ptr<const kernels::Packed<float>>> keys_;
};

}  // namespace attn

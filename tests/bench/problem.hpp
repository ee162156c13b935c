#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/attention/settings.hpp"
#include "core/document/document.hpp"

namespace attn::bench {

/// Scores to be computed: random q and k of one layer, and what stands between them.
struct Problem {
  std::size_t heads = 0, n = 0, d = 0;
  bool causal = false;
  std::vector<float> q, k;         ///< heads × n × d
  std::size_t hidden = 0;          ///< of the additive score; 0: dot products, scaled by 1/√d
  std::vector<float> W_1, W_2, v;  ///< hidden × d, hidden × d, hidden

  [[nodiscard]] std::size_t cells() const { return heads * n * n; }
  [[nodiscard]] float scale() const;
};

[[nodiscard]] Problem dot_problem(std::size_t heads, std::size_t n, std::size_t d, bool causal);
[[nodiscard]] Problem additive_problem(std::size_t heads, std::size_t n, std::size_t d, std::size_t hidden);

/// The same as a person's document, and the settings that ask for it.
[[nodiscard]] std::shared_ptr<const Document> document_of(const Problem& problem);
[[nodiscard]] Settings settings_of(const Problem& problem);

/// Weights of all heads, heads × n × n, by the equation in double: the judge of both sides.
[[nodiscard]] std::vector<double> reference_weights(const Problem& problem);

/// A problem and its answer.
struct Solved {
  Problem problem;
  std::vector<double> weights;
};

/// 12 heads × 1024 tokens, 64 wide, full and causal: made when they are first asked for.
class Problems {
 public:
  [[nodiscard]] const Solved& twelve_heads(bool causal);

 private:
  std::unique_ptr<const Solved> solved_[2];
};

}  // namespace attn::bench

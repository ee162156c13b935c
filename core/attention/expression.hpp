#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "core/attention/layer_facts.hpp"
#include "core/base/error.hpp"
#include "core/base/matrix.hpp"

namespace attn {

inline constexpr std::size_t kMaxExpressionLength = 1000;

/// The language of mask and bias expressions, for help texts.
inline constexpr const char* kExpressionLanguage =
    "numbers; q k h n_q n_k seg_q seg_k (indices from 0); + - * / % ^; < <= > >= == !=; && || !; a ? b : c; "
    "( ); abs floor mod min max sqrt exp ln sin cos tanh sign rint. a % b has the sign of a, mod(a, b) that "
    "of b.";

/// A formula of a cell's head h, query q and key k, compiled once. May be evaluated from many threads.
class Expression {
 public:
  /// Errors: setting, with the character where the formula stops making sense.
  [[nodiscard]] static Result<Expression> compile(const std::string& text, const std::string& place);

  [[nodiscard]] bool uses_segments() const;

  /// What stays the same along a row.
  struct Row {
    Index head = 0, query = 0;
    Index n_q = 0, n_k = 0;
    double query_segment = 0;
  };
  /// The values at keys 0 … values.size() − 1; `key_segments` is as long, or empty: all 0.
  void evaluate(const Row& row, std::span<const std::int64_t> key_segments, std::span<double> values) const;

 private:
  class Compiled;
  std::shared_ptr<Compiled> compiled_;
};

/// The expression's values along row i of head h of this layer. Errors: as `compile`; setting, where it asks
/// for segments that the sequences do not have. `facts` outlive the function.
using ExpressionRow = std::function<void(Index head, Index i, std::span<double> values)>;
[[nodiscard]] Result<ExpressionRow> expression_for(const std::string& text, const LayerFacts& facts,
                                                   const std::string& place);

}  // namespace attn

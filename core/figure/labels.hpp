#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/matrix.hpp"

namespace attn {

/// Every how manyth label is drawn so that neighbours are at least `needed` pixels apart, where cells are
/// `pitch` pixels apart: the least of 1, 2, 5, 10, 20, 50 … Label i stands where i mod step = 0.
[[nodiscard]] Index label_step(double pitch, double needed);

/// A token as a label: control characters written out (visible()), white space alone shown as `␣`, an empty
/// token as `∅`.
[[nodiscard]] std::string presentable(std::string_view token);

/// Up to `most` of the tokens, the one with the widest label among them as far as letters can be told from
/// their kind: who makes room for labels measures these in place of all. The last token is one of them.
[[nodiscard]] std::vector<Index> widest_labels(const std::vector<std::string>& tokens, std::size_t most);

struct Tick {
  double value = 0;
  std::string text;  ///< with a true minus sign; all of one scale have the same number of decimals
};

/// Round numbers in [lo, hi], rising, at least one and at most `most` + 1 (3 where `most` is 1); steps of 1,
/// 2, 2.5 or 5 times a power of ten. Large and small scales share one power of ten: `2.5×10⁻⁶`. A scale whose
/// width is nothing beside its numbers has one tick, lo. Both ends finite, most ≥ 1.
[[nodiscard]] std::vector<Tick> ticks(double lo, double hi, int most);

/// `10⁻⁶`.
[[nodiscard]] std::string power_of_ten(int power);

}  // namespace attn

#pragma once

#include <vector>

namespace attn::bench {

/// Where most of a list of measurements lies.
struct Spread {
  double median = 0;
  double low = 0, high = 0;  ///< the 10th and 90th percentile
};

/// The value below which `share` (0 to 1) of `values` lie, linear between neighbours; 0 where there are none.
[[nodiscard]] double percentile(std::vector<double> values, double share);

[[nodiscard]] Spread spread_of(const std::vector<double>& values);

}  // namespace attn::bench

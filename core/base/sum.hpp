#pragma once

#include <array>
#include <cstddef>

namespace attn {

/// Σ a_d b_d with a fixed order of additions: eight partial sums by d mod 8, then pairwise. The result
/// depends on the numbers alone, never on where the row stands in a matrix, so a longer run's prefix equals
/// the shorter run bit for bit. Error at most (n / 8 + 3) u Σ |a_d b_d|, u = 2⁻⁵³.
[[nodiscard]] inline double dot(const double* a, const double* b, std::size_t n) {
  std::array<double, 8> part{};
  std::size_t d = 0;
  for (; d + 8 <= n; d += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) part[lane] += a[d + lane] * b[d + lane];
  }
  for (std::size_t lane = 0; d < n; ++d, ++lane) part[lane] += a[d] * b[d];
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

}  // namespace attn

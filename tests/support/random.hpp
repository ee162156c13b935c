#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/base/random.hpp"

namespace attn::support {

/// Repeatable random numbers for one test: the same on every machine and in every order of tests.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(mix(seed)) {}

  /// In [0, 1).
  double unit() { return static_cast<double>((state_ = mix(state_)) >> 11) * 0x1p-53; }
  std::size_t below(std::size_t count) {
    return static_cast<std::size_t>(unit() * static_cast<double>(count));
  }
  std::size_t from_to(std::size_t first, std::size_t last) { return first + below(last - first + 1); }
  bool chance(double p) { return unit() < p; }
  /// Nearly normal, with deviation 1.
  double normal() {
    double sum = -6;
    for (int term = 0; term < 12; ++term) sum += unit();
    return sum;
  }
  template <class List>
  const auto& one_of(const List& list) {
    return list[below(list.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace attn::support

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/kernels/packed.hpp"
#include "core/kernels/rows.hpp"
#include "tests/support/random.hpp"

namespace attn::kernels::test {

/// A row of a mask over n keys, with its classes of blocks.
class MaskRow {
 public:
  /// allowed(j) for each key.
  template <class Allowed>
  MaskRow(std::size_t n, Allowed allowed)
      : n_(n), allowed_(blocks_of(n) * kBlock, 0), classes_(blocks_of(n)) {
    for (std::size_t j = 0; j < n; ++j) allowed_[j] = allowed(j) ? 1 : 0;
    for (std::size_t b = 0; b < classes_.size(); ++b) {
      const auto first = allowed_.begin() + static_cast<std::ptrdiff_t>(b * kBlock);
      const auto count = std::count(first, first + kBlock, std::uint8_t{1});
      classes_[b] = count == 0                                  ? BlockClass::skip
                    : static_cast<std::size_t>(count) == kBlock ? BlockClass::full
                                                                : BlockClass::edge;
    }
  }

  [[nodiscard]] RowMask row() const { return {classes_.data(), allowed_.data(), classes_.size()}; }
  [[nodiscard]] std::size_t size() const { return n_; }
  /// Numbers that a row of whole blocks holds.
  [[nodiscard]] std::size_t room() const { return allowed_.size(); }
  /// Of any place of the whole blocks.
  [[nodiscard]] bool allows(std::size_t j) const { return allowed_[j] != 0; }
  [[nodiscard]] bool skips(std::size_t j) const { return classes_[j / kBlock] == BlockClass::skip; }
  [[nodiscard]] bool any() const { return std::ranges::count(allowed_, std::uint8_t{1}) != 0; }

 private:
  std::size_t n_;
  std::vector<std::uint8_t> allowed_;
  std::vector<BlockClass> classes_;
};

[[nodiscard]] inline MaskRow all_keys(std::size_t n) {
  return {n, [](std::size_t) { return true; }};
}
[[nodiscard]] inline MaskRow keys_up_to(std::size_t last, std::size_t n) {
  return {n, [=](std::size_t j) { return j <= last; }};
}

/// Nothing masked, causal, a window, every second key, holes, whole blocks missing, one key alone: each has
/// at least one key.
[[nodiscard]] inline std::vector<MaskRow> masks_of(std::size_t n, support::Random& random) {
  std::vector<MaskRow> masks;
  masks.push_back(all_keys(n));
  masks.push_back(keys_up_to(random.below(n), n));
  const std::size_t middle = random.below(n);
  masks.emplace_back(n, [&](std::size_t j) { return j + 40 >= middle && j <= middle + 100; });
  masks.emplace_back(n, [](std::size_t j) { return j % 2 == 0; });
  masks.emplace_back(n, [&](std::size_t j) { return j == middle || random.chance(0.7); });
  masks.emplace_back(n, [&](std::size_t j) { return j == middle || (j / kBlock % 2 == 1 && j % 5 != 0); });
  masks.emplace_back(n, [&](std::size_t j) { return j == middle; });
  return masks;
}

/// Lengths that fit blocks, that do not, and by one only.
inline constexpr std::size_t kLengths[] = {1, 2, 63, 64, 65, 127, 128, 129, 200, 1000};

}  // namespace attn::kernels::test

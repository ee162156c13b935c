#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "core/attention/equation.hpp"
#include "core/base/buffer.hpp"

namespace attn {

/// Rows that are computed in one go; a band of rows is whole chunks.
inline constexpr Index kChunkRows = 64;
static_assert(kBandRows % kChunkRows == 0);

/// Scores of whole heads, kept between settings, as far as they were needed: chunk of rows by block of keys.
class ScoreStore {
 public:
  struct Head {
    Index head = 0;
    std::size_t step = 0;               ///< numbers from one row to the next
    Buffer<float> scores;               ///< n_q × step
    std::vector<std::uint8_t> present;  ///< chunk × block
  };

  explicit ScoreStore(std::size_t budget) : budget_(budget) {}

  /// Room for `head`; the heads that were asked for longest ago make way. nullptr where the budget holds no
  /// such head beside the `together` − 1 others that are asked for with it.
  [[nodiscard]] Head* open(Index head, Index rows, std::size_t blocks, std::size_t together);
  void clear() { heads_.clear(); }
  [[nodiscard]] std::size_t bytes() const;

 private:
  std::size_t budget_;
  std::list<std::unique_ptr<Head>> heads_;  ///< the one asked for last in front
};

}  // namespace attn

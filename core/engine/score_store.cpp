#include "core/engine/score_store.hpp"

#include <algorithm>

#include "core/kernels/packed.hpp"

namespace attn {

std::size_t ScoreStore::bytes() const {
  std::size_t sum = 0;
  for (const auto& head : heads_) sum += head->scores.size() * sizeof(float);
  return sum;
}

ScoreStore::Head* ScoreStore::open(Index head, Index rows, std::size_t blocks, std::size_t together) {
  const auto found = std::ranges::find(heads_, head, [](const auto& one) { return one->head; });
  if (found != heads_.end()) {
    heads_.splice(heads_.begin(), heads_, found);
    return heads_.front().get();
  }
  const std::size_t step = blocks * kernels::kBlock;
  const std::size_t size = static_cast<std::size_t>(rows) * step;
  const std::size_t needed = size * sizeof(float);
  if (needed > budget_ / together) return nullptr;
  while (bytes() + needed > budget_) heads_.pop_back();
  const auto chunks = static_cast<std::size_t>((rows + kChunkRows - 1) / kChunkRows);
  heads_.push_front(std::make_unique<Head>(
      Head{head, step, Buffer<float>(size), std::vector<std::uint8_t>(chunks * blocks)}));
  return heads_.front().get();
}

}  // namespace attn

#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace attn {

/// How far a long computation is, and whether somebody wants it to stop. Written and read on any thread.
struct Progress {
  std::atomic<std::size_t> done{0};
  std::atomic<std::size_t> total{0};
  std::atomic<bool> cancelled{false};
  /// Asked where `cancelled` is; set before the work starts, called on its threads. None: never.
  std::function<bool()> outdated;

  [[nodiscard]] bool stopped() const { return cancelled || (outdated && outdated()); }
  /// The next part of the work begins. What was cancelled stays so.
  void start(std::size_t steps) {
    done = 0;
    total = steps;
  }
  /// 0 to 1.
  [[nodiscard]] double fraction() const {
    const std::size_t steps = total;
    return steps == 0 ? 0 : static_cast<double>(done) / static_cast<double>(steps);
  }
};

}  // namespace attn

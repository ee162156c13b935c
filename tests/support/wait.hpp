#pragma once

#include <chrono>
#include <thread>

namespace attn::support {

/// How long a test waits for what should happen at once: a slow machine under load is no failure.
inline constexpr std::chrono::seconds kPatience{30};

/// Asks until `condition()` holds; false if it does not within `limit`.
template <class Condition>
[[nodiscard]] bool eventually(const Condition& condition, std::chrono::milliseconds limit = kPatience) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace attn::support

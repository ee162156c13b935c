#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace attn::app {

/// While it lives, Ctrl+C and its like (SIGINT, SIGTERM, SIGHUP) call `stop` on a thread of its own in place
/// of ending the process at any place: a file that is being written is finished, or is not there. A second
/// one ends the process at once. To be made before other threads are: they inherit what it blocks.
class Interrupt {
 public:
  explicit Interrupt(std::function<void()> stop);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// 128 + the signal that came, as a shell says it; 0 where none did.
  [[nodiscard]] int exit_code() const { return exit_code_; }

 private:
  sigset_t signals_{};
  sigset_t before_{};
  std::atomic<int> exit_code_{0};
  std::jthread thread_;  // last: it stops before what it uses is gone
};

}  // namespace attn::app

#include "app/commands/interrupt.hpp"

#include <cstdlib>
#include <ctime>
#include <utility>

namespace attn::app {
namespace {

constexpr long kLookEvery = 50'000'000;  // nanoseconds between looks at whether the work has ended

}  // namespace

Interrupt::Interrupt(std::function<void()> stop) {
  sigemptyset(&signals_);
  for (const int one : {SIGINT, SIGTERM, SIGHUP}) {
    // What the caller ignores (nohup) stays ignored.
    struct sigaction action {};
    if (sigaction(one, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(&signals_, one);
  }
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  thread_ = std::jthread([this, stop = std::move(stop)](const std::stop_token& done) {
    const timespec look{0, kLookEvery};
    while (!done.stop_requested()) {
      const int came = sigtimedwait(&signals_, nullptr, &look);
      if (came <= 0) continue;
      if (exit_code_ != 0) std::_Exit(128 + came);
      exit_code_ = 128 + came;
      stop();
    }
  });
}

Interrupt::~Interrupt() {
  thread_.request_stop();
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace attn::app

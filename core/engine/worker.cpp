#include "core/engine/worker.hpp"

#include <utility>

namespace attn {

Worker::Worker(std::size_t threads, std::function<void()> wake)
    : engine_(threads), wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Worker::post(MapRequest request) {
  {
    const std::lock_guard lock(mutex_);
    waiting_ = std::move(request);
  }
  posted_.notify_one();
}

std::optional<MapResult> Worker::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(ready_, std::nullopt);
}

bool Worker::busy() const {
  const std::lock_guard lock(mutex_);
  return waiting_.has_value() || answering_;
}

void Worker::run(const std::stop_token& stop) {
  while (true) {
    std::optional<MapRequest> request;
    {
      std::unique_lock lock(mutex_);
      if (!posted_.wait(lock, stop, [&] { return waiting_.has_value(); })) return;
      request = std::exchange(waiting_, std::nullopt);
      answering_ = true;
    }
    MapResult result = engine_.answer(*request);
    {
      const std::lock_guard lock(mutex_);
      ready_ = std::move(result);
      answering_ = false;
    }
    wake_();
  }
}

}  // namespace attn

#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "core/engine/engine.hpp"
#include "core/engine/map_request.hpp"

namespace attn {

/// An engine on a thread of its own. The mailbox holds one request, the newest; a request that is being
/// answered is always finished, so a drag never starves the picture.
class Worker {
 public:
  /// `wake` is called on the worker's thread whenever a result is ready to be taken.
  Worker(std::size_t threads, std::function<void()> wake);

  /// Replaces the request that waits, if there is one. Returns at once.
  void post(MapRequest request);

  /// The newest result not taken yet.
  [[nodiscard]] std::optional<MapResult> take();

  /// A request waits or is being answered.
  [[nodiscard]] bool busy() const;

 private:
  void run(const std::stop_token& stop);

  Engine engine_;  ///< used by `thread_` alone
  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable_any posted_;
  std::optional<MapRequest> waiting_;
  std::optional<MapResult> ready_;
  bool answering_ = false;
  std::jthread thread_;  ///< last: it stops before what it uses is gone
};

}  // namespace attn

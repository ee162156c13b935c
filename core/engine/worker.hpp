#pragma once

#include <functional>
#include <optional>

#include "core/engine/engine.hpp"
#include "core/engine/latest_worker.hpp"
#include "core/engine/map_request.hpp"

namespace attn {

/// An engine on a thread of its own. The mailbox holds one request, the newest; a request that is being
/// answered is always finished, so a drag never starves the picture.
class Worker {
 public:
  /// `wake` is called on the worker's thread whenever a result is ready to be taken.
  Worker(std::size_t threads, std::function<void()> wake)
      : engine_(threads),
        mailbox_(
            [this](const MapRequest& request, const auto& publish, const auto&) {
              progress_.cancelled = false;
              publish(engine_.answer(request, &progress_));
            },
            std::move(wake)) {}

  /// Replaces the request that waits, if there is one. Returns at once.
  void post(MapRequest request) { mailbox_.post(std::move(request)); }

  /// The newest result not taken yet.
  [[nodiscard]] std::optional<MapResult> take() { return mailbox_.take(); }

  /// Of the request that is being answered.
  [[nodiscard]] double progress() const { return progress_.fraction(); }
  /// Gives the request that is being answered up: its result is an error.
  void cancel() { progress_.cancelled = true; }

  /// A request waits or is being answered.
  [[nodiscard]] bool busy() const { return mailbox_.busy(); }

 private:
  Progress progress_;
  Engine engine_;  ///< used on the mailbox's thread alone
  LatestWorker<MapRequest, MapResult> mailbox_;
};

}  // namespace attn

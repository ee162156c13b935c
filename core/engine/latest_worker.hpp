#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace attn {

/// Work on a thread of its own, behind a mailbox that holds one request, the newest. Results are taken one by
/// one, the newest only.
template <class Request, class Result>
class LatestWorker {
 public:
  using Publish = std::function<void(Result)>;
  /// True where going on is pointless: a newer request waits, or the worker is going away.
  using Outdated = std::function<bool()>;
  /// Called on the worker's thread; may publish several results, each better than the one before.
  using Work = std::function<void(const Request&, const Publish&, const Outdated&)>;

  /// `wake` is called on the worker's thread whenever a result is ready to be taken.
  LatestWorker(Work work, std::function<void()> wake)
      : work_(std::move(work)),
        wake_(std::move(wake)),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}

  /// Replaces the request that waits, if there is one. Returns at once.
  void post(Request request) {
    {
      const std::lock_guard lock(mutex_);
      waiting_ = std::move(request);
    }
    posted_.notify_one();
  }

  /// The newest result not taken yet.
  [[nodiscard]] std::optional<Result> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(ready_, std::nullopt);
  }

  /// A request waits or is being worked on.
  [[nodiscard]] bool busy() const {
    const std::lock_guard lock(mutex_);
    return waiting_.has_value() || working_;
  }

 private:
  void run(const std::stop_token& stop) {
    const Outdated outdated = [&] {
      const std::lock_guard lock(mutex_);
      return waiting_.has_value() || stop.stop_requested();
    };
    const Publish publish = [&](Result result) {
      {
        const std::lock_guard lock(mutex_);
        ready_ = std::move(result);
      }
      wake_();
    };
    while (true) {
      std::optional<Request> request;
      {
        std::unique_lock lock(mutex_);
        working_ = false;
        if (!posted_.wait(lock, stop, [&] { return waiting_.has_value(); })) return;
        request = std::exchange(waiting_, std::nullopt);
        working_ = true;
      }
      work_(*request, publish, outdated);
    }
  }

  Work work_;
  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable_any posted_;
  std::optional<Request> waiting_;
  std::optional<Result> ready_;
  bool working_ = false;
  std::jthread thread_;  ///< last: it stops before what it uses is gone
};

}  // namespace attn

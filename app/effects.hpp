#pragma once

#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

#include "app/platform/recent_files.hpp"
#include "app/platform/window.hpp"
#include "app/state/action.hpp"
#include "core/engine/worker.hpp"

namespace attn::app {

/// Carries out what reduce wants done outside. Slow things run on threads of their own; their results come
/// back as actions.
class Effects {
 public:
  Effects(Window& window, std::size_t threads);

  void run(const Effect& effect);
  /// Actions that came back since the last call.
  [[nodiscard]] std::vector<Action> take();
  [[nodiscard]] bool busy() const { return worker_.busy(); }

 private:
  void operator()(const ReadFile& effect);
  void operator()(const ReadText& effect);
  void operator()(const Compute& effect);
  void operator()(const WriteFigure& effect);
  void operator()(const CopyText& effect);
  void operator()(const ReadClipboard& effect);
  void operator()(const RememberFile& effect);

  void post(Action action);
  /// Runs `work` on a thread and posts the action that it returns.
  void in_background(std::function<Action()> work);

  struct Task {
    std::atomic<bool> done{false};
    std::jthread thread;
  };

  Window& window_;
  std::size_t threads_;
  std::filesystem::path recent_store_;
  std::mutex mutex_;
  std::vector<Action> posted_;
  std::list<Task> tasks_;
  Worker worker_;
};

}  // namespace attn::app

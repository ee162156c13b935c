#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "app/platform/file_watch.hpp"
#include "app/platform/recent_files.hpp"
#include "app/platform/window.hpp"
#include "app/preview.hpp"
#include "app/state/action.hpp"
#include "core/engine/worker.hpp"

namespace attn::app {

/// Carries out what reduce wants done outside. Slow things run on threads of their own; their results come
/// back as actions.
class Effects {
 public:
  Effects(Window& window, std::size_t threads);
  ~Effects();
  Effects(const Effects&) = delete;
  Effects& operator=(const Effects&) = delete;

  void run(const Effect& effect);
  /// Actions that came back since the last call.
  [[nodiscard]] std::vector<Action> take();
  [[nodiscard]] bool busy() const {
    return worker_.busy() || sheet_worker_.busy() || preview_worker_.busy() || !tasks_.empty();
  }
  /// How far the map is, or the file that is read, 0 to 1, once it has taken long enough to be noticed.
  [[nodiscard]] std::optional<double> computing();
  /// The document whose file is watched for changes.
  void watch(const std::filesystem::path& path);

 private:
  void operator()(const ReadFile& effect);
  void operator()(const ReadText& effect);
  void operator()(const Compute& effect);
  void operator()(const ComputeSheet& effect);
  void operator()(const WriteFigure& effect);
  void operator()(const ComposePreview& effect);
  void operator()(const CopyFigure& effect);
  void operator()(const CopyMap& effect);
  void operator()(const WriteText& effect);
  void operator()(const StopTasks& effect);
  void operator()(const KeepPreferences& effect);
  void operator()(const CopyText& effect);
  void operator()(const ReadClipboard& effect);
  void operator()(const RememberFile& effect);

  void post(Action action);
  /// Runs `work` on a thread and posts the action that it returns, unless the task was cancelled meanwhile.
  void in_background(std::function<Action(Progress&)> work);

  struct Task {
    Progress progress;
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
    std::atomic<bool> done{false};
    std::jthread thread;
  };

  Window& window_;
  std::size_t threads_;
  std::filesystem::path recent_store_;
  std::filesystem::path preferences_store_;
  std::mutex mutex_;
  std::vector<Action> posted_;
  std::list<Task> tasks_;
  std::filesystem::path watched_;
  std::optional<std::chrono::steady_clock::time_point> computing_since_;
  Worker worker_;
  SheetWorker sheet_worker_;
  PreviewWorker preview_worker_;
  FileWatch file_watch_;
};

}  // namespace attn::app

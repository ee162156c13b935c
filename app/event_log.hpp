#pragma once

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "app/widgets/ui.hpp"

namespace attn::app {

/// What scripted tests read: after each frame whose facts differ from the last, one line of JSON with the
/// places of the widgets, the project's hash, and what is shown. Off where `path` is empty.
class EventLog {
 public:
  explicit EventLog(const std::string& path);
  [[nodiscard]] bool on() const { return file_ != nullptr; }
  /// An action asked for a new map; `drawn` says how long it took until a frame showed it.
  void asked();
  /// `complete`: all of the map that `state` has is on the screen.
  void frame(const AppState& state, const Marks& marks, bool settled, bool complete);

 private:
  using Clock = std::chrono::steady_clock;
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::string last_;
  std::optional<Clock::time_point> asked_;
  std::shared_ptr<const StageMap> drawn_;
  int drawn_count_ = 0;
  double drawn_milliseconds_ = 0;
};

}  // namespace attn::app

#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "app/widgets/ui.hpp"

namespace attn::app {

/// What scripted tests read: after each frame whose facts differ from the last, one line of JSON with the
/// places of the widgets, the project's hash, and what is shown. Off where `path` is empty.
class EventLog {
 public:
  explicit EventLog(const std::string& path);
  [[nodiscard]] bool on() const { return file_ != nullptr; }
  void frame(const AppState& state, const Marks& marks, bool settled);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::string last_;
};

}  // namespace attn::app

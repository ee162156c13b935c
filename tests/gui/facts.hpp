#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/gui/picture.hpp"

namespace attn::gui {

/// One line of the program's event log (app/event_log.hpp).
using Facts = nlohmann::json;

/// Where the widget stands. Throws where the frame has none of that name.
[[nodiscard]] Rect widget_in(const Facts& facts, const std::string& name);
[[nodiscard]] bool has_widget(const Facts& facts, const std::string& name);

/// The event log while it is written.
class EventLog {
 public:
  explicit EventLog(std::filesystem::path file) : file_(std::move(file)) {}

  /// All whole lines so far.
  const std::vector<Facts>& lines();

 private:
  std::filesystem::path file_;
  std::ifstream stream_;
  std::string part_;  // of the line that is being written
  std::vector<Facts> lines_;
};

}  // namespace attn::gui

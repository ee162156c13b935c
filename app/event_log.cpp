#include "app/event_log.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/state/command_line.hpp"

namespace attn::app {

EventLog::EventLog(const std::string& path)
    : file_(path.empty() ? nullptr : std::fopen(path.c_str(), "we")) {}

void EventLog::asked() {
  if (file_ && !asked_) asked_ = Clock::now();
}

void EventLog::frame(const AppState& state, const Marks& marks, bool settled, bool complete) {
  if (!file_) return;
  if (complete && drawn_ != state.computed.map) {
    drawn_ = state.computed.map;
    ++drawn_count_;
    drawn_milliseconds_ =
        std::chrono::duration<double, std::milli>(asked_ ? Clock::now() - *asked_ : Clock::duration{})
            .count();
    asked_.reset();
  }
  if (settled) asked_.reset();  // it was answered with the same map
  nlohmann::json facts{
      {"settled", settled},
      {"project", fmt::format("{:016x}", project_hash(state.project))},
      {"title", state.document().title},
      {"stage", info(state.view.view.stage).name},
      {"head", to_text(state.view.head)},
      {"layer", state.view.layer},
      {"grid", state.view.grid},
      {"own_range", state.view.own_range},
      {"dark", state.preferences.dark},
      {"scale", state.preferences.scale},
      {"changed_on_disk", state.ui.changed_on_disk},
      {"temperature", state.settings.temperature.all},
      {"dialog", static_cast<int>(state.ui.dialog)},
      {"errors", state.ui.errors.size()},
      {"message", state.ui.message},
      {"steps", state.history.steps.size()},
      {"step", state.history.at},
      {"command_line", command_line(state)},
      {"figure", to_json(state.view.figure)},
      {"preview", {state.computed.preview.width, state.computed.preview.height}},
      {"widgets", marks},
      {"drawn", {{"maps", drawn_count_}, {"ms", drawn_milliseconds_}}},
  };
  if (state.computed.trace) {
    for (const TraceStep& step : *state.computed.trace) facts["kept"][step.name] = step.reused;
  }
  if (state.ui.hovered) facts["hovered"] = {state.ui.hovered->row, state.ui.hovered->column};
  if (state.ui.pinned) facts["pinned"] = {state.ui.pinned->row, state.ui.pinned->column};
  if (!state.ui.errors.empty()) facts["last_error"] = describe(state.ui.errors.back());
  std::string line = facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (line == last_) return;
  last_ = std::move(line);
  fmt::print(file_.get(), "{}\n", last_);
  std::fflush(file_.get());
}

}  // namespace attn::app

#include "app/state/reduce.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/state/command_line.hpp"

namespace attn::app {
namespace {

constexpr std::size_t kMaxSteps = 500;
constexpr std::size_t kMaxErrors = 100;

void add_error(AppState& state, Error error) {
  auto& errors = state.ui.errors;
  errors.push_back(std::move(error));
  if (errors.size() > kMaxErrors) errors.erase(errors.begin());
  state.ui.dialog = Dialog::errors;
}

// Makes `state` agree with itself after its project, layer or head changed. False, with the reason listed,
// where the settings are refused.
[[nodiscard]] Result<void> refresh(AppState& state) {
  state.view.layer = std::min(state.view.layer, state.document().layers.size() - 1);
  auto settings = resolve_settings(state.document(), state.view.layer, state.project.settings);
  if (!settings) return tl::unexpected(settings.error());
  state.settings = std::move(*settings);
  if (state.view.head.head >= static_cast<Index>(state.heads())) state.view.head = {};
  return {};
}

void push_step(History& history, const Project& project, std::string label) {
  history.steps.resize(history.at + 1);
  history.steps.push_back({project, std::move(label)});
  if (history.steps.size() > kMaxSteps) history.steps.erase(history.steps.begin());
  history.at = history.steps.size() - 1;
}

void set_setting(AppState& state, const SetSetting& set) {
  Project before = state.project;
  state.project.settings.window[set.key] = set.value;
  if (auto good = refresh(state); !good) {
    state.project = std::move(before);
    add_error(state, good.error());
    return;
  }
  History& history = state.history;
  if (history.open_gesture == set.key && history.at + 1 == history.steps.size()) {
    history.steps[history.at] = {state.project, set.label};
  } else if (!(state.project == before)) {
    push_step(history, state.project, set.label);
  }
  history.open_gesture = set.gesture == Gesture::live ? set.key : "";
}

void go_to_step(AppState& state, std::size_t step) {
  History& history = state.history;
  history.open_gesture.clear();
  if (step >= history.steps.size() || step == history.at) return;
  const bool other_document = history.steps[step].project.document != state.project.document;
  state.ui.message = step < history.at ? fmt::format("Undid {}", history.steps[history.at].label)
                                       : fmt::format("Redid {}", history.steps[step].label);
  history.at = step;
  state.project = history.steps[step].project;
  if (other_document) {
    state.view.camera = {};
    state.ui.hovered.reset();
    state.ui.pinned.reset();
  }
  // A step of the history was valid when it was made.
  static_cast<void>(refresh(state));
}

void show_document(AppState& state, std::shared_ptr<const Document> document) {
  state.ui.loading = false;
  auto opened = initial_state(std::move(document));
  if (!opened) {
    add_error(state, opened.error());
    return;
  }
  opened->view.dark = state.view.dark;
  state.project = std::move(opened->project);
  state.view = std::move(opened->view);
  state.settings = std::move(opened->settings);
  state.ui.hovered.reset();
  state.ui.pinned.reset();
  state.ui.dialog = Dialog::none;
  state.history.open_gesture.clear();
  push_step(state.history, state.project, "open " + state.document().title);
  state.ui.message = fmt::format("Opened {}", state.document().title);
}

void show_map(AppState& state, const MapResult& result) {
  if (!state.requested || result.revision != state.requested->revision) {
    // An older answer is still worth showing while the newest is on its way, if it is of the same document.
    const bool same =
        state.requested && result.map && state.computed.map && result.map->rows == state.computed.map->rows;
    if (!same) return;
  }
  state.computed.error = result.error;
  if (!result.map) return;
  state.computed.map = result.map;
  state.computed.masks = result.masks;
  state.computed.renormalised = result.renormalised;
  state.computed.probe = result.probe;
  if (result.milliseconds > 0) state.computed.milliseconds = result.milliseconds;
}

bool same_request(const MapRequest& a, const MapRequest& b) {
  return a.document == b.document && a.settings == b.settings && a.head == b.head &&
         a.probe_row == b.probe_row;
}

MapRequest wanted_map(const AppState& state) {
  MapRequest request;
  request.document = state.project.document;
  request.settings = state.settings;
  request.settings.layer = state.view.layer;
  request.settings.view = state.view.view;
  request.head = state.view.head;
  const auto& cell = state.ui.hovered ? state.ui.hovered : state.ui.pinned;
  if (cell) request.probe_row = cell->row;
  return request;
}

// One overload an action.
struct Reducer {
  AppState& state;
  std::vector<Effect>& effects;

  void operator()(const SetSetting& action) const { set_setting(state, action); }
  void operator()(const Undo&) const {
    if (state.history.at > 0) go_to_step(state, state.history.at - 1);
  }
  void operator()(const Redo&) const { go_to_step(state, state.history.at + 1); }
  void operator()(const GoToStep& action) const { go_to_step(state, action.step); }

  void operator()(const OpenFile& action) const {
    state.ui.loading = true;
    state.ui.dialog = Dialog::none;
    effects.emplace_back(ReadFile{action.path});
  }
  void operator()(const OpenText& action) const {
    state.ui.loading = true;
    state.ui.dialog = Dialog::none;
    effects.emplace_back(ReadText{action.text});
  }
  void operator()(const DocumentRead& action) const {
    show_document(state, action.document);
    const bool opened = state.project.document == action.document;
    if (opened && !action.path.empty()) effects.emplace_back(RememberFile{action.path});
  }
  void operator()(const Refuse& action) const {
    state.ui.loading = false;
    state.ui.exporting = false;
    add_error(state, action.error);
  }
  void operator()(const ClearErrors&) const {
    state.ui.errors.clear();
    if (state.ui.dialog == Dialog::errors) state.ui.dialog = Dialog::none;
  }
  void operator()(const Say& action) const { state.ui.message = action.message; }

  void operator()(const ShowLayer& action) const {
    const std::size_t before = state.view.layer;
    state.view.layer = action.layer;
    if (auto good = refresh(state); !good) {
      state.view.layer = before;
      add_error(state, good.error());
    }
  }
  void operator()(const ShowHead& action) const {
    if (action.head.head < static_cast<Index>(state.heads())) state.view.head = action.head;
  }
  void operator()(const ShowView& action) const { state.view.view = action.view; }
  void operator()(const MoveCamera& action) const { state.view.camera = action.camera; }
  void operator()(const SetDark& action) const { state.view.dark = action.dark; }
  void operator()(const Hover& action) const { state.ui.hovered = action.cell; }
  void operator()(const Pin& action) const { state.ui.pinned = action.cell; }
  void operator()(const ShowDialog& action) const { state.ui.dialog = action.dialog; }

  void operator()(const Export& action) const {
    state.ui.exporting = true;
    state.ui.dialog = Dialog::none;
    effects.emplace_back(WriteFigure{state.project, state.view, action.path});
  }
  void operator()(const Exported& action) const {
    state.ui.exporting = false;
    state.ui.message = fmt::format("Wrote {}", action.path.string());
  }
  void operator()(const CopyCommandLine&) const {
    effects.emplace_back(CopyText{command_line(state)});
    state.ui.message = "Copied the command line that exports this figure";
  }
  void operator()(const PasteClipboard&) const { effects.emplace_back(ReadClipboard{}); }
  void operator()(const MapReady& action) const { show_map(state, action.result); }
  void operator()(const RecentFilesChanged& action) const { state.ui.recent = action.files; }
  void operator()(const Quit&) const { state.ui.quit = true; }
};

}  // namespace

Reduced reduce(AppState state, const Action& action) {
  Reduced reduced{std::move(state), {}};
  std::visit(Reducer{reduced.state, reduced.effects}, action);
  MapRequest wanted = wanted_map(reduced.state);
  auto& requested = reduced.state.requested;
  if (!requested || !same_request(*requested, wanted)) {
    wanted.revision = requested ? requested->revision + 1 : 1;
    requested = wanted;
    reduced.effects.emplace_back(Compute{std::move(wanted)});
  }
  return reduced;
}

}  // namespace attn::app

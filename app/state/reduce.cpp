#include "app/state/reduce.hpp"

#include <algorithm>
#include <concepts>

#include <fmt/format.h>

#include "app/state/command_line.hpp"
#include "app/state/requests.hpp"
#include "core/figure/figure_job.hpp"

namespace attn::app {
namespace {

constexpr std::size_t kMaxSteps = 500;
constexpr std::size_t kMaxErrors = 100;
constexpr auto kReplace = nlohmann::json::error_handler_t::replace;

void add_error(AppState& state, Error error) {
  auto& errors = state.ui.errors;
  errors.push_back(std::move(error));
  if (errors.size() > kMaxErrors) errors.erase(errors.begin());
  state.ui.dialog = Dialog::errors;
}

// Makes `state` agree with itself after its project, layer or head changed. Errors: setting; the state is
// then only good for being thrown away.
[[nodiscard]] Result<void> refresh(AppState& state) {
  auto layers = settings_of_layers(state.document(), state.project.settings);
  if (!layers) return tl::unexpected(layers.error());
  // Equal settings stay the same object: that is how a request sees that nothing has changed.
  if (*state.layers != **layers) state.layers = std::move(*layers);
  state.view.layer = std::min(state.view.layer, state.layers->size() - 1);
  state.settings = (*state.layers)[state.view.layer];
  state.in_force = in_force(state.in_force, state.project.document, state.layers, state.view.layer);
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
  const std::string gesture = set.key + (set.gesture == Gesture::stepped ? " by steps" : "");
  if (history.open_gesture == gesture && history.at + 1 == history.steps.size()) {
    history.steps[history.at] = {state.project, set.label};
  } else if (!(state.project == before)) {
    push_step(history, state.project, set.label);
  } else {
    // Nothing has moved yet, so there is no step of this gesture: the one before is not its to change.
    history.open_gesture.clear();
    return;
  }
  history.open_gesture = set.gesture == Gesture::committed ? "" : gesture;
}

void forget_cells(AppState& state) {
  state.ui.hovered.reset();
  state.ui.pinned.reset();
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
    state.computed = {};
    forget_cells(state);
  }
  // A step of the history was valid when it was made.
  static_cast<void>(refresh(state));
}

// Takes `opened` over as a step of the history; what the person likes, the past and the errors stay.
void take_over(AppState& state, AppState opened, const std::string& label) {
  state.project = std::move(opened.project);
  state.view = std::move(opened.view);
  state.layers = std::move(opened.layers);
  state.settings = std::move(opened.settings);
  state.in_force = std::move(opened.in_force);
  state.computed = {};  // another document's map must not stand under these tokens
  state.ui.dialog = Dialog::none;
  state.ui.changed_on_disk = false;
  forget_cells(state);
  state.history.open_gesture.clear();
  push_step(state.history, state.project, label);
  state.ui.message = label;
}

void show_document(AppState& state, const DocumentRead& read) {
  state.ui.loading = false;
  auto opened = initial_state(read.document);
  if (!opened) {
    add_error(state, opened.error());
    return;
  }
  opened->project.source = read.source;
  take_over(state, std::move(*opened), "open " + read.document->title);
}

// The same file, read again: settings, view and pinned cell stay where they still fit.
void reload_document(AppState& state, const DocumentRead& read) {
  state.ui.loading = false;
  state.ui.changed_on_disk = false;
  const Project before = state.project;
  state.project.document = read.document;
  if (auto good = refresh(state); !good) {
    state.project = before;
    static_cast<void>(refresh(state));
    add_error(state, good.error());
    return;
  }
  state.ui.hovered.reset();
  push_step(state.history, state.project, "reload " + read.document->title);
  state.ui.message = "Read again, the file had changed";
}

void show_session(AppState& state, const SessionRead& read) {
  state.ui.loading = false;
  auto opened = initial_state(read.document, read.session.settings);
  if (!opened) {
    add_error(state, opened.error());
    return;
  }
  opened->project.source = read.session.source;
  opened->view = read.session.view;
  if (auto good = refresh(*opened); !good) {
    add_error(state, good.error());
    return;
  }
  const bool moved = read.session.fingerprint != fingerprint_text(read.document->fingerprint);
  take_over(state, std::move(*opened), "session " + read.document->title);
  if (moved) state.ui.message = "The document has changed since the session was saved";
}

void use_settings(AppState& state, const SettingsRead& read) {
  state.ui.loading = false;
  Project before = state.project;
  state.project.settings.window = read.settings;
  if (auto good = refresh(state); !good) {
    state.project = std::move(before);
    static_cast<void>(refresh(state));
    add_error(state, good.error());
    return;
  }
  // What is drawn is the view's, not the project's: it is not undone.
  if (read.settings.contains("view")) state.view.view = state.settings.view;
  state.project.settings.window.erase("view");
  static_cast<void>(refresh(state));
  state.ui.dialog = Dialog::none;
  push_step(state.history, state.project, read.label);
  state.ui.message = read.message;
}

std::vector<RowFlag> kinds_of_flags(const std::vector<RowFlag>& rows) {
  std::vector<RowFlag> kinds;
  for (const RowFlag flag : rows) {
    if (!std::ranges::count(kinds, flag)) kinds.push_back(flag);
  }
  return kinds;
}

// The inspector's row and the rank of its cell.
void summarise_row(AppState& state) {
  const auto& cell = state.inspected();
  const auto& probe = state.computed.probe;
  const bool of_cell = cell && probe && probe->row == cell->row;
  state.computed.row =
      row_summary(std::move(state.computed.row), probe, of_cell ? std::optional(cell->column) : std::nullopt);
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
  if (state.computed.map != result.map) state.computed.flags = kinds_of_flags(result.map->row_flags);
  state.computed.map = result.map;
  state.computed.masks = result.masks;
  state.computed.renormalised = result.renormalised;
  state.computed.synthetic = result.synthetic;
  state.computed.probe = result.probe;
  state.computed.trace = result.trace;
  if (result.milliseconds > 0) state.computed.milliseconds = result.milliseconds;
}

template <class A, class... Others>
concept IsOneOf = (std::same_as<A, Others> || ...);

// Every knob that is turned, as a settings file holds it.
std::string settings_text(const AppState& state) {
  return changed_settings_json(state).dump(1, ' ', false, kReplace) + "\n";
}

// What the last message spoke of is over once one of these comes.
template <class A>
constexpr bool kEndsMessage = IsOneOf<A, SetSetting, Undo, Redo, GoToStep, ShowLayer, ShowHead, ShowView,
                                      ShowGrid, SetOwnRange, SetPreferences>;

// One overload an action.
class Reducer {
 public:
  Reducer(AppState& in_state, std::vector<Effect>& in_effects) : state(in_state), effects(in_effects) {}

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
    if (action.reload && state.project.source == action.source) {
      reload_document(state, action);
      return;
    }
    show_document(state, action);
    remember(action.document, action.source);
  }
  void operator()(const SessionRead& action) const {
    show_session(state, action);
    remember(action.document, action.session.source);
  }
  void operator()(const SettingsRead& action) const { use_settings(state, action); }
  void operator()(const FileChanged&) const {
    if (state.preferences.auto_reload) {
      (*this)(Reload{});
    } else {
      state.ui.changed_on_disk = true;
    }
  }
  void operator()(const Reload&) const {
    if (state.project.source.path.empty()) return;
    state.ui.loading = true;
    effects.emplace_back(ReadFile{state.project.source.path, true});
  }
  void operator()(const Computing& action) const { state.ui.computing = action.fraction; }
  void operator()(const CancelTasks&) const {
    if (state.ui.loading || state.ui.exporting) state.ui.message = "Cancelled";
    state.ui.loading = false;
    state.ui.exporting = false;
    effects.emplace_back(StopTasks{});
  }
  void operator()(const Refuse& action) const {
    state.ui.loading = false;
    state.ui.exporting = false;
    add_error(state, action.error);
  }
  void operator()(const ClearErrors&) const {
    state.ui.errors.clear();
    if (state.ui.dialog == Dialog::errors || state.ui.dialog == Dialog::error_list)
      state.ui.dialog = Dialog::none;
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
  void operator()(const ShowGrid& action) const {
    state.view.grid = action.grid;
    state.ui.hovered.reset();
  }
  void operator()(const SetOwnRange& action) const { state.view.own_range = action.own_range; }
  void operator()(const SetPreferences& action) const {
    state.preferences = action.preferences;
    effects.emplace_back(KeepPreferences{action.preferences});
  }
  void operator()(const Hover& action) const { state.ui.hovered = action.cell; }
  void operator()(const Pin& action) const { state.ui.pinned = action.cell; }
  void operator()(const ShowDialog& action) const { state.ui.dialog = action.dialog; }

  void operator()(const Export& action) const {
    if (auto format = figure_format_of(action.path); !format) {
      add_error(state, format.error());
      return;
    }
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
  void operator()(const SaveSession& action) const {
    state.ui.dialog = Dialog::none;
    effects.emplace_back(WriteText{session_to_json(state).dump(1, ' ', false, kReplace) + "\n", action.path});
  }
  void operator()(const SaveSettings& action) const {
    state.ui.dialog = Dialog::none;
    effects.emplace_back(WriteText{settings_text(state), action.path});
  }
  void operator()(const CopySettings&) const {
    effects.emplace_back(CopyText{settings_text(state)});
    state.ui.message = "Copied the settings";
  }
  void operator()(const PasteClipboard&) const { effects.emplace_back(ReadClipboard{}); }
  void operator()(const MapReady& action) const { show_map(state, action.result); }
  void operator()(const SheetReady& action) const {
    if (state.sheet_requested && action.sheet.revision == state.sheet_requested->revision) {
      state.computed.sheet = action.sheet;
    }
  }
  void operator()(const RecentFilesChanged& action) const { state.ui.recent = action.files; }
  void operator()(const Quit&) const { state.ui.quit = true; }

 private:
  AppState& state;
  std::vector<Effect>& effects;

  void remember(const std::shared_ptr<const Document>& document, const Source& source) const {
    const bool opened = state.project.document == document;
    if (opened && !source.path.empty()) effects.emplace_back(RememberFile{source.path});
  }
};

}  // namespace

Reduced reduce(AppState state, const Action& action) {
  Reduced reduced{std::move(state), {}};
  std::visit(
      [&]<class A>(const A& one) {
        if constexpr (kEndsMessage<A>) reduced.state.ui.message.clear();
        Reducer(reduced.state, reduced.effects)(one);
      },
      action);
  summarise_row(reduced.state);
  request_pictures(reduced.state, reduced.effects);
  return reduced;
}

}  // namespace attn::app

#include "app/state/transitions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/state/session.hpp"

namespace attn::app {
namespace {

constexpr std::size_t kMaxSteps = 500;
constexpr std::size_t kMaxErrors = 100;

void push_step(History& history, const Project& project, std::string label) {
  history.steps.resize(history.at + 1);
  history.steps.push_back({project, std::move(label)});
  if (history.steps.size() > kMaxSteps) history.steps.erase(history.steps.begin());
  history.at = history.steps.size() - 1;
}

void forget_cells(AppState& state) {
  state.ui.hovered.reset();
  state.ui.pinned.reset();
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

}  // namespace

void add_error(AppState& state, Error error) {
  auto& errors = state.ui.errors;
  errors.push_back(std::move(error));
  if (errors.size() > kMaxErrors) errors.erase(errors.begin());
  state.ui.dialog = Dialog::errors;
}

// Makes `state` agree with itself after its project, layer or head changed. Errors: setting; the state is
// then only good for being thrown away.
Result<void> refresh(AppState& state) {
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

void show_document(AppState& state, const DocumentRead& read) {
  state.ui.loading = false;
  auto opened = initial_state(read.document);
  if (!opened) {
    add_error(state, opened.error());
    return;
  }
  opened->project.source = read.source;
  opened->view.figure = state.preferences.figure;
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
  if (read.figure && opened->view.layer >= opened->document().layers.size()) {
    add_error(state,
              setting_error("/view/layer", fmt::format("a layer below {}", opened->document().layers.size()),
                            std::to_string(opened->view.layer), "The figure was made from another document.")
                  .value());
    return;
  }
  if (auto good = refresh(*opened); !good) {
    add_error(state, good.error());
    return;
  }
  const bool moved = read.session.fingerprint != fingerprint_text(read.document->fingerprint);
  take_over(state, std::move(*opened), (read.figure ? "figure " : "session ") + read.document->title);
  if (moved && read.figure) {
    add_error(state, {ErrorCode::changed,
                      read.document->source,
                      {},
                      "the document as the figure shows it",
                      "other content under its name",
                      "The figure's settings are in force; its numbers may not be those of the picture."});
  } else if (moved) {
    state.ui.message = "The document has changed since the session was saved";
  }
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

}  // namespace attn::app

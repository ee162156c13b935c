#pragma once

#include "app/state/action.hpp"

namespace attn::app {

// What several actions do to the state: the parts of reduce().

/// Puts it on the list, where the newest is shown.
void add_error(AppState& state, Error error);

/// Makes `state` agree with itself after its project, layer or head changed. Errors: setting; the state is
/// then only good for being thrown away.
[[nodiscard]] Result<void> refresh(AppState& state);

void set_setting(AppState& state, const SetSetting& set);
void go_to_step(AppState& state, std::size_t step);

// What was opened takes the place of what is open; the history, what the person likes and the errors stay.
void show_document(AppState& state, const DocumentRead& read);
/// The same file, read again: settings, view and pinned cell stay where they still fit.
void reload_document(AppState& state, const DocumentRead& read);
void show_session(AppState& state, const SessionRead& read);
void use_settings(AppState& state, const SettingsRead& read);

}  // namespace attn::app

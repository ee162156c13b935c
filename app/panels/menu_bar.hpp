#pragma once

#include "app/widgets/ui.hpp"

namespace attn::app {

/// The menus, made from the table of commands, with the recent files and the samples under File and Help.
void draw_menu_bar(const AppState& state, Ui& ui, const Dispatch& dispatch);

/// Dispatches the commands whose keys were pressed, unless a text field has the keyboard or a dialog is open.
void handle_keys(const AppState& state, const Dispatch& dispatch);

}  // namespace attn::app

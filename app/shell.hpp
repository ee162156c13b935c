#pragma once

#include <string>

#include "app/panels/dialogs.hpp"
#include "app/panels/export_panel.hpp"
#include "app/widgets/ui.hpp"

namespace attn::app {

/// Where each part of the window stands: menus on top, the equation below them, the column of knobs at the
/// left, the inspector at the right, facts at the bottom, the map in the middle.
class Shell {
 public:
  Shell(std::string about, std::size_t threads) : about_(std::move(about)), threads_(threads) {}

  void draw(const AppState& state, Ui& ui, const Dispatch& dispatch);

 private:
  std::string about_;
  std::size_t threads_;
  Drafts drafts_;
  OpenDialog open_;
  TextDialog text_;
  ExportPanel figure_;
  PathDialog session_ = session_dialog();
  PathDialog settings_ = settings_dialog();
};

}  // namespace attn::app

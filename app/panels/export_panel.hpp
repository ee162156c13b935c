#pragma once

#include <string>

#include "app/widgets/ui.hpp"

namespace attn::app {

/// What is exported and how it looks: the options at the left, at the right the figure itself, the name
/// below.
class ExportPanel {
 public:
  void draw(const AppState& state, Ui& ui, const Dispatch& dispatch);

 private:
  void draw_options(const AppState& state, Ui& ui, const Dispatch& dispatch);
  void set_option(const AppState& state, const Dispatch& dispatch, const std::string& name,
                  nlohmann::json value);
  void draw_name(Ui& ui);
  void draw_buttons(const AppState& state, Ui& ui, const Dispatch& dispatch, bool entered);

  std::string path_;
  std::string problem_;  ///< why the last choice was not taken over
  bool was_open_ = false;
  bool entered_ = false;
  bool list_was_open_ = false;
};

}  // namespace attn::app

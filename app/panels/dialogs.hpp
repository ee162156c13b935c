#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/widgets/ui.hpp"

namespace attn::app {

/// Picks a file: the folder's documents and sub-folders, a path that can be typed, the recent files.
class OpenDialog {
 public:
  void draw(const AppState& state, Ui& ui, const Dispatch& dispatch);

 private:
  struct Entry {
    std::string name;
    bool folder = false;
  };
  void go_to(const std::filesystem::path& folder);
  void list_entries(const AppState& state, Ui& ui, const Dispatch& dispatch);
  void choose(const std::string& typed, const Dispatch& dispatch);

  std::filesystem::path folder_;
  std::vector<Entry> entries_;
  std::string typed_;
  std::string problem_;
  bool was_open_ = false;
};

/// Takes words or JSON that a person types or pastes.
class TextDialog {
 public:
  void draw(const AppState& state, Ui& ui, const Dispatch& dispatch);

 private:
  std::string text_;
};

/// Asks where the figure goes.
class ExportDialog {
 public:
  void draw(const AppState& state, Ui& ui, const Dispatch& dispatch);

 private:
  std::string path_;
  bool was_open_ = false;
};

/// What was refused, newest first; each can be copied.
void draw_error_list(const AppState& state, Ui& ui, const Dispatch& dispatch);

/// Every command with its key, and the first steps.
void draw_help_sheet(const AppState& state, Ui& ui, const Dispatch& dispatch);

/// Version, renderer, libraries.
void draw_about_sheet(const AppState& state, Ui& ui, const Dispatch& dispatch, const std::string& facts);

}  // namespace attn::app

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/widgets/ui.hpp"

namespace attn::app {

/// Picks a file to open, settings to load, or the document of a figure: the folder's files of those kinds and
/// its sub-folders, a path that can be typed.
class OpenDialog {
 public:
  void draw(const AppState& state, Ui& ui, const Dispatch& dispatch);

 private:
  struct Entry {
    std::string name;
    bool folder = false;
  };
  void go_to(const std::filesystem::path& folder);
  void list_entries(Ui& ui, const Dispatch& dispatch);
  void choose(const std::string& typed, const Dispatch& dispatch);

  std::filesystem::path folder_;
  std::vector<Entry> entries_;
  std::string typed_;
  std::string problem_;
  const char* title_ = "Open";
  bool for_settings_ = false;
  bool for_figure_ = false;
  bool was_open_ = false;
};

/// Takes words or JSON that a person types or pastes.
class TextDialog {
 public:
  void draw(const AppState& state, Ui& ui, const Dispatch& dispatch);

 private:
  std::string text_;
};

/// Asks for the path that something is written to. One of these for a session, a settings file.
class PathDialog {
 public:
  struct Purpose {
    Dialog dialog;
    const char* title;
    const char* meaning;
    const char* verb;  ///< of the button
    std::string (*default_name)(const AppState& state);
    Action (*action)(const std::filesystem::path& path);
  };
  explicit PathDialog(const Purpose& purpose) : purpose_(purpose) {}
  void draw(const AppState& state, Ui& ui, const Dispatch& dispatch);

 private:
  Purpose purpose_;
  std::string path_;
  bool was_open_ = false;
};
[[nodiscard]] PathDialog session_dialog();
[[nodiscard]] PathDialog settings_dialog();

/// What was read and inferred of the document, and what looks wrong.
void draw_report_sheet(const AppState& state, Ui& ui, const Dispatch& dispatch);

/// What was refused, newest first; each can be copied.
void draw_error_list(const AppState& state, Ui& ui, const Dispatch& dispatch);

/// Every command with its key, and the first steps.
void draw_help_sheet(const AppState& state, Ui& ui, const Dispatch& dispatch);

/// Version, renderer, libraries.
void draw_about_sheet(const AppState& state, Ui& ui, const Dispatch& dispatch, const std::string& facts);

}  // namespace attn::app

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "app/state/app_state.hpp"

namespace attn::app {

/// Live while the mouse is held, Committed when it is released: a drag is one step of undo.
enum class Gesture { live, committed };

/// Sets one key of the settings, for all layers. `label` names the step in the history.
struct SetSetting {
  std::string key;
  nlohmann::json value;
  std::string label;
  Gesture gesture = Gesture::committed;
};
struct Undo {};
struct Redo {};
struct GoToStep {
  std::size_t step = 0;
};

struct OpenFile {
  std::filesystem::path path;
};
struct OpenText {
  std::string text;  ///< JSON, or plain text to be split into tokens
};
struct DocumentRead {
  std::shared_ptr<const Document> document;
  std::filesystem::path path;  ///< empty where it came from text
};
struct Refuse {
  Error error;
};
struct ClearErrors {};
struct Say {
  std::string message;
};

struct ShowLayer {
  std::size_t layer = 0;
};
struct ShowHead {
  HeadChoice head;
};
struct ShowView {
  View view;  ///< stage, colormap, range, labels
};
struct MoveCamera {
  Camera camera;
};
struct SetDark {
  bool dark = true;
};
struct Hover {
  std::optional<Cell> cell;
};
struct Pin {
  std::optional<Cell> cell;
};
struct ShowDialog {
  Dialog dialog = Dialog::none;
};

struct Export {
  std::filesystem::path path;
};
struct Exported {
  std::filesystem::path path;
};
struct CopyCommandLine {};
struct PasteClipboard {};
struct MapReady {
  MapResult result;
};
struct RecentFilesChanged {
  std::vector<std::filesystem::path> files;
};
struct Quit {};

using Action =
    std::variant<SetSetting, Undo, Redo, GoToStep, OpenFile, OpenText, DocumentRead, Refuse, ClearErrors, Say,
                 ShowLayer, ShowHead, ShowView, MoveCamera, SetDark, Hover, Pin, ShowDialog, Export, Exported,
                 CopyCommandLine, PasteClipboard, MapReady, RecentFilesChanged, Quit>;

// What reduce wants done outside: values, carried out by whoever runs the loop.
struct ReadFile {
  std::filesystem::path path;
};
struct ReadText {
  std::string text;
};
struct Compute {
  MapRequest request;
};
struct WriteFigure {
  Project project;
  ViewState view;
  std::filesystem::path path;
};
struct CopyText {
  std::string text;
};
struct ReadClipboard {};
struct RememberFile {
  std::filesystem::path path;
};

using Effect = std::variant<ReadFile, ReadText, Compute, WriteFigure, CopyText, ReadClipboard, RememberFile>;

}  // namespace attn::app

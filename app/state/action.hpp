#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/state/app_state.hpp"
#include "app/state/figure_record.hpp"
#include "app/state/session.hpp"

namespace attn::app {

/// Live while the mouse is held, Committed when it is released: a drag is one step of undo. Steps by key that
/// follow one another are one step, too.
enum class Gesture { live, committed, stepped };

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
  Source source;
  bool reload = false;  ///< the same file again: settings and view stay
};
struct FileChanged {};  ///< the open document's file, on disk
struct Reload {};
/// How far the map is, while it takes long.
struct Computing {
  std::optional<double> fraction;
};
struct CancelTasks {};  ///< reading, exporting and computing that is under way
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
struct ShowGrid {
  bool grid = true;
};
struct SetOwnRange {
  bool own_range = true;
};
struct SetPreferences {
  Preferences preferences;
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
struct SetFigure {
  FigureOptions options;
};
/// How many pixels of the screen a preview has.
struct SetPreviewRoom {
  int width = 0, height = 0;
};
struct PreviewReady {
  FigurePreview preview;
};
struct CopyImage {};
struct CopyNumbers {};
struct PutOnClipboard {
  std::string text;
  std::string message;
};
struct CopyCommandLine {};
struct PasteClipboard {};
struct MapReady {
  MapResult result;
};
struct SheetReady {
  HeadSheet sheet;
};
struct SaveSession {
  std::filesystem::path path;
};
struct SaveSettings {
  std::filesystem::path path;
};
struct CopySettings {};
/// A settings file or a session was read: its settings take the place of the window's.
struct SettingsRead {
  nlohmann::json settings;
  std::string label = "settings from a file";
  std::string message = "Settings read";
};
struct SessionRead {
  std::shared_ptr<const Document> document;
  SessionContent session;
  bool figure = false;  ///< the session of a figure's file
};
/// A figure's document is neither open, nor among the recent files, nor beside the figure.
struct AskForDocument {
  SoughtDocument sought;
};
/// The file that the person picked for it.
struct OpenSought {
  std::filesystem::path path;
};
struct RecentFilesChanged {
  std::vector<std::filesystem::path> files;
};
struct Quit {};

using Action = std::variant<SetSetting, Undo, Redo, GoToStep, OpenFile, OpenText, DocumentRead, FileChanged,
                            Reload, CancelTasks, Computing, Refuse, ClearErrors, Say, ShowLayer, ShowHead,
                            ShowView, MoveCamera, ShowGrid, SetOwnRange, SetPreferences, Hover, Pin,
                            ShowDialog, Export, Exported, CopyCommandLine, PasteClipboard, MapReady,
                            SheetReady, SaveSession, SaveSettings, CopySettings, SettingsRead, SessionRead,
                            AskForDocument, OpenSought, SetFigure, SetPreviewRoom, PreviewReady, CopyImage,
                            CopyNumbers, PutOnClipboard, RecentFilesChanged, Quit>;

// What reduce wants done outside: values, carried out by whoever runs the loop.
struct ReadFile {
  std::filesystem::path path;
  bool reload = false;
  std::size_t document = 0;                  ///< which one of the file
  std::vector<std::filesystem::path> known;  ///< where a figure's document may be
  std::optional<FigureRecord> figure;        ///< whose document this is
};
struct ReadText {
  std::string text;
};
struct Compute {
  MapRequest request;
};
struct ComputeSheet {
  SheetRequest request;
};
struct WriteFigure {
  FigureJob job;
  std::filesystem::path path;
};
struct ComposePreview {
  PreviewRequest request;
};
struct CopyFigure {
  FigureJob job;
};
struct CopyMap {
  std::shared_ptr<const StageMap> map;
  std::vector<std::string> rows, columns;  ///< their labels; indices where there are others
};
struct WriteText {
  std::string text;
  std::filesystem::path path;
};
struct StopTasks {};
struct KeepPreferences {
  Preferences preferences;
};
struct CopyText {
  std::string text;
};
struct ReadClipboard {};
struct RememberFile {
  std::filesystem::path path;
};

using Effect =
    std::variant<ReadFile, ReadText, Compute, ComputeSheet, WriteFigure, ComposePreview, CopyFigure, CopyMap,
                 WriteText, StopTasks, KeepPreferences, CopyText, ReadClipboard, RememberFile>;

}  // namespace attn::app

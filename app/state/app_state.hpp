#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/state/in_force.hpp"
#include "app/state/row_summary.hpp"
#include "core/attention/settings.hpp"
#include "core/document/document.hpp"
#include "core/engine/head_sheet.hpp"
#include "core/engine/map_request.hpp"
#include "core/figure/figure_job.hpp"

namespace attn::app {

/// Where a document came from, so that a session can bring it back.
struct Source {
  std::filesystem::path path;               ///< empty where it came from text
  std::shared_ptr<const std::string> text;  ///< the text, where it did

  [[nodiscard]] bool operator==(const Source&) const = default;
};

/// What a person works on: undo brings back exactly this.
struct Project {
  std::shared_ptr<const Document> document;  ///< never null
  SettingsStack settings;
  Source source{};

  [[nodiscard]] bool operator==(const Project&) const = default;
};

/// A number that is equal for equal projects: the document's fingerprint and every setting.
[[nodiscard]] std::uint64_t project_hash(const Project& project);

/// Past and coming projects. `steps[at]` is the present one.
struct History {
  struct Step {
    Project project;
    std::string label;  ///< `temperature 0.85`, `open induction.json`
  };
  std::vector<Step> steps;
  std::size_t at = 0;
  std::string open_gesture;  ///< the setting that a drag is changing: its steps are one
};

/// Which part of the map is on the screen, in cells.
struct Camera {
  bool fit = true;             ///< the whole map, whatever the window's size; the rest is then unused
  double row = 0, column = 0;  ///< of the cell at the top left corner of the map's area
  double cell = 16;            ///< pixels a cell

  [[nodiscard]] bool operator==(const Camera&) const = default;
};

/// What is looked at: saved, not undone.
struct ViewState {
  View view;  ///< stage, colormap, range, labels
  std::size_t layer = 0;
  HeadChoice head;
  Camera camera;
  bool grid = false;       ///< all layers × heads in place of one map
  bool own_range = false;  ///< thumbnails: each head its own colour range
  FigureOptions figure;    ///< of what is exported
};

/// What a person likes, whatever the document; kept from one start to the next.
struct Preferences {
  bool dark = true;
  double scale = 1;          ///< of everything in the window, on top of the screen's
  bool auto_reload = false;  ///< read a document again, unasked, when its file changes
  bool trace = false;        ///< what each step of the map computed, beside the cell
  FigureOptions figure;      ///< as the last export had them, without the words of one document

  [[nodiscard]] bool operator==(const Preferences&) const = default;
};

/// The settings of a session or settings file and, for a session, its view.
struct SessionContent {
  Source source;          ///< the document to be read first
  std::size_t index = 0;  ///< which one of its file
  std::string fingerprint;
  SettingsStack settings;
  ViewState view;
};

/// What a figure's file carries so that it can be opened again: what a session holds, without any path.
struct FigureRecord {
  std::string document;  ///< the name of its file, without folders; empty where it came from text
  std::string title;     ///< of the document, for people
  /// Its source holds the text where the document came from text, else nothing; the view is that of the
  /// figure, with its options.
  SessionContent session;
};

/// A document that a figure was made from, and that only the person can find.
struct SoughtDocument {
  std::filesystem::path figure;
  FigureRecord record;
};

/// A figure as the screen shows it before it is written.
struct PreviewRequest {
  FigureJob job;
  int width = 0, height = 0;  ///< pixels of the screen that it may take
  std::uint64_t revision = 0;
};
struct FigurePreview {
  std::uint64_t revision = 0;
  std::shared_ptr<const PixelImage> image;  ///< null where `error` is set
  int width = 0, height = 0;                ///< of the figure, in its own pixels
  double dpi = 96;
  std::size_t frames = 1;
  std::optional<Error> error;
};

struct Cell {
  Index row = 0, column = 0;
  [[nodiscard]] bool operator==(const Cell&) const = default;
};

enum class Dialog {
  none,
  open,
  open_settings,
  text,
  export_figure,
  save_session,
  save_settings,
  errors,  ///< the newest refusal
  report,
  help,
  about,
  error_list,
  find_document,  ///< of a figure
};

/// A document that comes with the program.
struct Sample {
  std::filesystem::path path;
  std::string title;
  std::string look_at;  ///< one sentence; may be empty
};

/// What the window itself is doing: neither saved nor undone.
struct UiState {
  std::optional<Cell> hovered, pinned;
  Dialog dialog = Dialog::none;
  bool loading = false;
  bool exporting = false;
  bool changed_on_disk = false;
  std::optional<double> computing;  ///< 0 to 1 while a map takes long enough to be noticed
  std::vector<Error> errors;        ///< newest last
  std::string message;              ///< what was done last, for the status line
  std::vector<std::filesystem::path> recent;
  std::vector<Sample> samples;
  std::optional<SoughtDocument> sought;
  int preview_width = 0, preview_height = 0;  ///< pixels of the screen; 0: no preview is looked at
  std::string image_copier;  ///< the program that puts a picture on the clipboard; empty: there is none
  bool quit = false;
};

/// What the engine answered last.
struct Computed {
  std::shared_ptr<const StageMap> map;
  std::vector<RowFlag> flags;  ///< of its rows, each kind once
  std::shared_ptr<const RowProbe> probe;
  RowSummary row;               ///< of `probe`
  std::vector<MaskTerm> masks;  ///< in force
  std::optional<Error> error;   ///< why the newest request was refused; the map is then an older one
  bool renormalised = false;
  std::vector<std::string> synthetic;  ///< parameters drawn from the seed
  double milliseconds = 0;
  std::shared_ptr<const Trace> trace;  ///< how `map` was made
  HeadSheet sheet;                     ///< every head, small; no map where there is but one
  FigurePreview preview;               ///< of the figure that would be exported
};

struct AppState {
  Project project;
  ViewState view;
  UiState ui;
  History history;
  Preferences preferences;
  LayerSettings layers;                     ///< project.settings in force, a layer each: derived by reduce
  Settings settings;                        ///< the same for view.layer: derived by reduce
  std::shared_ptr<const InForce> in_force;  ///< never null: derived by reduce
  std::optional<MapRequest> requested;      ///< the newest request: derived by reduce
  std::optional<SheetRequest> sheet_requested;
  std::optional<PreviewRequest> preview_requested;
  Computed computed;

  [[nodiscard]] const Document& document() const { return *project.document; }
  [[nodiscard]] const Layer& layer() const { return project.document->layers[view.layer]; }
  /// The cell that the inspector speaks of.
  [[nodiscard]] const std::optional<Cell>& inspected() const { return ui.hovered ? ui.hovered : ui.pinned; }
  /// Heads of the layer in force.
  [[nodiscard]] std::size_t heads() const { return settings.heads.value_or(layer().heads); }
};

/// The settings in force for each layer. Errors: setting.
[[nodiscard]] Result<LayerSettings> settings_of_layers(const Document& document,
                                                       const SettingsStack& settings);

/// A state that shows `document`. Errors: setting, where the document's settings are refused.
[[nodiscard]] Result<AppState> initial_state(std::shared_ptr<const Document> document,
                                             SettingsStack settings = {});

}  // namespace attn::app

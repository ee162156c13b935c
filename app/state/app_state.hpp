#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/attention/settings.hpp"
#include "core/document/document.hpp"
#include "core/engine/map_request.hpp"

namespace attn::app {

/// What a person works on: undo brings back exactly this.
struct Project {
  std::shared_ptr<const Document> document;  ///< never null
  SettingsStack settings;

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
  bool dark = true;
};

struct Cell {
  Index row = 0, column = 0;
  [[nodiscard]] bool operator==(const Cell&) const = default;
};

enum class Dialog { none, open, text, export_figure, errors, help, about };

/// What the window itself is doing: neither saved nor undone.
struct UiState {
  std::optional<Cell> hovered, pinned;
  Dialog dialog = Dialog::none;
  bool loading = false;
  bool exporting = false;
  std::vector<Error> errors;  ///< newest last
  std::string message;        ///< what was done last, for the status line
  std::vector<std::filesystem::path> recent;
  bool quit = false;
};

/// What the engine answered last.
struct Computed {
  std::shared_ptr<const StageMap> map;
  std::shared_ptr<const RowProbe> probe;
  std::vector<MaskTerm> masks;  ///< in force
  std::optional<Error> error;   ///< why the newest request was refused; the map is then an older one
  bool renormalised = false;
  double milliseconds = 0;
};

struct AppState {
  Project project;
  ViewState view;
  UiState ui;
  History history;
  Settings settings;                    ///< project.settings in force for view.layer: derived by reduce
  std::optional<MapRequest> requested;  ///< the newest request: derived by reduce
  Computed computed;

  [[nodiscard]] const Document& document() const { return *project.document; }
  [[nodiscard]] const Layer& layer() const { return project.document->layers[view.layer]; }
  /// Heads of the layer in force.
  [[nodiscard]] std::size_t heads() const { return settings.heads.value_or(layer().heads); }
};

/// A state that shows `document`. Errors: setting, where the document's settings are refused.
[[nodiscard]] Result<AppState> initial_state(std::shared_ptr<const Document> document,
                                             SettingsStack settings = {});

}  // namespace attn::app

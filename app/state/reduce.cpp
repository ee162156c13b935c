#include "app/state/reduce.hpp"

#include <algorithm>
#include <concepts>

#include <fmt/format.h>

#include "app/state/command_line.hpp"
#include "app/state/figure_record.hpp"
#include "app/state/requests.hpp"
#include "app/state/transitions.hpp"
#include "core/base/text.hpp"
#include "core/figure/figure_job.hpp"

namespace attn::app {
namespace {

constexpr std::size_t kMaxCopiedCells = 1'000'000;
constexpr auto kReplace = nlohmann::json::error_handler_t::replace;

std::vector<RowFlag> kinds_of_flags(const std::vector<RowFlag>& rows) {
  std::vector<RowFlag> kinds;
  for (const RowFlag flag : rows) {
    if (!std::ranges::count(kinds, flag)) kinds.push_back(flag);
  }
  return kinds;
}

// The inspector's row and the rank of its cell.
void summarise_row(AppState& state) {
  const auto& cell = state.inspected();
  const auto& probe = state.computed.probe;
  const bool of_cell = cell && probe && probe->row == cell->row;
  state.computed.row =
      row_summary(std::move(state.computed.row), probe, of_cell ? std::optional(cell->column) : std::nullopt);
}

void show_map(AppState& state, const MapResult& result) {
  if (!state.requested || result.revision != state.requested->revision) {
    // An older answer is still worth showing while the newest is on its way, if it is of the same document.
    const bool same =
        state.requested && result.map && state.computed.map && result.map->rows == state.computed.map->rows;
    if (!same) return;
  }
  state.computed.error = result.error;
  if (!result.map) return;
  if (state.computed.map != result.map) state.computed.flags = kinds_of_flags(result.map->row_flags);
  state.computed.map = result.map;
  state.computed.masks = result.masks;
  state.computed.renormalised = result.renormalised;
  state.computed.synthetic = result.synthetic;
  state.computed.probe = result.probe;
  state.computed.trace = result.trace;
  if (result.milliseconds > 0) state.computed.milliseconds = result.milliseconds;
}

template <class A, class... Others>
concept IsOneOf = (std::same_as<A, Others> || ...);

// Every knob that is turned, as a settings file holds it.
std::string settings_text(const AppState& state) {
  return changed_settings_json(state).dump(1, ' ', false, kReplace) + "\n";
}

// What the last message spoke of is over once one of these comes.
template <class A>
constexpr bool kEndsMessage = IsOneOf<A, SetSetting, Undo, Redo, GoToStep, ShowLayer, ShowHead, ShowView,
                                      ShowGrid, SetOwnRange, SetPreferences>;

// One overload an action.
class Reducer {
 public:
  Reducer(AppState& in_state, std::vector<Effect>& in_effects) : state(in_state), effects(in_effects) {}

  void operator()(const SetSetting& action) const { set_setting(state, action); }
  void operator()(const Undo&) const {
    if (state.history.at > 0) go_to_step(state, state.history.at - 1);
  }
  void operator()(const Redo&) const { go_to_step(state, state.history.at + 1); }
  void operator()(const GoToStep& action) const { go_to_step(state, action.step); }

  void operator()(const OpenFile& action) const {
    state.ui.loading = true;
    state.ui.dialog = Dialog::none;
    effects.emplace_back(ReadFile{action.path, false, 0, known_files(), std::nullopt});
  }
  void operator()(const AskForDocument& action) const {
    state.ui.loading = false;
    state.ui.sought = action.sought;
    state.ui.dialog = Dialog::find_document;
  }
  void operator()(const OpenSought& action) const {
    if (!state.ui.sought) return;
    state.ui.loading = true;
    state.ui.dialog = Dialog::none;
    const FigureRecord& record = state.ui.sought->record;
    effects.emplace_back(ReadFile{action.path, false, record.session.index, {}, record});
    state.ui.sought.reset();
  }
  void operator()(const OpenText& action) const {
    state.ui.loading = true;
    state.ui.dialog = Dialog::none;
    effects.emplace_back(ReadText{action.text});
  }
  void operator()(const DocumentRead& action) const {
    if (action.reload && state.project.source == action.source) {
      reload_document(state, action);
      return;
    }
    show_document(state, action);
    remember(action.document, action.source);
  }
  void operator()(const SessionRead& action) const {
    show_session(state, action);
    remember(action.document, action.session.source);
  }
  void operator()(const SettingsRead& action) const { use_settings(state, action); }
  void operator()(const FileChanged&) const {
    if (state.preferences.auto_reload) {
      (*this)(Reload{});
    } else {
      state.ui.changed_on_disk = true;
    }
  }
  void operator()(const Reload&) const {
    if (state.project.source.path.empty()) return;
    state.ui.loading = true;
    effects.emplace_back(ReadFile{state.project.source.path, true, state.document().index, {}, std::nullopt});
  }
  void operator()(const Computing& action) const { state.ui.computing = action.fraction; }
  void operator()(const CancelTasks&) const {
    if (state.ui.loading || state.ui.exporting) state.ui.message = "Cancelled";
    state.ui.loading = false;
    state.ui.exporting = false;
    effects.emplace_back(StopTasks{});
  }
  void operator()(const Refuse& action) const {
    state.ui.loading = false;
    state.ui.exporting = false;
    add_error(state, action.error);
  }
  void operator()(const ClearErrors&) const {
    state.ui.errors.clear();
    if (state.ui.dialog == Dialog::errors || state.ui.dialog == Dialog::error_list)
      state.ui.dialog = Dialog::none;
  }
  void operator()(const Say& action) const { state.ui.message = action.message; }

  void operator()(const ShowLayer& action) const {
    const std::size_t before = state.view.layer;
    state.view.layer = action.layer;
    if (auto good = refresh(state); !good) {
      state.view.layer = before;
      add_error(state, good.error());
    }
  }
  void operator()(const ShowHead& action) const {
    if (action.head.head < static_cast<Index>(state.heads())) state.view.head = action.head;
  }
  void operator()(const ShowView& action) const { state.view.view = action.view; }
  void operator()(const MoveCamera& action) const { state.view.camera = action.camera; }
  void operator()(const ShowGrid& action) const {
    state.view.grid = action.grid;
    state.ui.hovered.reset();
  }
  void operator()(const SetOwnRange& action) const { state.view.own_range = action.own_range; }
  void operator()(const SetPreferences& action) const {
    // Options that were chosen since, or that a figure brought along, are not what the person usually likes.
    const bool as_usual = state.view.figure == state.preferences.figure;
    state.preferences = action.preferences;
    if (as_usual) state.view.figure = state.preferences.figure;
    effects.emplace_back(KeepPreferences{action.preferences});
  }
  void operator()(const Hover& action) const { state.ui.hovered = action.cell; }
  void operator()(const Pin& action) const { state.ui.pinned = action.cell; }
  void operator()(const ShowDialog& action) const { state.ui.dialog = action.dialog; }

  void operator()(const Export& action) const {
    if (auto format = figure_format_of(action.path); !format) {
      add_error(state, format.error());
      return;
    }
    state.ui.exporting = true;
    effects.emplace_back(WriteFigure{figure_job(state), action.path});
    remember_figure();
  }
  void operator()(const Exported& action) const {
    // What was written is a figure, a session or settings: only a figure's panel waits for it.
    if (state.ui.exporting && state.ui.dialog == Dialog::export_figure) state.ui.dialog = Dialog::none;
    state.ui.exporting = false;
    state.ui.message = fmt::format("Wrote {}", action.path.string());
  }
  void operator()(const SetFigure& action) const { state.view.figure = action.options; }
  void operator()(const SetPreviewRoom& action) const {
    state.ui.preview_width = action.width;
    state.ui.preview_height = action.height;
  }
  void operator()(const PreviewReady& action) const {
    if (state.preview_requested && action.preview.revision == state.preview_requested->revision)
      state.computed.preview = action.preview;
  }
  void operator()(const CopyImage&) const {
    effects.emplace_back(CopyFigure{figure_job(state)});
    state.ui.message = "Copying the figure …";
  }
  void operator()(const CopyNumbers&) const {
    const auto& map = state.computed.map;
    if (!map) return;
    const auto cells = static_cast<std::size_t>(map->rows) * static_cast<std::size_t>(map->columns);
    if (cells > kMaxCopiedCells) {
      add_error(state, {ErrorCode::limit,
                        {},
                        "Copy numbers",
                        fmt::format("at most {} cells", grouped(kMaxCopiedCells)),
                        grouped(cells),
                        "attnscope compute writes maps of any size to a file."});
      return;
    }
    const bool keys = info(map->stage).columns == Columns::keys;
    const bool rows_are_keys = map->stage == Stage::k || map->stage == Stage::v;
    const Document& document = state.document();
    effects.emplace_back(CopyMap{
        map, (rows_are_keys ? document.key_of(state.layer()) : document.query_of(state.layer())).tokens,
        keys ? document.key_of(state.layer()).tokens : std::vector<std::string>()});
  }
  void operator()(const PutOnClipboard& action) const {
    effects.emplace_back(CopyText{action.text});
    state.ui.message = action.message;
  }
  void operator()(const CopyCommandLine&) const {
    effects.emplace_back(CopyText{command_line(state)});
    state.ui.message = "Copied the command line that exports this figure";
  }
  void operator()(const SaveSession& action) const {
    state.ui.dialog = Dialog::none;
    effects.emplace_back(WriteText{session_to_json(state).dump(1, ' ', false, kReplace) + "\n", action.path});
  }
  void operator()(const SaveSettings& action) const {
    state.ui.dialog = Dialog::none;
    effects.emplace_back(WriteText{settings_text(state), action.path});
  }
  void operator()(const CopySettings&) const {
    effects.emplace_back(CopyText{settings_text(state)});
    state.ui.message = "Copied the settings";
  }
  void operator()(const PasteClipboard&) const { effects.emplace_back(ReadClipboard{}); }
  void operator()(const MapReady& action) const { show_map(state, action.result); }
  void operator()(const SheetReady& action) const {
    if (state.sheet_requested && action.sheet.revision == state.sheet_requested->revision) {
      state.computed.sheet = action.sheet;
    }
  }
  void operator()(const RecentFilesChanged& action) const { state.ui.recent = action.files; }
  void operator()(const Quit&) const { state.ui.quit = true; }

 private:
  AppState& state;
  std::vector<Effect>& effects;

  // Where the document of a figure may be.
  [[nodiscard]] std::vector<std::filesystem::path> known_files() const {
    std::vector<std::filesystem::path> known{state.project.source.path};
    for (const History::Step& step : state.history.steps) {
      if (known.back() != step.project.source.path) known.push_back(step.project.source.path);
    }
    known.insert(known.end(), state.ui.recent.begin(), state.ui.recent.end());
    for (const Sample& sample : state.ui.samples) known.push_back(sample.path);
    return known;
  }

  // The words of one document are not those of the next.
  void remember_figure() const {
    Preferences preferences = state.preferences;
    preferences.figure = state.view.figure;
    for (auto word : {&FigureOptions::title, &FigureOptions::caption, &FigureOptions::row_axis,
                      &FigureOptions::column_axis, &FigureOptions::value_name})
      preferences.figure.*word = FigureOptions{}.*word;
    preferences.figure.other.reset();
    preferences.figure.sweep.reset();
    if (preferences.figure.kind == FigureKind::compare) preferences.figure.kind = FigureKind::map;
    preferences.figure.row_labels = preferences.figure.column_labels = {};
    preferences.figure.highlight_rows.clear();
    preferences.figure.highlight_columns.clear();
    if (preferences == state.preferences) return;
    state.preferences = preferences;
    effects.emplace_back(KeepPreferences{std::move(preferences)});
  }

  void remember(const std::shared_ptr<const Document>& document, const Source& source) const {
    const bool opened = state.project.document == document;
    if (opened && !source.path.empty()) effects.emplace_back(RememberFile{source.path});
  }
};

}  // namespace

Reduced reduce(AppState state, const Action& action) {
  Reduced reduced{std::move(state), {}};
  std::visit(
      [&]<class A>(const A& one) {
        if constexpr (kEndsMessage<A>) reduced.state.ui.message.clear();
        Reducer(reduced.state, reduced.effects)(one);
      },
      action);
  summarise_row(reduced.state);
  request_pictures(reduced.state, reduced.effects);
  return reduced;
}

}  // namespace attn::app

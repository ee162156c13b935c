#include "app/state/requests.hpp"

#include <optional>
#include <utility>

#include "app/state/figure_record.hpp"
#include "core/document/limits.hpp"

namespace attn::app {
namespace {

bool same_request(const MapRequest& a, const MapRequest& b) {
  return a.document == b.document && a.settings == b.settings && a.head == b.head &&
         a.probe_row == b.probe_row;
}

MapRequest wanted_map(const AppState& state) {
  MapRequest request;
  request.document = state.project.document;
  request.settings = state.settings;
  request.settings.layer = state.view.layer;
  request.settings.view = state.view.view;
  request.head = state.view.head;
  if (const auto& cell = state.inspected()) request.probe_row = cell->row;
  return request;
}

// Every head, small: of the stage that is shown, or of the weights where that has no map a head.
std::optional<SheetRequest> wanted_sheet(const AppState& state) {
  std::size_t heads = 0;
  for (const Layer& layer : state.document().layers) heads += layer.heads;
  if (heads < 2 && state.heads() < 2) return std::nullopt;
  if (sheet_waits(state.document()) && !state.view.grid) return std::nullopt;
  SheetRequest request;
  request.document = state.project.document;
  request.settings = state.layers;
  const Stage stage = state.view.view.stage;
  const bool per_head = info(stage).columns == Columns::keys || stage == Stage::context;
  request.stage = per_head ? stage : Stage::weights;
  request.own_range = state.view.own_range;
  return request;
}

bool same_sheet(const SheetRequest& a, const SheetRequest& b) {
  return a.document == b.document && a.settings == b.settings && a.stage == b.stage &&
         a.own_range == b.own_range;
}

// Of the figure that would be exported, while its panel is open.
std::optional<PreviewRequest> wanted_preview(const AppState& state) {
  if (state.ui.dialog != Dialog::export_figure || state.ui.preview_width <= 0) return std::nullopt;
  return PreviewRequest{figure_job(state), state.ui.preview_width, state.ui.preview_height};
}

bool same_preview(const PreviewRequest& a, const PreviewRequest& b) {
  return a.job.document == b.job.document && a.job.settings == b.job.settings && a.job.layer == b.job.layer &&
         a.job.head == b.job.head && a.job.view == b.job.view && a.job.options == b.job.options &&
         a.width == b.width && a.height == b.height;
}

void request_preview(AppState& state, std::vector<Effect>& effects) {
  auto preview = wanted_preview(state);
  auto& requested = state.preview_requested;
  if (!preview) {
    // What nobody looks at is not kept; the revision is, so that a late answer is known as one.
    state.computed.preview = {};
    if (requested) requested->width = 0;
    return;
  }
  if (requested && same_preview(*requested, *preview)) return;
  preview->revision = requested ? requested->revision + 1 : 1;
  requested = preview;
  effects.emplace_back(ComposePreview{std::move(*preview)});
}

}  // namespace

bool sheet_waits(const Document& document) {
  return document.stored_numbers > limits::kTensorCacheBytes / sizeof(float);
}

void request_pictures(AppState& state, std::vector<Effect>& effects) {
  MapRequest wanted = wanted_map(state);
  auto& requested = state.requested;
  if (!requested || !same_request(*requested, wanted)) {
    wanted.revision = requested ? requested->revision + 1 : 1;
    requested = wanted;
    effects.emplace_back(Compute{std::move(wanted)});
  }
  request_preview(state, effects);
  auto sheet = wanted_sheet(state);
  auto& sheet_requested = state.sheet_requested;
  if (!sheet) {
    state.computed.sheet = {};
    sheet_requested.reset();
  } else if (!sheet_requested || !same_sheet(*sheet_requested, *sheet)) {
    sheet->revision = state.requested->revision;
    sheet_requested = sheet;
    effects.emplace_back(ComputeSheet{std::move(*sheet)});
  }
}

}  // namespace attn::app

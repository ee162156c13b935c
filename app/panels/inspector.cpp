#include "app/panels/inspector.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/widgets/widgets.hpp"
#include "core/figure/layout/legend.hpp"

namespace attn::app {
namespace {

std::string token_at(const Sequence& sequence, Index index) {
  const auto at = static_cast<std::size_t>(index);
  return at < sequence.tokens.size() ? sequence.tokens[at] : std::to_string(index);
}

// The number that the map shows, with its stage's name.
void shown_value(const Ui& ui, std::string_view stage, const std::string& value) {
  ImGui::PushFont(ui.fonts.figure);
  ImGui::PushStyleColor(ImGuiCol_Text, ui.theme.chosen.u32());
  ImGui::TextUnformatted(value.c_str());
  ImGui::PopStyleColor();
  const float drop = ImGui::GetTextLineHeight();
  ImGui::PopFont();
  ImGui::SameLine();
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (drop - ImGui::GetTextLineHeight()) * 0.75f);
  ImGui::PushStyleColor(ImGuiCol_Text, ui.theme.text_quiet.u32());
  ImGui::TextUnformatted(stage.data(), stage.data() + stage.size());
  ImGui::PopStyleColor();
}

std::string shown_text(const StageMap& map, const Cell& cell) {
  return map.cell_class(cell.row, cell.column) == CellClass::masked
             ? "masked"
             : number_text(map.value(cell.row, cell.column));
}

void cell_section(const AppState& state, Ui& ui, const Cell& cell, const RowProbe& probe, bool pinned) {
  const Layer& layer = state.layer();
  const StageMap& map = *state.computed.map;
  const auto column = static_cast<std::size_t>(cell.column);
  caption(ui, pinned ? "pinned cell" : "cell under the pointer");
  shown_value(ui, info(map.stage).name, shown_text(map, cell));
  token_value_row(ui, fmt::format("query {}", cell.row),
                  token_at(state.document().query_of(layer), cell.row));
  token_value_row(ui, fmt::format("key {}", cell.column),
                  token_at(state.document().key_of(layer), cell.column));

  caption(ui, "where it comes from");
  if (!probe.scores.empty()) value_row(ui, "score", exact_text(probe.scores[column]));
  value_row(ui, "temperature", short_number_text(state.settings.temperature.all));
  value_row(ui, "logit", exact_text(probe.logits[column]));
  value_row(ui, "mask", probe.allowed[column] ? "allowed" : "masked");
  value_row(ui, "weight", exact_text(probe.weights[column]));
  const double gate = state.settings.head_gates.gate(static_cast<std::size_t>(state.view.head.head));
  if (gate != 1) value_row(ui, gate == 0 ? "head muted" : "head gain", number_text(gate));
}

// A cell of a stage whose columns are no keys: its value and its place.
void plain_cell_section(const AppState& state, Ui& ui, const Cell& cell, bool pinned) {
  const StageMap& map = *state.computed.map;
  caption(ui, pinned ? "pinned cell" : "cell under the pointer");
  shown_value(ui, info(map.stage).name, shown_text(map, cell));
  const bool is_key = map.stage == Stage::k || map.stage == Stage::v;
  const Layer& layer = state.layer();
  const Sequence& rows = is_key ? state.document().key_of(layer) : state.document().query_of(layer);
  token_value_row(ui, fmt::format("{} {}", is_key ? "key" : "query", cell.row), token_at(rows, cell.row));
  value_row(ui, "dimension", std::to_string(cell.column));
}

void row_section(const AppState& state, Ui& ui, const RowProbe& probe) {
  caption(ui, fmt::format("row {}", probe.row));
  const RowSummary& summary = state.computed.row;
  const Sequence& keys = state.document().key_of(state.layer());
  const double most =
      summary.heaviest.empty() ? 1 : std::max(probe.weights[summary.heaviest.front()], 1e-300);
  for (const std::size_t key : summary.heaviest) {
    const double weight = probe.weights[key];
    if (!probe.allowed[key] && weight == 0) break;
    token_bar_row(ui, token_at(keys, static_cast<Index>(key)), static_cast<float>(weight / most),
                  fmt::format("{:.4f}", weight));
  }
  ImGui::Dummy({0, ui.px(4)});
  value_row(ui, "sum", number_text(summary.sum));
  const bool has_entropy = summary.sum != 0 || probe.flag != RowFlag::empty;
  value_row(ui, "entropy", has_entropy ? fmt::format("{} nats", number_text(summary.entropy)) : "–");
  value_row(ui, "keys allowed", std::to_string(summary.allowed));
  if (const std::string_view flag = sentence_of(probe.flag); !flag.empty()) hint(ui, flag);
}

// What each step of the map did: for those who want to know why it took so long.
void trace_section(Ui& ui, const Trace& trace) {
  caption(ui, "what was computed");
  mark_item(ui, "inspector.trace");
  for (const TraceStep& step : trace) {
    value_row(ui, step.name, step.reused ? "kept" : fmt::format("{:.2f} ms", step.milliseconds));
    hint(ui, step.detail);
  }
}

void draw_cell(const AppState& state, Ui& ui) {
  const auto& cell = state.inspected();
  const auto& probe = state.computed.probe;
  const bool keys = state.computed.map && info(state.computed.map->stage).columns == Columns::keys;
  const bool in_map = cell && state.computed.map && cell->row < state.computed.map->rows &&
                      cell->column < state.computed.map->columns;
  const bool ready = cell && probe && probe->row == cell->row && keys && in_map &&
                     cell->column < static_cast<Index>(probe->weights.size());
  const bool pinned = !state.ui.hovered || cell == state.ui.pinned;
  if (!ready && in_map && !keys) {
    plain_cell_section(state, ui, *cell, pinned);
    return;
  }
  if (!ready) {
    caption(ui, "cell");
    hint(ui, "Point at a cell to read its numbers. Click to pin it. Scroll to zoom, drag to move, F to fit.");
    return;
  }
  cell_section(state, ui, *cell, *probe, pinned);
  row_section(state, ui, *probe);
}

}  // namespace

void draw_inspector(const AppState& state, Ui& ui, const Dispatch&) {
  draw_cell(state, ui);
  if (state.preferences.trace && state.computed.trace) trace_section(ui, *state.computed.trace);
}

}  // namespace attn::app

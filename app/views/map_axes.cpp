#include "app/views/map_axes.hpp"

#include <algorithm>
#include <cmath>

#include "core/figure/labels.hpp"
#include "core/figure/layout/figure_theme.hpp"

namespace attn::app {
namespace {

constexpr float kLabelSize = 13;
constexpr float kLongestLabel = 140;
constexpr float kColumnAngle = 60;
constexpr float kLevelAngle = 0;

gl::LabelStyle label_style(const Ui& ui, Color color) {
  gl::LabelStyle style;
  style.size = ui.px(kLabelSize);
  style.max_width = ui.px(kLongestLabel);
  style.color = color.u32();
  return style;
}

std::string token_or_index(const Sequence& sequence, Index index) {
  const auto at = static_cast<std::size_t>(index);
  return at < sequence.tokens.size() ? sequence.tokens[at] : std::to_string(index);
}

bool rows_are_keys(const StageMap& map) {
  return map.stage == Stage::k || map.stage == Stage::v;
}

float widest(Ui& ui, const std::vector<Index>& labels, const std::function<std::string(Index)>& text) {
  const gl::LabelStyle style = label_style(ui, ui.theme.text_body);
  float width = 0;
  for (const Index i : labels) width = std::max(width, gl::token_size(ui.labels, text(i), style).x);
  return width;
}

bool columns_are_numbers(const StageMap& map) {
  return info(map.stage).columns != Columns::keys;
}

float column_angle(const StageMap& map) {
  return columns_are_numbers(map) ? kLevelAngle : kColumnAngle;
}

std::string row_axis(const StageMap& map) {
  return rows_are_keys(map) ? "keys ↓" : "queries ↓";
}

std::string column_axis(const StageMap& map) {
  return columns_are_numbers(map) ? "dimension →" : "keys →";
}

// In the corner between the labels, one line each.
void draw_axis_names(const Ui& ui, const StageMap& map, const MapGeometry& geometry) {
  ImGui::PushFont(ui.fonts.small);
  float y = static_cast<float>(geometry.top()) - ui.px(6);
  for (const std::string& name : {row_axis(map), column_axis(map)}) {
    const ImVec2 size = ImGui::CalcTextSize(name.c_str());
    y -= size.y;
    ImGui::GetWindowDrawList()->AddText({static_cast<float>(geometry.left()) - ui.px(8) - size.x, y},
                                        ui.theme.text_quiet.u32(), name.c_str());
  }
  ImGui::PopFont();
}

// Of the names of both axes.
ImVec2 names_size(const Ui& ui, const StageMap& map) {
  ImGui::PushFont(ui.fonts.small);
  const ImVec2 row = ImGui::CalcTextSize(row_axis(map).c_str());
  const ImVec2 column = ImGui::CalcTextSize(column_axis(map).c_str());
  ImGui::PopFont();
  return {std::max(row.x, column.x) + ui.px(8), row.y + column.y + ui.px(6)};
}

// As the legend has it.
Color flag_text_color(const Ui& ui, RowFlag flag) {
  const Rgb color = flag_color(flag, ui.theme.is_dark ? attn::Theme::dark : attn::Theme::light);
  return {color.r, color.g, color.b};
}

void draw_row_labels(const AppState& state, Ui& ui, const StageMap& map, const MapGeometry& geometry,
                     const std::optional<Cell>& cursor) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Index step = label_step(geometry.cell, ui.px(kLabelSize + 3));
  const auto [first, last] = geometry.visible_rows();
  const auto draw = [&](Index row, bool chosen) {
    const auto y = static_cast<float>(geometry.y + (static_cast<double>(row) + 0.5) * geometry.cell);
    const auto x = static_cast<float>(geometry.left()) - ui.px(8);
    if (y < geometry.top() || y > geometry.bottom()) return;
    const RowFlag flag = flag_of(map, row);
    const Color color = chosen                    ? ui.theme.chosen
                        : flag == RowFlag::normal ? ui.theme.text_body
                                                  : flag_text_color(ui, flag);
    gl::token_text(ui.labels, list, {x, y}, row_text(state, map, row), label_style(ui, color), {1, 0.5f});
  };
  for (Index row = (first + step - 1) / step * step; row < last; row += step) {
    const bool hidden = cursor && cursor->row != row && std::abs(cursor->row - row) < step;
    if (!hidden) draw(row, cursor && cursor->row == row);
  }
  if (cursor && cursor->row % step != 0) draw(cursor->row, true);
}

void draw_column_labels(const AppState& state, Ui& ui, const StageMap& map, const MapGeometry& geometry,
                        const std::optional<Cell>& cursor) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float angle = column_angle(map);
  const double room = angle == kLevelAngle ? ui.px(30) : ui.px(kLabelSize + 3);
  const Index step = label_step(geometry.cell, room);
  const auto [first, last] = geometry.visible_columns();
  const auto draw = [&](Index column, bool chosen) {
    auto x = static_cast<float>(geometry.x + (static_cast<double>(column) + 0.5) * geometry.cell);
    const auto y = static_cast<float>(geometry.top()) - ui.px(6);
    if (x < geometry.left() || x > geometry.right()) return;
    gl::LabelStyle style = label_style(ui, chosen ? ui.theme.chosen : ui.theme.text_body);
    style.angle = angle;
    const ImVec2 anchor = angle == kLevelAngle ? ImVec2{0.5f, 1} : ImVec2{0, 0.5f};
    gl::token_text(ui.labels, list, {x, y}, column_text(state, map, column), style, anchor);
  };
  for (Index column = (first + step - 1) / step * step; column < last; column += step) {
    const bool hidden = cursor && cursor->column != column && std::abs(cursor->column - column) < step;
    if (!hidden) draw(column, cursor && cursor->column == column);
  }
  if (cursor && cursor->column % step != 0) draw(cursor->column, true);
}

}  // namespace

std::string row_text(const AppState& state, const StageMap& map, Index row) {
  const Layer& layer = state.layer();
  return token_or_index(
      rows_are_keys(map) ? state.document().key_of(layer) : state.document().query_of(layer), row);
}

std::string column_text(const AppState& state, const StageMap& map, Index column) {
  if (columns_are_numbers(map)) return std::to_string(column);
  return token_or_index(state.document().key_of(state.layer()), column);
}

RowFlag flag_of(const StageMap& map, Index row) {
  const auto at = static_cast<std::size_t>(row);
  return at < map.row_flags.size() ? map.row_flags[at] : RowFlag::normal;
}

std::string_view row_kind(const StageMap& map) {
  return rows_are_keys(map) ? "key" : "query";
}

std::string_view column_kind(const StageMap& map) {
  return columns_are_numbers(map) ? "dimension" : "key";
}

AxisRoom axis_room(const AppState& state, Ui& ui, const StageMap& map) {
  if (!state.view.view.labels) return {ui.px(8), ui.px(8)};
  const WideLabels& wide = *state.in_force->wide_labels;
  const float rows = widest(ui, rows_are_keys(map) ? wide.keys : wide.queries,
                            [&](Index row) { return row_text(state, map, row); });
  const ImVec2 names = names_size(ui, map);
  const float left = std::max(rows + ui.px(16), names.x);
  if (columns_are_numbers(map)) return {left, std::max(ui.px(28), names.y)};
  const float columns = widest(ui, wide.keys, [&](Index column) { return column_text(state, map, column); });
  const float rise = std::sin(kColumnAngle * 3.14159265f / 180.0f);
  return {left, std::max(columns * rise + ui.px(20), names.y)};
}

void draw_axes(const AppState& state, Ui& ui, const StageMap& map, const MapGeometry& geometry,
               const std::optional<Cell>& cursor) {
  if (!state.view.view.labels) return;
  draw_axis_names(ui, map, geometry);
  draw_row_labels(state, ui, map, geometry, cursor);
  draw_column_labels(state, ui, map, geometry, cursor);
}

}  // namespace attn::app

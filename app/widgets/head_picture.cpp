#include "app/widgets/head_picture.hpp"

#include <fmt/format.h>

#include "app/widgets/widgets.hpp"
#include "core/figure/color_scale.hpp"

namespace attn::app {
namespace {

// The pictures share a range of their own, or the map's where that is locked: one number, one colour.
ColorScale sheet_scale(const AppState& state) {
  View view = state.view.view;
  if (state.view.own_range || state.computed.sheet.map->stage != view.stage) view.range.reset();
  return color_scale(view, *state.computed.sheet.map);
}

gl::HeatmapParams sheet_params(const AppState& state, const Ui& ui, float cell) {
  gl::HeatmapParams params;
  params.cell_width = params.cell_height = cell;
  params.scale = sheet_scale(state);
  params.reduce = info(state.computed.sheet.map->stage).is_signed ? gl::Reduce::nearest : gl::Reduce::mass;
  params.theme = ui.theme.is_dark ? attn::Theme::dark : attn::Theme::light;
  return params;
}

}  // namespace

void draw_sheet(const AppState& state, Ui& ui, ImVec2 origin, float cell) {
  const HeadSheet& sheet = state.computed.sheet;
  gl::HeatmapParams params = sheet_params(state, ui, cell);
  params.x = params.clip_x = origin.x;
  params.y = params.clip_y = origin.y;
  params.clip_width = static_cast<double>(sheet.map->columns) * cell;
  params.clip_height = static_cast<double>(sheet.map->rows) * cell;
  ui.heatmaps.add_to(*ImGui::GetWindowDrawList(), sheet.map, params);
}

void draw_head_picture(const AppState& state, Ui& ui, std::size_t layer, std::size_t head, ImVec2 at,
                       float size) {
  const HeadSheet& sheet = state.computed.sheet;
  const float cell = size / static_cast<float>(sheet.edge);
  gl::HeatmapParams params = sheet_params(state, ui, cell);
  params.x = at.x - static_cast<float>(sheet.column_of(static_cast<Index>(head))) * cell;
  params.y = at.y - static_cast<float>(sheet.row_of(static_cast<Index>(layer))) * cell;
  params.clip_x = at.x;
  params.clip_y = at.y;
  params.clip_width = params.clip_height = size;
  ui.heatmaps.add_to(*ImGui::GetWindowDrawList(), sheet.map, params);
}

bool head_cover(const AppState& state, Ui& ui, std::size_t layer, std::size_t head, ImVec2 at, float size,
                const std::string& label) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{at.x + size, at.y + size};
  const bool silent = (*state.layers)[layer].head_gates.gate(head) == 0;
  const bool shown = state.view.layer == layer &&
                     state.view.head == HeadChoice{HeadChoice::Join::none, static_cast<Index>(head)};
  ImGui::SetCursorScreenPos(at);
  ImGui::PushID(static_cast<int>(layer));
  ImGui::PushID(static_cast<int>(head));
  const bool clicked = ImGui::InvisibleButton("head", {size, size});
  ImGui::PopID();
  ImGui::PopID();
  const bool lit = ImGui::IsItemHovered() || ImGui::IsItemFocused();
  if (silent) list.AddRectFilled(at, end, ui.theme.panel.with_alpha(190).u32());
  const Color frame = shown ? ui.theme.chosen : lit ? ui.theme.text : ui.theme.line;
  list.AddRect(at, end, frame.u32(), ui.px(2), 0, shown ? ui.px(2) : 1);
  ImGui::PushFont(ui.fonts.small);
  const ImVec2 text = ImGui::CalcTextSize(label.c_str());
  const ImVec2 corner{at.x + ui.px(3), end.y - text.y - ui.px(2)};
  list.AddRectFilled({corner.x - ui.px(2), corner.y}, {corner.x + text.x + ui.px(2), end.y - ui.px(1)},
                     (shown ? ui.theme.chosen : ui.theme.bar.with_alpha(200)).u32(), ui.px(2));
  list.AddText(corner, (shown ? ui.theme.chosen_text : ui.theme.text).u32(), label.c_str());
  ImGui::PopFont();
  return clicked;
}

std::string sheet_range_text(const AppState& state) {
  if (state.view.own_range) return "each picture in its own range";
  const ColorScale scale = sheet_scale(state);
  return fmt::format("all pictures: range {}", range_text(scale.lo, scale.hi));
}

}  // namespace attn::app

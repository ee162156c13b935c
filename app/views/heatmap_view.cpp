#include "app/views/heatmap_view.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "app/views/color_bar.hpp"
#include "app/views/map_axes.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/layer_inputs.hpp"
#include "core/figure/color_scale.hpp"
#include "core/figure/layout/legend.hpp"

namespace attn::app {
namespace {

constexpr float kLargestFit = 120;
constexpr float kBarRoom = 96;
constexpr float kGridFrom = 12;  // cells at least this large have lines between them

struct Layout {
  MapGeometry map;
  ImVec2 bar;
  float bar_height = 0;
};

Layout lay_out(const AppState& state, Ui& ui, const StageMap& map) {
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 size = ImGui::GetContentRegionAvail();
  const AxisRoom room = axis_room(state, ui, map);
  const float margin = ui.px(24);
  const float left = origin.x + margin + room.left;
  const float top = origin.y + margin + room.top;
  const float width = std::max(ui.px(40), size.x - room.left - ui.px(kBarRoom) - 2 * margin);
  const float height = std::max(ui.px(40), size.y - room.top - 2 * margin);
  Layout layout;
  layout.map =
      place_map(state.view.camera, left, top, width, height, map.rows, map.columns, ui.px(kLargestFit));
  layout.bar = {static_cast<float>(layout.map.right()) + ui.px(32), static_cast<float>(layout.map.top())};
  layout.bar_height = std::max(ui.px(96), static_cast<float>(layout.map.bottom() - layout.map.top()));
  return layout;
}

// Where a pixel holds several cells: weights keep their sum, a mask its allowed cells; signed numbers have no
// honest sum.
gl::Reduce reduction_of(Stage stage) {
  if (stage == Stage::weights || stage == Stage::dropped) return gl::Reduce::mass;
  return stage == Stage::mask ? gl::Reduce::max : gl::Reduce::nearest;
}

void draw_cells(const AppState& state, Ui& ui, const MapGeometry& geometry, const ColorScale& scale) {
  const auto to_rgb = [](Color color) { return Rgb{color.red, color.green, color.blue}; };
  gl::HeatmapParams params;
  params.x = geometry.x;
  params.y = geometry.y;
  params.cell_width = params.cell_height = geometry.cell;
  params.clip_x = geometry.left();
  params.clip_y = geometry.top();
  params.clip_width = geometry.right() - geometry.left();
  params.clip_height = geometry.bottom() - geometry.top();
  params.scale = scale;
  params.reduce = reduction_of(state.computed.map->stage);
  params.theme = ui.theme.is_dark ? attn::Theme::dark : attn::Theme::light;
  params.grid = to_rgb(ui.theme.grid);
  params.grid_alpha = geometry.cell >= ui.px(kGridFrom) ? static_cast<float>(ui.theme.grid.alpha) / 255 : 0;
  ui.heatmaps.add_to(*ImGui::GetWindowDrawList(), state.computed.map, params);
}

void frame_rect(const MapGeometry& map, double x0, double y0, double x1, double y1, ImU32 color,
                float thickness) {
  x0 = std::max(x0, map.left());
  y0 = std::max(y0, map.top());
  x1 = std::min(x1, map.right());
  y1 = std::min(y1, map.bottom());
  if (x0 >= x1 || y0 >= y1) return;
  ImGui::GetWindowDrawList()->AddRect({static_cast<float>(x0), static_cast<float>(y0)},
                                      {static_cast<float>(x1), static_cast<float>(y1)}, color, 0, 0,
                                      thickness);
}

void draw_crosshair(const Ui& ui, const MapGeometry& map, const Cell& cell, Color color) {
  const double x = map.x + static_cast<double>(cell.column) * map.cell;
  const double y = map.y + static_cast<double>(cell.row) * map.cell;
  // Two tones: on cells of any colour one of them shows.
  for (const auto& [tone, thickness] : {std::pair{ui.theme.halo, ui.px(3)}, std::pair{color, ui.px(1)}}) {
    frame_rect(map, map.left(), y, map.right(), y + map.cell, tone.u32(), thickness);
    frame_rect(map, x, map.top(), x + map.cell, map.bottom(), tone.u32(), thickness);
  }
  frame_rect(map, x, y, x + map.cell, y + map.cell, ui.theme.halo.u32(), ui.px(4));
  frame_rect(map, x, y, x + map.cell, y + map.cell, ui.theme.pinned.u32(), ui.px(2));
}

void tooltip_place(Ui& ui, std::string_view word, Index index, const std::string& token) {
  ImGui::Text("%.*s %ld", static_cast<int>(word.size()), word.data(), static_cast<long>(index));
  ImGui::SameLine();
  token_label(ui, token, ui.theme.chosen.u32(), ui.px(240));
}

// Beside the pointer, on the side where it covers neither the colour bar at `bar` nor the end of the window.
void place_tooltip(const Ui& ui, float bar) {
  const ImVec2 pointer = ImGui::GetIO().MousePos;
  const ImVec2 room{ui.px(300), ui.px(240)};
  const bool left = pointer.x + room.x > bar && pointer.x > room.x;
  const bool above = pointer.y + room.y > ImGui::GetMainViewport()->Size.y;
  ImGui::SetNextWindowPos({pointer.x + ui.px(left ? -12 : 16), pointer.y + ui.px(above ? -8 : 10)},
                          ImGuiCond_Always, {left ? 1.0f : 0.0f, above ? 1.0f : 0.0f});
}

// Exact numbers of the cell under the pointer, whatever its texture holds.
void draw_tooltip(const AppState& state, Ui& ui, const StageMap& map, const Cell& cell, float bar) {
  place_tooltip(ui, bar);
  ImGui::SetNextWindowSizeConstraints({ui.px(224), 0}, {FLT_MAX, FLT_MAX});
  if (!ImGui::BeginTooltip()) return;
  const bool keys = info(map.stage).columns == Columns::keys;
  tooltip_place(ui, row_kind(map), cell.row, row_text(state, map, cell.row));
  if (keys) {
    tooltip_place(ui, column_kind(map), cell.column, column_text(state, map, cell.column));
  } else {
    ImGui::Text("dimension %ld", static_cast<long>(cell.column));
  }
  ImGui::Dummy({0, ui.px(2)});
  const auto column = static_cast<std::size_t>(cell.column);
  const CellClass kind = map.cell_class(cell.row, cell.column);
  const double shown = map.value(cell.row, cell.column);
  if (map.stage != Stage::weights || !state.computed.probe) {
    value_row(ui, info(map.stage).name, kind == CellClass::masked ? "masked" : number_text(shown));
  }
  const auto& probe = state.computed.probe;
  if (keys && probe && probe->row == cell.row && column < probe->weights.size()) {
    value_row(ui, "weight", exact_text(probe->weights[column]));
    if (probe->allowed[column]) {
      const RowSummary& row = state.computed.row;
      if (row.column == cell.column) value_row(ui, "rank", fmt::format("{} of {}", row.rank, row.allowed));
      value_row(ui, "logit", exact_text(probe->logits[column]));
    } else {
      value_row(ui, "mask", "masked");
    }
    if (!probe->scores.empty()) value_row(ui, "score", exact_text(probe->scores[column]));
  }
  if (const std::string_view flag = sentence_of(flag_of(map, cell.row)); !flag.empty()) hint(ui, flag);
  ImGui::EndTooltip();
}

void handle_input(const AppState& state, const MapGeometry& map, const Dispatch& dispatch) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool hovered = ImGui::IsItemHovered();
  const auto under = hovered ? map.cell_at(io.MousePos.x, io.MousePos.y) : std::nullopt;
  if (under != state.ui.hovered) dispatch(Hover{under});
  if (hovered && io.MouseWheel != 0) {
    dispatch(MoveCamera{
        zoomed(map, io.MousePos.x, io.MousePos.y, std::pow(1.2, static_cast<double>(io.MouseWheel)))});
  }
  if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 3)) {
    if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0)
      dispatch(MoveCamera{panned(map, io.MouseDelta.x, io.MouseDelta.y)});
    return;
  }
  const ImVec2 dragged = ImGui::GetMouseDragDelta(ImGuiMouseButton_Left, 3);
  const bool clicked = ImGui::IsItemDeactivated() && dragged.x == 0 && dragged.y == 0;
  if (clicked) dispatch(Pin{under == state.ui.pinned ? std::nullopt : under});
  if (hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) dispatch(MoveCamera{});
}

// Keys in a pixel where it sums several; 1 where it does not.
double keys_in_pixel(const StageMap& map, const MapGeometry& geometry) {
  const double pixels = geometry.cell * static_cast<double>(ImGui::GetIO().DisplayFramebufferScale.x);
  return reduction_of(map.stage) == gl::Reduce::mass && pixels < 1 ? 1 / pixels : 1;
}

// The map is of an older request: it steps back, and says why there is no newer one.
void draw_refusal(const AppState& state, Ui& ui, const MapGeometry& map) {
  const ImVec2 min{static_cast<float>(map.left()), static_cast<float>(map.top())};
  const ImVec2 max{static_cast<float>(map.right()), static_cast<float>(map.bottom())};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(min, max, ui.theme.canvas.with_alpha(200).u32());
  const std::string text = "Not computed: " + describe(*state.computed.error);
  const float width = std::min(ui.px(420), ImGui::GetWindowWidth() - ui.px(96));
  const ImVec2 size = ImGui::CalcTextSize(text.c_str(), nullptr, false, width);
  const ImVec2 at{std::round((min.x + max.x - size.x) / 2), std::round((min.y + max.y - size.y) / 2)};
  const ImVec2 room{ui.px(16), ui.px(12)};
  const ImVec2 first{at.x - room.x, at.y - room.y}, last{at.x + size.x + room.x, at.y + size.y + room.y};
  list.AddRectFilled(first, last, ui.theme.popup.u32(), ui.px(6));
  list.AddText(ImGui::GetFont(), ImGui::GetFontSize(), at, ui.theme.warning.u32(), text.c_str(), nullptr,
               width);
  mark(ui, "map.refusal", first, last);
}

// What a flagged row's label in another colour means.
void explain_row(const Ui& ui, const StageMap& map, const MapGeometry& geometry) {
  const ImVec2 pointer = ImGui::GetIO().MousePos;
  if (!ImGui::IsItemHovered() || pointer.x >= geometry.left()) return;
  const auto beside = geometry.cell_at(geometry.left() + geometry.cell / 2, pointer.y);
  if (!beside) return;
  const std::string_view flag = sentence_of(flag_of(map, beside->row));
  if (!flag.empty()) explain(ui, flag);
}

// What no colour bar explains, below the map.
void draw_legend(const AppState& state, const Ui& ui, const MapGeometry& map) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto theme = ui.theme.is_dark ? attn::Theme::dark : attn::Theme::light;
  ImGui::PushFont(ui.fonts.small);
  const float side = std::round(ImGui::GetFontSize() * 0.75f);
  ImVec2 at{static_cast<float>(map.left()), static_cast<float>(map.bottom()) + ui.px(8)};
  const StageMap& shown = *state.computed.map;
  if (const double keys = keys_in_pixel(shown, map); keys > 1) {
    const std::string text = fmt::format("a pixel sums {:.3g} keys", keys);
    list.AddText(at, ui.theme.text_quiet.u32(), text.c_str());
    at.x += ImGui::CalcTextSize(text.c_str()).x + ui.px(24);
  }
  // Rows are flagged by the colour of their labels.
  const std::span<const RowFlag> flags =
      state.view.view.labels ? std::span(state.computed.flags) : std::span<const RowFlag>();
  for (const LegendEntry& entry : legend_entries(shown.kinds, flags, theme)) {
    const std::string meaning(entry.meaning);
    const float top = at.y + (ImGui::GetTextLineHeight() - side) / 2;
    const auto to_u32 = [](Rgb color) { return IM_COL32(color.r, color.g, color.b, 255); };
    list.AddRectFilled({at.x, top}, {at.x + side, top + side}, to_u32(entry.color));
    list.AddRect({at.x, top}, {at.x + side, top + side}, ui.theme.text_off.u32());
    list.AddText({at.x + side + ui.px(6), at.y}, ui.theme.text_quiet.u32(), meaning.c_str());
    at.x += side + ui.px(24) + ImGui::CalcTextSize(meaning.c_str()).x;
  }
  ImGui::PopFont();
}

void draw_badges(const AppState& state, const Ui& ui) {
  std::string badge;
  const auto add = [&](const std::string& text) { badge += (badge.empty() ? "" : "  ·  ") + text; };
  const Layer& layer = state.layer();
  const bool synthetic = state.document().query_of(layer).synthetic_embeddings ||
                         state.document().key_of(layer).synthetic_embeddings;
  if (synthetic && origin_of(layer) == Origin::qkv) add("synthetic embeddings");
  if (state.computed.renormalised) add("renormalised");
  if (badge.empty()) return;
  const ImVec2 at = ImGui::GetWindowPos();
  ImGui::PushFont(ui.fonts.small);
  ImGui::GetWindowDrawList()->AddText({at.x + ui.px(16), at.y + ui.px(8)}, ui.theme.warning.u32(),
                                      badge.c_str());
  ImGui::PopFont();
}

}  // namespace

void draw_heatmap_view(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  draw_badges(state, ui);
  const auto& map = state.computed.map;
  if (!map || map->rows == 0 || map->columns == 0) {
    const bool refused = state.computed.error && !state.ui.loading;
    hint(ui, refused ? "Not computed: " + describe(*state.computed.error)
                     : std::string(state.ui.loading ? "Reading …" : "Nothing to show yet."));
    return;
  }
  const Layout layout = lay_out(state, ui, *map);
  const ColorScale scale = color_scale(state.view.view, *map);
  ImGui::InvisibleButton("map", ImGui::GetContentRegionAvail());
  focus_frame(ui);
  handle_input(state, layout.map, dispatch);
  mark(ui, "map.cells", {static_cast<float>(layout.map.left()), static_cast<float>(layout.map.top())},
       {static_cast<float>(layout.map.right()), static_cast<float>(layout.map.bottom())});

  draw_cells(state, ui, layout.map, scale);
  const auto inside = [&](const std::optional<Cell>& cell) {
    return cell && cell->row < map->rows && cell->column < map->columns ? cell : std::nullopt;
  };
  const auto pinned = inside(state.ui.pinned);
  const auto hovered = inside(state.ui.hovered);
  if (pinned) draw_crosshair(ui, layout.map, *pinned, ui.theme.chosen);
  if (hovered && hovered != pinned) draw_crosshair(ui, layout.map, *hovered, ui.theme.chosen);
  draw_axes(state, ui, *map, layout.map, hovered ? hovered : pinned);
  draw_legend(state, ui, layout.map);
  draw_color_bar(ui, scale, layout.bar, layout.bar_height, state.view.view.range.has_value());
  if (state.computed.error) draw_refusal(state, ui, layout.map);
  if (hovered) {
    draw_tooltip(state, ui, *map, *hovered, layout.bar.x);
  } else {
    explain_row(ui, *map, layout.map);
  }
}

}  // namespace attn::app

#include "app/shell.hpp"

#include <algorithm>

#include "app/panels/equation_bar.hpp"
#include "app/panels/inspector.hpp"
#include "app/panels/menu_bar.hpp"
#include "app/panels/side_panel.hpp"
#include "app/panels/status_bar.hpp"
#include "app/views/head_grid_view.hpp"
#include "app/views/heatmap_view.hpp"

namespace attn::app {
namespace {

constexpr float kEquationHeight = 88;
constexpr float kSideWidth = 288;
constexpr float kInspectorWidth = 296;
constexpr float kLargestShare = 0.28f;  // of the window's width: a large interface leaves room for the map
constexpr float kStatusHeight = 26;

// What no pane covers has the colour of the canvas already: a pane of that colour paints nothing.
template <class Content>
void pane(const Ui& ui, const char* name, ImVec2 at, ImVec2 size, Color color, ImVec2 padding,
          Content content) {
  if (size.x < 1 || size.y < 1) return;
  ImGui::SetNextWindowPos(at);
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, color.u32());
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {1, 1});
  constexpr ImGuiWindowFlags kFixed =
      ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
      ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus;
  const bool bare = color.u32() == ui.theme.canvas.u32();
  const bool visible = ImGui::Begin(name, nullptr, bare ? kFixed | ImGuiWindowFlags_NoBackground : kFixed);
  ImGui::PopStyleVar(4);
  ImGui::PopStyleColor();
  if (visible) content();
  ImGui::End();
}

void line(const Ui& ui, ImVec2 from, ImVec2 to) {
  ImGui::GetBackgroundDrawList()->AddLine(from, to, ui.theme.line.u32());
}

}  // namespace

void Shell::draw(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  ui.drafts = &drafts_;
  handle_keys(state, dispatch);
  draw_menu_bar(state, ui, dispatch);
  const ImGuiViewport& view = *ImGui::GetMainViewport();
  const float top = view.WorkPos.y;
  const float left = view.WorkPos.x;
  const float width = view.WorkSize.x;
  const float middle = top + ui.px(kEquationHeight);
  const float foot = view.WorkPos.y + view.WorkSize.y - ui.px(kStatusHeight);
  const float side = std::min(ui.px(kSideWidth), width * kLargestShare);
  const float inspector = std::min(ui.px(kInspectorWidth), width * kLargestShare);
  const float hair = 1;
  const ImVec2 padding{ui.px(16), ui.px(8)};
  const Theme& theme = ui.theme;

  pane(ui, "equation", {left, top}, {width, ui.px(kEquationHeight) - hair}, theme.equation, padding,
       [&] { draw_equation_bar(state, ui, dispatch); });
  pane(ui, "side", {left, middle}, {side - hair, foot - middle}, theme.panel, {ui.px(3), ui.px(4)},
       [&] { draw_side_panel(state, ui, dispatch); });
  pane(ui, "inspector", {left + width - inspector, middle}, {inspector, foot - middle}, theme.panel, padding,
       [&] { draw_inspector(state, ui, dispatch); });
  pane(ui, "map", {left + side, middle}, {width - side - inspector - hair, foot - middle}, theme.canvas,
       {0, 0}, [&] {
         const bool grid = state.view.grid && state.computed.sheet.map;
         (grid ? draw_head_grid : draw_heatmap_view)(state, ui, dispatch);
       });
  pane(ui, "status", {left, foot}, {width, ui.px(kStatusHeight)}, theme.bar, {ui.px(16), ui.px(4)},
       [&] { draw_status_bar(state, ui, dispatch, threads_); });
  line(ui, {left, middle - hair}, {left + width, middle - hair});
  line(ui, {left + side - hair, middle}, {left + side - hair, foot});
  line(ui, {left + width - inspector - hair, middle}, {left + width - inspector - hair, foot});

  open_.draw(state, ui, dispatch);
  text_.draw(state, ui, dispatch);
  figure_.draw(state, ui, dispatch);
  session_.draw(state, ui, dispatch);
  settings_.draw(state, ui, dispatch);
  draw_report_sheet(state, ui, dispatch);
  draw_error_list(state, ui, dispatch);
  draw_help_sheet(state, ui, dispatch);
  draw_about_sheet(state, ui, dispatch, about_);
}

}  // namespace attn::app

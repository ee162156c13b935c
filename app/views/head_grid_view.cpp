#include "app/views/head_grid_view.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/widgets/head_picture.hpp"
#include "app/widgets/widgets.hpp"
#include "core/engine/head_sheet.hpp"

namespace attn::app {
namespace {

constexpr float kLargestPicture = 220;
constexpr float kLeastPicture = 40;

// What the colours mean, and how far the pictures are.
void draw_heading(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const HeadSheet& sheet = state.computed.sheet;
  ImGui::SetCursorPos({ui.px(24), ui.px(16)});
  ImGui::AlignTextToFramePadding();
  const std::string range = sheet_range_text(state);
  ImGui::Text("%s, %zu heads · %s", std::string(info(sheet.map->stage).name).c_str(), sheet.total,
              range.c_str());
  ImGui::SameLine(0, ui.px(24));
  bool own = state.view.own_range;
  if (checkbox(ui, "own range for each head", &own)) dispatch(SetOwnRange{own});
  mark_item(ui, "grid.own_range");
  if (sheet.done < sheet.total) {
    ImGui::SameLine(0, ui.px(24));
    ImGui::Text("%zu of %zu", sheet.done, sheet.total);
  }
}

}  // namespace

void draw_head_grid(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const HeadSheet& sheet = state.computed.sheet;
  draw_heading(state, ui, dispatch);
  const auto columns = static_cast<float>(sheet.heads);
  const auto cells = static_cast<float>(sheet.column_of(sheet.heads) - sheet.gap);
  ImGui::SetCursorPosX(ui.px(24));
  ImGui::BeginChild("grid", {-ui.px(16), -ui.px(8)}, ImGuiChildFlags_None,
                    ImGuiWindowFlags_HorizontalScrollbar);
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float gap_share = static_cast<float>(sheet.gap) / static_cast<float>(sheet.edge);
  const float fitting = (room.x - ui.px(48)) / (columns + (columns - 1) * gap_share);
  const float picture = std::clamp(fitting, ui.px(kLeastPicture), ui.px(kLargestPicture));
  const float cell = picture / static_cast<float>(sheet.edge);
  const float label = ui.px(40);
  const ImVec2 origin{ImGui::GetCursorScreenPos().x + label, ImGui::GetCursorScreenPos().y + ui.px(4)};
  ImGui::Dummy({label + cells * cell, static_cast<float>(sheet.row_of(sheet.layers)) * cell + ui.px(8)});
  draw_sheet(state, ui, origin, cell);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (std::size_t layer = 0; layer < state.layers->size(); ++layer) {
    const float y = origin.y + static_cast<float>(sheet.row_of(static_cast<Index>(layer))) * cell;
    list.AddText({origin.x - label, y + picture / 2 - ImGui::GetTextLineHeight() / 2},
                 ui.theme.text_quiet.u32(), fmt::format("L{}", layer).c_str());
    const std::size_t heads = (*state.layers)[layer].heads.value_or(state.document().layers[layer].heads);
    for (std::size_t head = 0; head < heads; ++head) {
      const float x = origin.x + static_cast<float>(sheet.column_of(static_cast<Index>(head))) * cell;
      if (head_cover(state, ui, layer, head, {x, y}, picture, fmt::format("{}.{}", layer, head))) {
        dispatch(ShowLayer{layer});
        dispatch(ShowHead{HeadChoice{HeadChoice::Join::none, static_cast<Index>(head)}});
        dispatch(ShowGrid{false});
      }
      mark_item(ui, fmt::format("grid.{}.{}", layer, head));
    }
  }
  ImGui::EndChild();
}

}  // namespace attn::app

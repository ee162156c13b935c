#include "app/views/color_bar.hpp"

#include <fmt/format.h>

#include "core/figure/scale_ticks.hpp"

namespace attn::app {

void draw_color_bar(Ui& ui, const ColorScale& scale, ImVec2 top_left, float height, bool locked) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float width = ui.px(14);
  const float entries = static_cast<float>(scale.map->colors.size());
  for (std::size_t entry = 0; entry < scale.map->colors.size(); ++entry) {
    const Rgb color = scale.map->colors[entry];
    const float bottom = top_left.y + height * (1 - static_cast<float>(entry) / entries);
    const float top = top_left.y + height * (1 - static_cast<float>(entry + 1) / entries);
    list.AddRectFilled({top_left.x, top}, {top_left.x + width, bottom},
                       IM_COL32(color.r, color.g, color.b, 255));
  }
  mark(ui, "map.colorbar", top_left, {top_left.x + width, top_left.y + height});
  ImGui::PushFont(ui.fonts.small);
  const float line = ImGui::GetTextLineHeight();
  float last = top_left.y + height + line;
  for (const Tick& tick : scale_ticks(scale, static_cast<int>(height / ui.px(64)) + 2)) {
    const float y = top_left.y + height * (1 - static_cast<float>(scale_position(scale, tick.value)));
    if (last - y < line) continue;  // a transfer function moves some of them together
    last = y;
    list.AddLine({top_left.x + width, y}, {top_left.x + width + ui.px(4), y}, ui.theme.text_off.u32());
    list.AddText({top_left.x + width + ui.px(8), y - line / 2}, ui.theme.text_body.u32(), tick.text.c_str());
  }
  if (locked) {
    list.AddText({top_left.x, top_left.y + height + ui.px(8)}, ui.theme.chosen.u32(), "locked");
  }
  ImGui::PopFont();
}

}  // namespace attn::app

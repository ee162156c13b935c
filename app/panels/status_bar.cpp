#include "app/panels/status_bar.hpp"

#include <fmt/format.h>

#include "app/widgets/widgets.hpp"
#include "core/figure/color_scale.hpp"

namespace attn::app {
namespace {

void fact(const Ui& ui, std::string_view strong, std::string_view quiet) {
  ImGui::PushStyleColor(ImGuiCol_Text, ui.theme.text.u32());
  ImGui::TextUnformatted(strong.data(), strong.data() + strong.size());
  ImGui::PopStyleColor();
  ImGui::SameLine(0, ui.px(5));
  ImGui::PushStyleColor(ImGuiCol_Text, ui.theme.text_quiet.u32());
  ImGui::TextUnformatted(quiet.data(), quiet.data() + quiet.size());
  ImGui::PopStyleColor();
  ImGui::SameLine(0, ui.px(24));
}

std::string message_of(const AppState& state) {
  if (state.ui.loading && state.ui.computing) {
    return fmt::format("Reading … {:.0f} %", *state.ui.computing * 100);
  }
  if (state.ui.loading) return "Reading …";
  if (state.ui.exporting) return "Exporting …";
  if (state.ui.computing) return fmt::format("Computing … {:.0f} %", *state.ui.computing * 100);
  return state.ui.message;
}

}  // namespace

void draw_status_bar(const AppState& state, Ui& ui, const Dispatch& dispatch, std::size_t threads) {
  ImGui::PushFont(ui.fonts.small);
  const auto& map = state.computed.map;
  if (map) {
    fact(ui, info(map->stage).name, fmt::format("{} × {}", map->rows, map->columns));
    const bool one_head = state.view.head.join == HeadChoice::Join::none;
    const std::string layer = state.layers->size() > 1 ? fmt::format("{}.", state.view.layer) : "";
    fact(ui, one_head ? "head " + layer + to_text(state.view.head) : to_text(state.view.head),
         one_head ? "" : "over heads");
    fact(ui, fmt::format("{:.1f} ms", state.computed.milliseconds), counted(threads, "thread"));
    const ColorScale scale = color_scale(state.view.view, *map);
    fact(ui, range_text(scale.lo, scale.hi), state.view.view.range ? "range locked" : "range");
    if (!state.view.camera.fit) fact(ui, fmt::format("{:.3g}", state.view.camera.cell), "pixels a cell");
  }
  if (state.ui.loading || state.ui.exporting || state.ui.computing) {
    if (ImGui::SmallButton("Cancel")) dispatch(CancelTasks{});
    mark_item(ui, "status.cancel");
    ImGui::SameLine();
  }
  const std::string message = message_of(state);
  const float right = ImGui::GetWindowWidth() - ui.px(16);
  const float width = gl::token_size(ui.labels, message, {.size = label_size(), .max_width = ui.px(480)}).x;
  ImGui::SameLine(std::max(ImGui::GetCursorPosX(), right - width));
  token_label(ui, message, ui.theme.text_body.u32(), ui.px(480));
  ImGui::PopFont();
}

}  // namespace attn::app

#include <algorithm>

#include <fmt/format.h>

#include "app/panels/knobs.hpp"
#include "app/panels/parameter_row.hpp"
#include "app/state/commands.hpp"
#include "app/state/terms.hpp"
#include "app/widgets/widgets.hpp"

namespace attn::app {

void gates_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  if (state.view.head.join != HeadChoice::Join::none) {
    hint(ui, "Mute, solo and gain are a head's own: show one head to set them.");
    return;
  }
  const auto head = static_cast<std::size_t>(state.view.head.head);
  const HeadGates& gates = state.settings.head_gates;
  const auto in = [head](const std::vector<std::size_t>& list) {
    return std::ranges::find(list, head) != list.end();
  };
  ImGui::PushID("gates");
  control_label(ui, fmt::format("Head {}", head));
  const float half = (ImGui::GetContentRegionAvail().x - ui.px(4)) / 2;
  if (chip(ui, "mute", "mute", in(gates.mute), half)) dispatch(toggle_mute(state, head));
  mark_item(ui, "knob.mute");
  explain(ui, "This head adds nothing to stages dropped, context and output.");
  ImGui::SameLine(0, ui.px(4));
  if (chip(ui, "solo", "solo", in(gates.solo), half)) dispatch(toggle_solo(state, head));
  mark_item(ui, "knob.solo");
  explain(ui, "Only soloed heads speak.");
  control_label(ui, "Gain");
  const auto own = gates.gain.find(head);
  double gain = own == gates.gain.end() ? 1 : own->second;
  if (const auto changed = number_drag(gain, std::min(0.0, gain), std::max(2.0, gain)))
    dispatch(set_gain(state, head, gain, *changed));
  mark_item(ui, "knob.gain");
  explain(ui, "Multiplies this head's weights. Seen from stage dropped on. Ctrl+click to type a number.");
  ImGui::PopID();
}

void values_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const LayerFacts& facts = state.in_force->facts;
  if (facts.d_v == 0) {
    hint(ui, "The document gives no values: there is nothing after the weights.");
    return;
  }
  value_row(ui, "width", fmt::format("{}", facts.d_v));
  value_row(ui, "heads of k and v", fmt::format("{}", facts.kv_heads));
  if (ImGui::Button("show v", {-1, 0})) {
    View view = state.view.view;
    view.stage = Stage::v;
    view.range.reset();
    dispatch(ShowView{view});
  }
  mark_item(ui, "knob.values.show");
  explain(ui, info(Stage::v).meaning);
}

}  // namespace attn::app

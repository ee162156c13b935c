#include "app/panels/knobs.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "app/state/commands.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/layer_inputs.hpp"
#include "core/attention/scale.hpp"
#include "core/figure/color_scale.hpp"

namespace attn::app {
namespace {

// A drag of an item is live until it is released.
Gesture gesture_of_item() {
  return ImGui::IsItemActive() ? Gesture::live : Gesture::committed;
}

// A formula for a plain text: `1/√dₖ`.
std::string in_one_line(std::string_view formula) {
  std::string text(formula);
  if (text.ends_with("_k")) text.replace(text.size() - 2, 2, "ₖ");
  return text;
}

// Why the stage cannot be shown, or empty.
std::string_view stage_refusal(const AppState& state, Stage stage) {
  const Layer& layer = state.layer();
  const Origin origin = origin_of(layer);
  if (origin == Origin::weights && stage < Stage::biased)
    return "The document holds weights, not queries and keys.";
  if (origin == Origin::scores && stage < Stage::scores)
    return "The document holds scores, not queries and keys.";
  const auto* qkv = std::get_if<GivenQkv>(&layer.origin);
  const bool has_values = origin == Origin::qkv && (qkv == nullptr || qkv->v);
  if ((stage == Stage::v || stage >= Stage::context) && !has_values)
    return "The document holds no values (v).";
  return {};
}

}  // namespace

void stage_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  control_label(ui, "Stage");
  const StageInfo& now = info(state.view.view.stage);
  if (ImGui::BeginCombo("##stage", std::string(now.name).c_str(), ImGuiComboFlags_HeightLargest)) {
    for (const StageInfo& row : kStages) {
      const std::string_view refusal = stage_refusal(state, row.stage);
      ImGui::BeginDisabled(!refusal.empty());
      if (ImGui::Selectable(std::string(row.name).c_str(), row.stage == now.stage)) {
        View view = state.view.view;
        view.stage = row.stage;
        view.range.reset();
        dispatch(ShowView{view});
      }
      mark_item(ui, fmt::format("stage.{}", row.name));
      ImGui::EndDisabled();
      explain(ui, refusal.empty() ? row.meaning : refusal);
    }
    ImGui::EndCombo();
  }
  mark_item(ui, "knob.stage");
  explain(ui, now.meaning);
}

void scale_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const Origin origin = origin_of(state.layer());
  control_label(ui, "Scale");
  const Scale now =
      state.settings.scale.value_or(Scale{origin == Origin::qkv ? ScaleKind::inv_sqrt_dk : ScaleKind::none});
  ImGui::BeginDisabled(origin == Origin::weights);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const auto write = [&](ImDrawList& on, std::string_view text, ImVec2 at) {
    formula_text(ui, &on, ui.fonts.body, ui.fonts.small, text, at, ImGui::GetColorU32(ImGuiCol_Text));
  };
  if (ImGui::BeginCombo("##scale", "")) {
    for (const ScaleRow& row : scale_rows()) {
      const bool possible = origin == Origin::qkv || row.kind == ScaleKind::none;
      ImGui::BeginDisabled(!possible);
      const ImVec2 at = ImGui::GetCursorScreenPos();
      if (ImGui::Selectable(fmt::format("##{}", row.name).c_str(), row.kind == now.kind)) {
        dispatch(SetSetting{"scale", std::string(row.name), "scale " + in_one_line(row.formula)});
      }
      write(*ImGui::GetWindowDrawList(), row.formula, at);
      mark_item(ui, fmt::format("scale.{}", row.name));
      ImGui::EndDisabled();
    }
    ImGui::Separator();
    auto number = static_cast<float>(now.kind == ScaleKind::number ? now.number : 1.0);
    ImGui::SetNextItemWidth(ui.px(140));
    if (ImGui::InputFloat("a number", &number, 0, 0, "%.4g", ImGuiInputTextFlags_EnterReturnsTrue)) {
      dispatch(SetSetting{"scale", number, fmt::format("scale {:.4g}", number)});
    }
    ImGui::EndCombo();
  }
  const ImVec2 padding = ImGui::GetStyle().FramePadding;
  write(list, scale_label(now), {corner.x + padding.x, corner.y + padding.y});
  mark_item(ui, "knob.scale");
  ImGui::EndDisabled();
  explain(ui, origin == Origin::weights
                  ? "Saved weights hold no scores to scale."
                  : "Multiplies every score. Without it, long vectors make softmax nearly one-hot.");
}

void temperature_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  control_label(ui, "Temperature");
  const double now = state.settings.temperature.all;
  auto value = static_cast<float>(now);
  const float button = ui.px(48);
  const float gap = ImGui::GetStyle().ItemInnerSpacing.x;
  ImGui::SetNextItemWidth(-button - gap);
  constexpr ImGuiSliderFlags kFlags = ImGuiSliderFlags_Logarithmic | ImGuiSliderFlags_AlwaysClamp;
  const bool changed = ImGui::SliderFloat("##temperature", &value, 0.05f, 20.0f, "", kFlags);
  mark_item(ui, "knob.temperature");
  // To the digits that are shown: 0.7, not 0.699999988.
  const double rounded = std::stod(fmt::format("{:.3g}", value));
  if (changed && rounded != now) dispatch(set_temperature(state, rounded, gesture_of_item()));
  if (ImGui::IsItemDeactivatedAfterEdit()) dispatch(set_temperature(state, rounded, Gesture::committed));
  explain(ui,
          "Divides the logits before softmax: below 1 rows get sharper, above 1 flatter. Ctrl+click to type "
          "a number.");
  ImGui::SameLine(0, gap);
  if (ImGui::Button(fmt::format("{:.3g}###temperature", now).c_str(), {button, 0}) && now != 1) {
    dispatch(set_temperature(state, 1, Gesture::committed));
  }
  mark_item(ui, "knob.temperature.reset");
  explain(ui, "Click: back to 1");
}

void bias_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const bool has_bias = state.layer().bias.has_value();
  control_label(ui, "Bias");
  bool on = state.settings.bias ? !state.settings.bias->empty() : has_bias;
  ImGui::BeginDisabled(!has_bias);
  if (checkbox(ui, "the document's##bias", &on)) {
    auto list = nlohmann::json::array();
    if (on) list.push_back({{"kind", "document"}});
    dispatch(SetSetting{"bias", list, on ? "bias on" : "bias off"});
  }
  mark_item(ui, "knob.bias");
  ImGui::EndDisabled();
  explain(ui, has_bias ? "Added to the scaled scores." : "The document's layer has no bias.");
}

void empty_rows_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  control_label(ui, "Empty rows");
  bool uniform = state.settings.uniform_empty_rows;
  if (checkbox(ui, "uniform##empty", &uniform)) {
    dispatch(SetSetting{"empty_rows", uniform ? "uniform" : "zero",
                        uniform ? "empty rows uniform" : "empty rows zero"});
  }
  mark_item(ui, "knob.empty_rows");
  explain(ui, "A row whose every key is masked: all zeros, or 1/n on every key.");
}

void color_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  View view = state.view.view;
  control_label(ui, "Colours");
  if (ImGui::BeginCombo("##colormap", view.colormap.c_str())) {
    const auto entry = [&](const std::string& name, std::string_view meaning) {
      if (ImGui::Selectable(name.c_str(), view.colormap == name)) {
        view.colormap = name;
        dispatch(ShowView{view});
      }
      mark_item(ui, "colormap." + name);
      explain(ui, meaning);
    };
    entry("auto", "viridis, and a diverging map for signed stages");
    for (const Colormap& map : colormaps()) entry(std::string(map.name), map.meaning);
    ImGui::EndCombo();
  }
  mark_item(ui, "knob.colormap");
  if (!state.computed.map) return;
  control_label(ui, "Range");
  const ColorScale scale = color_scale(view, *state.computed.map);
  bool locked = view.range.has_value();
  if (checkbox(ui, "locked##range", &locked)) {
    view.range.reset();
    if (locked) view.range = {scale.lo, scale.hi};
    dispatch(ShowView{view});
  }
  mark_item(ui, "knob.range_lock");
  explain(ui,
          "Locked: colours keep their meaning while the numbers change. Auto: from 0 to the largest value "
          "shown.");
  if (!locked) return;
  std::array<float, 2> ends{scale.lo, scale.hi};
  control_label(ui, "");
  if (ImGui::InputFloat2("##range", ends.data(), "%.4g", ImGuiInputTextFlags_EnterReturnsTrue) &&
      ends[0] < ends[1]) {
    view.range = {ends[0], ends[1]};
    dispatch(ShowView{view});
  }
  mark_item(ui, "knob.range");
}

}  // namespace attn::app

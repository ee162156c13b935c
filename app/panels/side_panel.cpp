#include "app/panels/side_panel.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/panels/knobs.hpp"
#include "app/state/commands.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/layer_inputs.hpp"

namespace attn::app {
namespace {

void document_section(const AppState& state, Ui& ui) {
  const Document& document = state.document();
  const Layer& layer = state.layer();
  caption(ui, "document");
  token_label(ui, document.title, ui.theme.text.u32());
  value_row(ui, "tokens", fmt::format("{} × {}", document.query_of(layer).tokens.size(),
                                      document.key_of(layer).tokens.size()));
  value_row(ui, "given", origin_name(layer));
  const bool synthetic = document.query_of(layer).synthetic_embeddings || document.key_of(layer).synthetic_embeddings;
  if (synthetic && origin_of(layer) == Origin::qkv) hint(ui, "Embeddings are synthetic: made from the tokens' text.");
  const auto warnings = std::ranges::count(document.notes, Note::Kind::warning, &Note::kind);
  if (document.notes.empty()) return;
  hint(ui, warnings > 0 ? counted(static_cast<std::size_t>(warnings), "warning") + ", hover to read"
                        : counted(document.notes.size(), "thing") + " inferred, hover to read");
  std::string text;
  for (const Note& note : document.notes) {
    text += (text.empty() ? "" : "\n\n") + (note.place.empty() ? "" : note.place + ": ") + note.text;
  }
  explain(ui, text);
}

void layer_picker(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const auto& layers = state.document().layers;
  if (layers.size() < 2) return;
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("Layer");
  ImGui::SameLine(ui.px(100));
  auto layer = static_cast<int>(state.view.layer);
  ImGui::SetNextItemWidth(-1);
  if (ImGui::SliderInt("##layer", &layer, 0, static_cast<int>(layers.size()) - 1, "%d", ImGuiSliderFlags_AlwaysClamp)) {
    dispatch(ShowLayer{static_cast<std::size_t>(layer)});
  }
  mark_item(ui, "knob.layer");
}

void head_count(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const auto counts = possible_heads(state.document(), state.view.layer);
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("Heads");
  ImGui::SameLine(ui.px(100));
  ImGui::SetNextItemWidth(-1);
  ImGui::BeginDisabled(counts.size() < 2);
  const std::string now = std::to_string(state.heads());
  if (ImGui::BeginCombo("##heads", now.c_str())) {
    for (const std::size_t count : counts) {
      const bool own = count == state.layer().heads;
      const std::string label = fmt::format("{}{}", count, own ? " (the document's)" : "");
      if (ImGui::Selectable(label.c_str(), count == state.heads())) {
        dispatch(SetSetting{"heads", own ? nlohmann::json() : nlohmann::json(count), counted(count, "head")});
      }
      mark_item(ui, fmt::format("heads.{}", count));
    }
    ImGui::EndCombo();
  }
  ImGui::EndDisabled();
  mark_item(ui, "knob.heads");
  explain(ui, counts.size() < 2 ? "Saved maps cannot be cut into other heads."
                                : "Cuts the widths of q and k into so many heads.");
}

// A card: the head's number, mute and solo.
void head_card(const AppState& state, Ui& ui, const Dispatch& dispatch, std::size_t head, float width) {
  const HeadGates& gates = state.settings.head_gates;
  const auto in = [head](const std::vector<std::size_t>& list) { return std::ranges::find(list, head) != list.end(); };
  const bool shown = state.view.head == HeadChoice{HeadChoice::Join::none, static_cast<Index>(head)};
  const bool silent = gates.gate(head) == 0;
  ImGui::PushID(static_cast<int>(head));
  ImGui::BeginGroup();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(2), ui.px(2)});
  ImGui::PushStyleColor(ImGuiCol_Text, (silent ? ui.theme.text_off : ui.theme.text).u32());
  ImGui::PushStyleColor(ImGuiCol_Header, ui.theme.selected.u32());
  ImGui::PushStyleVar(ImGuiStyleVar_SelectableTextAlign, {0.5f, 0.5f});
  if (ImGui::Selectable(std::to_string(head).c_str(), shown, 0, {width, ui.px(28)})) {
    dispatch(ShowHead{HeadChoice{HeadChoice::Join::none, static_cast<Index>(head)}});
  }
  mark_item(ui, fmt::format("head.{}", head));
  if (shown) {
    ImGui::GetWindowDrawList()->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), ui.theme.chosen.u32(), ui.px(3));
  }
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(2);
  ImGui::PushFont(ui.fonts.small);
  if (chip(ui, "mute", "M", in(gates.mute), width / 2 - ui.px(1))) dispatch(toggle_mute(state, head));
  mark_item(ui, fmt::format("head.{}.mute", head));
  explain(ui, "Mute: this head adds nothing to stage dropped, context and output");
  ImGui::SameLine();
  if (chip(ui, "solo", "S", in(gates.solo), width / 2 - ui.px(1))) dispatch(toggle_solo(state, head));
  mark_item(ui, fmt::format("head.{}.solo", head));
  explain(ui, "Solo: only soloed heads speak");
  ImGui::PopFont();
  ImGui::PopStyleVar();
  ImGui::EndGroup();
  ImGui::PopID();
}

void heads_section(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  caption(ui, state.document().layers.size() > 1 ? "layers × heads" : "heads");
  layer_picker(state, ui, dispatch);
  head_count(state, ui, dispatch);
  ImGui::Dummy({0, ui.px(2)});
  constexpr float kColumns = 6;
  const float gap = ui.px(6);
  const float width = (ImGui::GetContentRegionAvail().x - (kColumns - 1) * gap) / kColumns;
  const std::size_t heads = state.heads();
  if (heads > 1) {
    const bool mean = state.view.head.join == HeadChoice::Join::mean;
    if (chip(ui, "mean", "mean over heads", mean, ImGui::GetContentRegionAvail().x)) {
      dispatch(ShowHead{mean ? HeadChoice{} : HeadChoice{HeadChoice::Join::mean}});
    }
    mark_item(ui, "head.mean");
  }
  for (std::size_t head = 0; head < heads; ++head) {
    if (head % static_cast<std::size_t>(kColumns) != 0) ImGui::SameLine(0, gap);
    head_card(state, ui, dispatch, head, width);
  }
}

void knobs_section(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  caption(ui, "equation");
  stage_knob(state, ui, dispatch);
  scale_knob(state, ui, dispatch);
  temperature_knob(state, ui, dispatch);
  bias_knob(state, ui, dispatch);
  empty_rows_knob(state, ui, dispatch);
  caption(ui, "masks");
  mask_knob(state, ui, dispatch);
  caption(ui, "colour");
  color_knob(state, ui, dispatch);
}

void history_section(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  caption(ui, "history");
  const auto& steps = state.history.steps;
  for (std::size_t step = 0; step < steps.size(); ++step) {
    ImGui::PushID(static_cast<int>(step));
    const ImVec2 start = ImGui::GetCursorScreenPos();
    if (ImGui::Selectable("##step", step == state.history.at)) dispatch(GoToStep{step});
    const Color color = step > state.history.at ? ui.theme.text_off : ui.theme.text_body;
    gl::LabelStyle style;
    style.size = ImGui::GetFontSize();
    style.max_width = ImGui::GetContentRegionAvail().x - ui.px(16);
    style.color = color.u32();
    const float middle = start.y + ImGui::GetTextLineHeight() / 2;
    gl::token_text(ui.labels, *ImGui::GetWindowDrawList(), {start.x + ui.px(8), middle}, steps[step].label, style, {0, 0.5f});
    ImGui::PopID();
  }
}

}  // namespace

void draw_side_panel(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  document_section(state, ui);
  heads_section(state, ui, dispatch);
  knobs_section(state, ui, dispatch);
  history_section(state, ui, dispatch);
}

}  // namespace attn::app

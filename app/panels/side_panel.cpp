#include "app/panels/side_panel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "app/panels/knobs.hpp"
#include "app/state/commands.hpp"
#include "app/state/requests.hpp"
#include "app/widgets/head_picture.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/layer_inputs.hpp"

namespace attn::app {
namespace {

void document_section(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const Document& document = state.document();
  const Layer& layer = state.layer();
  caption(ui, "document");
  token_label(ui, document.title, ui.theme.text.u32());
  value_row(
      ui, "tokens",
      fmt::format("{} × {}", document.query_of(layer).tokens.size(), document.key_of(layer).tokens.size()));
  value_row(ui, "given", origin_name(layer));
  const auto sample = std::ranges::find(state.ui.samples, state.project.source.path, &Sample::path);
  if (sample != state.ui.samples.end() && !sample->look_at.empty()) {
    hint(ui, sample->look_at);
    mark_item(ui, "document.look_at");
  }
  const bool synthetic =
      document.query_of(layer).synthetic_embeddings || document.key_of(layer).synthetic_embeddings;
  if (synthetic && origin_of(layer) == Origin::qkv)
    hint(ui, "Embeddings are synthetic: made from the tokens' text.");
  const auto warnings =
      static_cast<std::size_t>(std::ranges::count(document.notes, Note::Kind::warning, &Note::kind));
  const std::string label = warnings > 0 ? counted(warnings, "warning") + " …" : "what was read …";
  ImGui::PushStyleColor(ImGuiCol_Text, (warnings > 0 ? ui.theme.warning : ui.theme.text_quiet).u32());
  if (ImGui::SmallButton(label.c_str())) dispatch(ShowDialog{Dialog::report});
  ImGui::PopStyleColor();
  mark_item(ui, "document.report");
  if (state.ui.changed_on_disk) {
    if (ImGui::SmallButton("changed on disk: read it again")) dispatch(Reload{});
    mark_item(ui, "document.reload");
  }
}

void layer_picker(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const auto& layers = state.document().layers;
  if (layers.size() < 2) return;
  control_label(ui, "Layer");
  const auto entry = [&](std::size_t layer, ImVec2 at, float room) {
    // A layer that nobody named is called by its number.
    const std::string& name = layers[layer].name;
    const bool named = !name.empty() && name != fmt::format("layer {}", layer);
    gl::LabelStyle style;
    style.size = label_size();
    style.max_width = room;
    style.color = ImGui::GetColorU32(ImGuiCol_Text);
    gl::token_text(ui.labels, *ImGui::GetWindowDrawList(), {at.x, at.y + ImGui::GetTextLineHeight() / 2},
                   named ? fmt::format("{} · {}", layer, name) : std::to_string(layer), style, {0, 0.5f});
  };
  const ImVec2 padding = ImGui::GetStyle().FramePadding;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float room = ImGui::GetContentRegionAvail().x - ImGui::GetFrameHeight() - 2 * padding.x;
  const bool open = ImGui::BeginCombo("##layer", "");
  if (open) {
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const bool chosen = layer == state.view.layer;
      if (ImGui::Selectable(fmt::format("##{}", layer).c_str(), chosen)) dispatch(ShowLayer{layer});
      mark_item(ui, fmt::format("layer.{}", layer));
      entry(layer, at, room + ImGui::GetFrameHeight());
    }
    ImGui::EndCombo();
  }
  mark_item(ui, "knob.layer");
  entry(state.view.layer, {corner.x + padding.x, corner.y + padding.y}, room);
}

void head_count(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  control_label(ui, "Split into");
  const Refused one(ui, state.in_force->head_refusal);
  const std::string now = counted(state.heads(), "head");
  if (ImGui::BeginCombo("##heads", now.c_str())) {
    for (const std::size_t count : state.in_force->head_counts) {
      const bool own = count == state.layer().heads;
      const std::string label = counted(count, "head") + (own ? ", as in the document" : "");
      if (ImGui::Selectable(label.c_str(), count == state.heads())) {
        dispatch(SetSetting{"heads", own ? nlohmann::json() : nlohmann::json(count), counted(count, "head")});
      }
      mark_item(ui, fmt::format("heads.{}", count));
    }
    ImGui::EndCombo();
  }
  mark_item(ui, "knob.heads");
  explain(ui, "Cuts the widths of q and k into so many heads.");
}

// Half of a head's card: mute or solo.
bool gate_chip(Ui& ui, const char* letter, bool on, ImVec2 size) {
  ImGui::PushFont(ui.fonts.small);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, ui.px(1)});
  const bool clicked = chip(ui, letter, letter, on, size.x);
  ImGui::PopStyleVar();
  ImGui::PopFont();
  return clicked;
}

// A card: the head's picture with its number, below it mute and solo.
void head_card(const AppState& state, Ui& ui, const Dispatch& dispatch, std::size_t head, float width) {
  const HeadGates& gates = state.settings.head_gates;
  const auto in = [head](const std::vector<std::size_t>& list) {
    return std::ranges::find(list, head) != list.end();
  };
  ImGui::PushID(static_cast<int>(head));
  ImGui::BeginGroup();
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(2), ui.px(3)});
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const HeadSheet& sheet = state.computed.sheet;
  const bool has_picture = sheet.map && static_cast<Index>(head) < sheet.heads &&
                           static_cast<Index>(state.view.layer) < sheet.layers;
  if (has_picture) {
    draw_head_picture(state, ui, state.view.layer, head, at, width);
  } else {
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + width}, ui.theme.raised.u32(),
                                              ui.px(2));
  }
  const bool many = state.document().layers.size() > 1;
  const std::string label = many ? fmt::format("{}.{}", state.view.layer, head) : std::to_string(head);
  if (head_cover(state, ui, state.view.layer, head, at, width, label)) {
    dispatch(ShowHead{HeadChoice{HeadChoice::Join::none, static_cast<Index>(head)}});
  }
  mark_item(ui, fmt::format("head.{}", head));
  const ImVec2 half{(width - ui.px(2)) / 2, 0};
  if (gate_chip(ui, "M", in(gates.mute), half)) dispatch(toggle_mute(state, head));
  mark_item(ui, fmt::format("head.{}.mute", head));
  explain(ui, "Mute: this head adds nothing to stages dropped, context and output");
  ImGui::SameLine();
  if (gate_chip(ui, "S", in(gates.solo), half)) dispatch(toggle_solo(state, head));
  mark_item(ui, fmt::format("head.{}.solo", head));
  explain(ui, "Solo: only soloed heads speak");
  ImGui::PopStyleVar();
  ImGui::EndGroup();
  ImGui::PopID();
}

struct JoinRow {
  HeadChoice::Join join;
  const char* name;
  const char* meaning;
};
constexpr std::array kJoins{
    JoinRow{HeadChoice::Join::mean, "mean", "Each cell's mean over this layer's heads"},
    JoinRow{HeadChoice::Join::max, "max", "Each cell's largest value over this layer's heads"},
    JoinRow{HeadChoice::Join::min, "min", "Each cell's smallest value over this layer's heads"},
};

void joined_heads(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const float gap = ui.px(8);
  const float width = (ImGui::GetContentRegionAvail().x - 2 * gap) / 3;
  for (const JoinRow& row : kJoins) {
    if (&row != kJoins.data()) ImGui::SameLine(0, gap);
    const bool on = state.view.head.join == row.join;
    if (chip(ui, row.name, row.name, on, width)) dispatch(ShowHead{on ? HeadChoice{} : HeadChoice{row.join}});
    mark_item(ui, fmt::format("head.{}", row.name));
    explain(ui, row.meaning);
  }
}

void heads_section(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  caption(ui, state.document().layers.size() > 1 ? "layers × heads" : "heads");
  layer_picker(state, ui, dispatch);
  head_count(state, ui, dispatch);
  ImGui::Dummy({0, ui.px(2)});
  const std::size_t heads = state.heads();
  const std::size_t columns = 4;
  // The map shows a single head already.
  if (heads == 1 && state.document().layers.size() == 1) return;
  const float gap = ui.px(8);
  const float width = (ImGui::GetContentRegionAvail().x - static_cast<float>(columns - 1) * gap) /
                      static_cast<float>(columns);
  for (std::size_t head = 0; head < heads; ++head) {
    if (head % columns != 0) ImGui::SameLine(0, gap);
    head_card(state, ui, dispatch, head, width);
  }
  if (heads < 2) return;
  joined_heads(state, ui, dispatch);
  if (state.computed.sheet.map || sheet_waits(state.document())) {
    if (ImGui::Button(state.view.grid ? "back to one map" : "all layers × heads", {-1, 0})) {
      dispatch(ShowGrid{!state.view.grid});
    }
    mark_item(ui, "head.grid");
    hint(ui, state.computed.sheet.map ? sheet_range_text(state) : "Pictures of heads read the whole file.");
  }
}

void knobs_section(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  caption(ui, "equation");
  stage_knob(state, ui, dispatch);
  temperature_knob(state, ui, dispatch);
  normalizer_knob(state, ui, dispatch);
  caption(ui, "masks");
  mask_knob(state, ui, dispatch);
  caption(ui, "biases");
  bias_knob(state, ui, dispatch);
  caption(ui, "queries and keys");
  score_knob(state, ui, dispatch);
  scale_knob(state, ui, dispatch);
  softcap_knob(state, ui, dispatch);
  position_knob(state, ui, dispatch);
  embedding_scale_knob(state, ui, dispatch);
  caption(ui, "after the weights");
  empty_rows_knob(state, ui, dispatch);
  dropout_knob(state, ui, dispatch);
  caption(ui, "colour");
  color_knob(state, ui, dispatch);
}

constexpr float kMostSteps = 6;
constexpr float kHistoryShare = 0.18f;  // of the column's height, at most: the knobs need the rest

// One step of the history; of hundreds only those in sight are drawn.
void draw_step(const AppState& state, Ui& ui, const Dispatch& dispatch, std::size_t step, bool into_sight) {
  ImGui::PushID(static_cast<int>(step));
  const ImVec2 start = ImGui::GetCursorScreenPos();
  if (ImGui::Selectable("##step", step == state.history.at)) dispatch(GoToStep{step});
  mark_item(ui, fmt::format("history.{}", step));
  if (into_sight) ImGui::SetScrollHereY(1);
  const Color color = step > state.history.at ? ui.theme.text_off : ui.theme.text_body;
  gl::LabelStyle style;
  style.size = label_size();
  style.max_width = ImGui::GetContentRegionAvail().x - ui.px(16);
  style.color = color.u32();
  const float middle = start.y + ImGui::GetTextLineHeight() / 2;
  gl::token_text(ui.labels, *ImGui::GetWindowDrawList(), {start.x + ui.px(8), middle},
                 state.history.steps[step].label, style, {0, 0.5f});
  ImGui::PopID();
}

// The steps, the present one always in sight.
void history_list(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const auto& steps = state.history.steps;
  ImGuiStorage& storage = *ImGui::GetStateStorage();
  const ImGuiID seen = ImGui::GetID("seen");
  const int now = static_cast<int>(state.history.at);
  const bool moved = storage.GetInt(seen, -1) != now;
  storage.SetInt(seen, now);
  ImGuiListClipper rows;
  rows.Begin(static_cast<int>(steps.size()));
  rows.IncludeItemByIndex(now);
  while (rows.Step()) {
    for (int row = rows.DisplayStart; row < rows.DisplayEnd; ++row) {
      draw_step(state, ui, dispatch, static_cast<std::size_t>(row), moved && row == now);
    }
  }
}

// A part of the column that scrolls by itself. Its content keeps its width whether or not there is a scroll
// bar.
void begin_part(const Ui& ui, const char* name, float height) {
  const float padding = ui.px(13);
  const float width = ImGui::GetContentRegionAvail().x - 2 * padding - ImGui::GetStyle().ScrollbarSize;
  ImGui::SetNextWindowContentSize({std::max(1.0f, width), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {padding, 0});
  ImGui::BeginChild(name, {0, height}, ImGuiChildFlags_AlwaysUseWindowPadding);
  ImGui::PopStyleVar();
}

// Tab goes round within a pane. The map is one thing, so from there, or from nowhere, it comes to the knobs:
// to this window.
void take_tab_from_map() {
  ImGuiContext& context = *ImGui::GetCurrentContext();
  const bool from_map =
      context.NavWindow == nullptr || context.NavWindow->RootWindow == ImGui::FindWindowByName("map");
  if (!from_map || context.IO.KeyCtrl || !ImGui::IsKeyPressed(ImGuiKey_Tab, false)) return;
  ImGuiWindow* here = ImGui::GetCurrentWindow();
  ImGui::NavMoveRequestCancel();
  ImGui::FocusWindow(here);
  ImGui::NavInitWindow(here, true);
  context.NavInitRequestFromMove = true;  // shows the frame
}

// Another file or text starts at its head; the same one, read again, stays where it is.
void show_top_of_another_document(const AppState& state) {
  const Source& source = state.project.source;
  const auto text = std::hash<const void*>()(source.text.get());
  const auto now = static_cast<int>((std::hash<std::string>()(source.path.string()) ^ text) & 0x7fffffff);
  ImGuiStorage& storage = *ImGui::GetStateStorage();
  const ImGuiID seen = ImGui::GetID("source");
  if (storage.GetInt(seen, -1) != now) ImGui::SetScrollY(0);
  storage.SetInt(seen, now);
}

}  // namespace

void draw_side_panel(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const ImGuiStyle& style = ImGui::GetStyle();
  const float row = ImGui::GetTextLineHeightWithSpacing();
  const float heading = ui.fonts.caption->FontSize + ui.px(12) + 3 * style.ItemSpacing.y;
  const float room = kHistoryShare * ImGui::GetContentRegionAvail().y - heading;
  const float steps = std::clamp(std::floor(room / row), 1.0f, kMostSteps);
  const float list = std::min(steps, static_cast<float>(state.history.steps.size())) * row;
  begin_part(ui, "controls", std::max(ui.px(80), ImGui::GetContentRegionAvail().y - list - heading));
  take_tab_from_map();
  show_top_of_another_document(state);
  document_section(state, ui, dispatch);
  heads_section(state, ui, dispatch);
  knobs_section(state, ui, dispatch);
  ImGui::EndChild();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddLine({ImGui::GetWindowPos().x, at.y},
                                      {ImGui::GetWindowPos().x + ImGui::GetWindowWidth(), at.y},
                                      ui.theme.line.u32());
  ImGui::Indent(ui.px(13));
  caption(ui, "history");
  ImGui::Unindent(ui.px(13));
  begin_part(ui, "history", 0);
  history_list(state, ui, dispatch);
  ImGui::EndChild();
}

}  // namespace attn::app

#include "app/panels/knobs.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "app/panels/parameter_row.hpp"
#include "app/state/terms.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/equation.hpp"
#include "core/attention/scale.hpp"
#include "core/figure/color_scale.hpp"

namespace attn::app {
namespace {

// A formula for a plain text: `1/√dₖ`.
std::string in_one_line(std::string_view formula) {
  std::string text(formula);
  if (text.ends_with("_k")) text.replace(text.size() - 2, 2, "ₖ");
  return text;
}

}  // namespace

void stage_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  control_label(ui, "Stage");
  const StageInfo& now = info(state.view.view.stage);
  const LayerFacts& facts = state.in_force->facts;
  if (ImGui::BeginCombo("##stage", std::string(now.name).c_str(), ImGuiComboFlags_HeightLargest)) {
    for (const StageInfo& row : kStages) {
      const std::string_view missing = stage_refusal(row.stage, facts);
      ImGui::BeginDisabled(!missing.empty());
      if (ImGui::Selectable(std::string(row.name).c_str(), row.stage == now.stage)) {
        View view = state.view.view;
        view.stage = row.stage;
        view.range.reset();
        dispatch(ShowView{view});
      }
      mark_item(ui, fmt::format("stage.{}", row.name));
      ImGui::EndDisabled();
      explain(ui, missing.empty() ? std::string(row.meaning)
                                  : fmt::format("Not here: the layer has no {}.", missing));
    }
    ImGui::EndCombo();
  }
  mark_item(ui, "knob.stage");
  explain(ui, now.meaning);
}

void scale_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const LayerFacts& facts = state.in_force->facts;
  control_label(ui, "Scale");
  const Scale now = scale_in_force(state.settings, facts);
  const bool possible = facts.origin != Origin::weights;
  const Refused refused(ui, possible ? unused_logits(state) : "Saved weights hold no scores to scale.");
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const auto write = [&](ImDrawList& on, std::string_view text, ImVec2 at) {
    formula_text(ui, &on, ui.fonts.body, ui.fonts.small, text, at, ImGui::GetColorU32(ImGuiCol_Text));
  };
  if (ImGui::BeginCombo("##scale", "")) {
    for (const ScaleRow& row : scale_rows()) {
      const std::string_view refusal = scale_refusal(Scale{row.kind}, facts);
      ImGui::BeginDisabled(!refusal.empty());
      const ImVec2 at = ImGui::GetCursorScreenPos();
      if (ImGui::Selectable(fmt::format("##{}", row.name).c_str(), row.kind == now.kind)) {
        dispatch(SetSetting{"scale", std::string(row.name), "scale " + in_one_line(row.formula)});
      }
      write(*ImGui::GetWindowDrawList(), row.formula, at);
      mark_item(ui, fmt::format("scale.{}", row.name));
      ImGui::EndDisabled();
      if (!refusal.empty()) explain(ui, fmt::format("Not here: {}.", refusal));
    }
    ImGui::Separator();
    double number = now.kind == ScaleKind::number ? now.number : 1;
    ImGui::SetNextItemWidth(ui.px(140));
    if (ImGui::InputDouble("a number", &number, 0, 0, "%.10g", ImGuiInputTextFlags_EnterReturnsTrue)) {
      dispatch(SetSetting{"scale", number, fmt::format("scale {:.4g}", number)});
    }
    ImGui::EndCombo();
  }
  const ImVec2 padding = ImGui::GetStyle().FramePadding;
  write(list, scale_label(now), {corner.x + padding.x, corner.y + padding.y});
  mark_item(ui, "knob.scale");
  explain(ui, "Multiplies every score. Without it, long vectors make softmax nearly one-hot.");
}

void embedding_scale_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const bool possible = state.in_force->facts.has_embeddings();
  const EmbeddingScale& now = state.settings.embedding_scale;
  control_label(ui, "Embeddings");
  const Refused refused(ui, possible ? "" : "Not here: the document gives no embeddings.");
  ImGui::PushID("embeddings");
  bool root = now.sqrt_dmodel;
  if (checkbox(ui, "× √width", &root)) {
    dispatch(SetSetting{"embedding_scale", root ? nlohmann::json("sqrt_dmodel") : nlohmann::json(1),
                        root ? "embeddings × √d_model" : "embeddings × 1"});
  }
  mark_item(ui, "knob.embedding_scale.root");
  if (!root) {
    ImGui::SameLine();
    ImGui::SetNextItemWidth(-1);
    double number = now.number;
    if (const auto changed = number_drag(number, -1e6, 1e6)) {
      dispatch(SetSetting{"embedding_scale", number, fmt::format("embeddings × {:.4g}", number), *changed});
    }
  }
  mark_item(ui, "knob.embedding_scale");
  ImGui::PopID();
  explain(ui, "A factor on the embeddings, before positions and projections.");
}

void softcap_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const bool possible = state.in_force->facts.origin != Origin::weights;
  const Refused refused(ui, possible ? unused_logits(state) : "Not here: saved weights hold no scores.");
  control_label(ui, "Soft cap");
  ImGui::PushID("softcap");
  bool on = state.settings.softcap > 0;
  if (checkbox(ui, "##on", &on))
    dispatch(SetSetting{"softcap", on ? 5 : 0, on ? "soft cap 5" : "no soft cap"});
  mark_item(ui, "knob.softcap.on");
  if (on) {
    ImGui::SameLine();
    ImGui::SetNextItemWidth(-1);
    double cap = state.settings.softcap;
    if (const auto changed = number_drag(cap, 0.001, 1e6)) {
      dispatch(SetSetting{"softcap", cap, fmt::format("soft cap {:.4g}", cap), *changed});
    }
    mark_item(ui, "knob.softcap");
    control_label(ui, "");
    bool after = state.settings.softcap_after_bias;
    if (checkbox(ui, "after the bias", &after)) {
      dispatch(SetSetting{"softcap_after_bias", after, after ? "cap after bias" : "cap before bias"});
    }
    mark_item(ui, "knob.softcap_after_bias");
  }
  ImGui::PopID();
  explain(ui, "c · tanh(x / c): no score goes beyond ±c.");
}

namespace {

double to_three_digits(double value) {
  const std::string text = fmt::format("{:.3g}", value);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// A slider from sharp to flat and a button back to 1; calls `set` with the number it shows.
template <class Set>
void temperature_row(Ui& ui, double now, const char* id, const std::string& mark, Set set) {
  double value = now;
  const float button = ui.px(48);
  const float gap = ImGui::GetStyle().ItemInnerSpacing.x;
  ImGui::PushID(id);
  ImGui::SetNextItemWidth(-button - gap);
  constexpr ImGuiSliderFlags kFlags = ImGuiSliderFlags_Logarithmic | ImGuiSliderFlags_AlwaysClamp;
  constexpr double kSharpest = 0.05, kFlattest = 20;
  const bool changed =
      ImGui::SliderScalar("##temperature", ImGuiDataType_Double, &value, &kSharpest, &kFlattest, "", kFlags);
  mark_item(ui, mark);
  // A slider goes by the digits that are shown; a typed number keeps its own.
  if (changed && !ImGui::TempInputIsActive(ImGui::GetItemID())) value = to_three_digits(value);
  if (changed && value != now) set(value, gesture_of_item());
  if (ImGui::IsItemDeactivatedAfterEdit()) set(value, Gesture::committed);
  explain(ui,
          "Divides the logits before softmax: below 1 rows get sharper, above 1 flatter. Ctrl+click to type "
          "a number.");
  ImGui::SameLine(0, gap);
  if (ImGui::Button(fmt::format("{:.3g}###back", now).c_str(), {button, 0}) && now != 1)
    set(1, Gesture::committed);
  mark_item(ui, mark + ".reset");
  explain(ui, "Click: back to 1");
  ImGui::PopID();
}

}  // namespace

void temperature_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const Temperature& now = state.settings.temperature;
  const Refused unused(ui, unused_logits(state));
  control_label(ui, "Temperature");
  temperature_row(ui, now.all, "all", "knob.temperature", [&](double temperature, Gesture gesture) {
    dispatch(set_temperature(state, temperature, gesture));
  });
  if (state.heads() < 2 || state.view.head.join != HeadChoice::Join::none) return;
  const auto head = static_cast<std::size_t>(state.view.head.head);
  bool own = now.heads.contains(head);
  control_label(ui, "");
  if (checkbox(ui, fmt::format("own for head {}", head).c_str(), &own)) {
    dispatch(
        set_head_temperature(state, head, own ? std::optional(now.all) : std::nullopt, Gesture::committed));
  }
  mark_item(ui, "knob.temperature.own");
  explain(ui, "A temperature for the head on show alone.");
  if (!now.heads.contains(head)) return;
  control_label(ui, fmt::format("Head {}", head));
  temperature_row(ui, now.of(head), "head", "knob.temperature.head",
                  [&](double temperature, Gesture gesture) {
                    dispatch(set_head_temperature(state, head, temperature, gesture));
                  });
}

void dropout_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const Dropout& now = state.settings.dropout;
  const auto set = [&](double p, std::uint64_t seed, bool on_output, Gesture gesture) {
    dispatch(SetSetting{"dropout",
                        {{"p", p}, {"seed", seed}, {"where", on_output ? "output" : "weights"}},
                        p == 0 ? std::string("no dropout") : fmt::format("dropout {:.3g}", p),
                        gesture});
  };
  ImGui::PushID("dropout");
  control_label(ui, "Dropout");
  double p = now.p;
  if (const auto changed = number_drag(p, 0, 0.95)) set(p, now.seed, now.on_output, *changed);
  mark_item(ui, "knob.dropout");
  explain(ui, "The share of cells that is set to 0, the others times 1/(1 − p). Seen from stage dropped on.");
  if (now.p > 0) {
    std::uint64_t seed = now.seed;
    if (const auto changed = seed_row(ui, seed, "knob.dropout.seed", "Another seed drops other cells."))
      set(now.p, seed, now.on_output, *changed);
    control_label(ui, "");
    bool on_output = now.on_output;
    if (checkbox(ui, "of the output", &on_output)) set(now.p, now.seed, on_output, Gesture::committed);
    mark_item(ui, "knob.dropout.where");
    explain(ui, "Drops numbers of the output instead of weights.");
  }
  ImGui::PopID();
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
  control_label(ui, "Transfer");
  const auto row = std::ranges::find(kTransfers, view.transfer, &TransferInfo::transfer);
  if (ImGui::BeginCombo("##transfer", std::string(row->name).c_str())) {
    for (const TransferInfo& transfer : kTransfers) {
      const std::string name(transfer.name);
      if (ImGui::Selectable(name.c_str(), view.transfer == transfer.transfer)) {
        view.transfer = transfer.transfer;
        dispatch(ShowView{view});
      }
      mark_item(ui, "transfer." + name);
      explain(ui, transfer.formula);
    }
    ImGui::EndCombo();
  }
  mark_item(ui, "knob.transfer");
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

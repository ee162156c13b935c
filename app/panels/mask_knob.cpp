#include <fmt/format.h>

#include "app/panels/knobs.hpp"
#include "app/state/commands.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/mask.hpp"

namespace attn::app {
namespace {

// One parameter of a mask; true where it was changed.
bool parameter_row(const Ui& ui, const Parameter& parameter, nlohmann::json& value) {
  control_label(ui, in_words(parameter.name));
  bool changed = false;
  switch (parameter.type) {
    case ParameterType::boolean: {
      bool on = value.get<bool>();
      changed = checkbox(ui, "##value", &on);
      if (changed) value = on;
      break;
    }
    case ParameterType::choice:
      if (ImGui::BeginCombo("##value", in_words(value.get<std::string>()).c_str())) {
        for (const std::string_view choice : parameter.choices) {
          if (!ImGui::Selectable(in_words(choice).c_str(), value == choice)) continue;
          value = std::string(choice);
          changed = true;
        }
        ImGui::EndCombo();
      }
      break;
    case ParameterType::integer_or_null: {
      bool bounded = !value.is_null();
      if (checkbox(ui, "##bounded", &bounded)) {
        value = bounded ? nlohmann::json(4) : nlohmann::json();
        changed = true;
      }
      ImGui::SameLine();
      if (value.is_null()) {
        ImGui::TextUnformatted("no limit");
        break;
      }
      ImGui::SetNextItemWidth(-1);
      [[fallthrough]];
    }
    case ParameterType::integer: {
      int number = value.get<int>();
      changed |= ImGui::InputInt("##value", &number, 1, 10);
      if (changed && !value.is_null()) value = number;
      break;
    }
    case ParameterType::number: {
      auto number = value.get<float>();
      changed = ImGui::InputFloat("##value", &number, 0, 0, "%.4g");
      if (changed) value = number;
      break;
    }
    default:
      break;
  }
  explain(ui, parameter.meaning);
  return changed;
}

enum class MaskChange { none, edited, removed };

MaskChange mask_row(Ui& ui, MaskTerm& mask, std::size_t place) {
  MaskChange change = MaskChange::none;
  const float small = ui.px(40);
  if (place > 0) {
    if (chip(ui, "combine", mask.combine_or ? "or" : "and", mask.combine_or, small)) {
      mask.combine_or = !mask.combine_or;
      change = MaskChange::edited;
    }
    mark_item(ui, fmt::format("mask.{}.combine", place));
    explain(ui, "How this mask meets the ones above it: and = both must allow, or = one is enough.");
    ImGui::SameLine(0, ui.px(4));
  }
  if (chip(ui, "negate", "not", mask.negate, small)) {
    mask.negate = !mask.negate;
    change = MaskChange::edited;
  }
  mark_item(ui, fmt::format("mask.{}.negate", place));
  explain(ui, "Turn the mask around.");
  ImGui::SameLine(0, ui.px(8));
  const MaskKind& kind = *mask_kind_named(mask.term.kind);
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(in_words(mask.term.kind).c_str());
  explain(ui, fmt::format("{}: {}", kind.meaning, kind.formula));
  ImGui::SameLine(ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - ImGui::GetFrameHeight());
  if (ImGui::Button("×", {ImGui::GetFrameHeight(), 0})) change = MaskChange::removed;
  mark_item(ui, fmt::format("mask.{}.remove", place));
  explain(ui, "Take this mask away");
  for (const Parameter& parameter : kind.parameters) {
    ImGui::PushID(parameter.name.data());
    if (parameter_row(ui, parameter, mask.term.parameters[std::string(parameter.name)]))
      change = MaskChange::edited;
    mark_item(ui, fmt::format("mask.{}.{}", place, parameter.name));
    ImGui::PopID();
  }
  return change;
}

void add_mask(const AppState& state, Ui& ui, std::vector<MaskTerm> masks, const Dispatch& dispatch) {
  const LayerFacts facts = facts_of(state);
  ImGui::SetNextItemWidth(-1);
  const bool open = ImGui::BeginCombo("##add", "add a mask …", ImGuiComboFlags_HeightLargest);
  if (open) {
    for (const MaskKind& kind : mask_kinds()) {
      const std::string name(kind.name);
      const std::string_view refusal = kind.refusal(facts);
      ImGui::BeginDisabled(!refusal.empty());
      if (ImGui::Selectable(in_words(name).c_str())) {
        auto added = read_masks(nlohmann::json::array({starting_term(kind)}), "");
        masks.push_back(std::move(added->front()));
        dispatch(set_masks(masks, "mask " + mask_label(masks.back())));
      }
      mark_item(ui, "mask.add." + name);
      ImGui::EndDisabled();
      explain(ui, refusal.empty() ? fmt::format("{}: {}", kind.meaning, kind.formula)
                                  : fmt::format("Not here: {}.", refusal));
    }
    ImGui::EndCombo();
  }
  mark_item(ui, "mask.add");
}

}  // namespace

void mask_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const std::vector<MaskTerm> masks = masks_in_force(state);
  // Every row is drawn whatever changes: a panel that is shorter for a frame would scroll.
  for (std::size_t m = 0; m < masks.size(); ++m) {
    MaskTerm mask = masks[m];
    ImGui::PushID(static_cast<int>(m));
    const MaskChange change = mask_row(ui, mask, m);
    ImGui::PopID();
    if (change == MaskChange::none) continue;
    std::vector<MaskTerm> next = masks;
    next[m] = mask;
    if (change == MaskChange::removed) next.erase(next.begin() + static_cast<std::ptrdiff_t>(m));
    dispatch(set_masks(next, change == MaskChange::removed ? fmt::format("no {} mask", mask.term.kind)
                                                           : "mask " + mask_label(mask)));
  }
  add_mask(state, ui, masks, dispatch);
}

}  // namespace attn::app

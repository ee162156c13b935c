#include <fmt/format.h>

#include "app/panels/knobs.hpp"
#include "app/state/commands.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/mask.hpp"

namespace attn::app {
namespace {

// One parameter of a mask; true where it was changed.
bool parameter_row(const Ui& ui, const Parameter& parameter, nlohmann::json& value) {
  control_label(ui, parameter.name);
  bool changed = false;
  switch (parameter.type) {
    case ParameterType::boolean: {
      bool on = value.get<bool>();
      changed = checkbox(ui, "##value", &on);
      if (changed) value = on;
      break;
    }
    case ParameterType::choice:
      if (ImGui::BeginCombo("##value", value.get<std::string>().c_str())) {
        for (const std::string_view choice : parameter.choices) {
          if (!ImGui::Selectable(std::string(choice).c_str(), value == choice)) continue;
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

MaskChange mask_row(const Ui& ui, MaskTerm& mask, bool first) {
  MaskChange change = MaskChange::none;
  const float small = ui.px(40);
  if (chip(ui, "combine", first ? "and" : mask.combine_or ? "or" : "and", mask.combine_or, small)) {
    mask.combine_or = !mask.combine_or;
    change = MaskChange::edited;
  }
  explain(ui, "How this mask meets the ones above it: and = both must allow, or = one is enough.");
  ImGui::SameLine(0, ui.px(4));
  if (chip(ui, "negate", "not", mask.negate, small)) {
    mask.negate = !mask.negate;
    change = MaskChange::edited;
  }
  explain(ui, "Turn the mask around.");
  ImGui::SameLine(0, ui.px(8));
  const MaskKind& kind = *mask_kind_named(mask.term.kind);
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(mask.term.kind.c_str());
  explain(ui, fmt::format("{}: {}", kind.meaning, kind.formula));
  ImGui::SameLine(ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - ImGui::GetFrameHeight());
  if (ImGui::Button("×", {ImGui::GetFrameHeight(), 0})) change = MaskChange::removed;
  explain(ui, "Take this mask away");
  for (const Parameter& parameter : kind.parameters) {
    ImGui::PushID(parameter.name.data());
    if (parameter_row(ui, parameter, mask.term.parameters[std::string(parameter.name)]))
      change = MaskChange::edited;
    ImGui::PopID();
  }
  return change;
}

void add_mask(const AppState& state, Ui& ui, const Dispatch& dispatch, std::vector<MaskTerm> masks) {
  const LayerFacts facts = facts_of(state);
  float used = 0;
  for (const MaskKind& kind : mask_kinds()) {
    const std::string name(kind.name);
    const std::string_view refusal = kind.refusal(facts);
    const float width = ImGui::CalcTextSize(name.c_str()).x + ui.px(32);
    if (used > 0 && used + width < ImGui::GetContentRegionAvail().x) {
      ImGui::SameLine(0, ui.px(4));
    } else {
      used = 0;
    }
    used += width + ui.px(4);
    ImGui::BeginDisabled(!refusal.empty());
    if (ImGui::Button(fmt::format("+ {}", name).c_str())) {
      auto added = read_masks(nlohmann::json::array({starting_term(kind)}), "");
      masks.push_back(std::move(added->front()));
      dispatch(set_masks(masks, fmt::format("add {} mask", name)));
    }
    mark_item(ui, "mask.add." + name);
    ImGui::EndDisabled();
    explain(ui, refusal.empty() ? fmt::format("{}: {}", kind.meaning, kind.formula)
                                : fmt::format("Not here: {}.", refusal));
  }
}

}  // namespace

void mask_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  std::vector<MaskTerm> masks = masks_in_force(state);
  for (std::size_t m = 0; m < masks.size(); ++m) {
    ImGui::PushID(static_cast<int>(m));
    const std::string kind = masks[m].term.kind;
    const MaskChange change = mask_row(ui, masks[m], m == 0);
    ImGui::PopID();
    if (change == MaskChange::edited) {
      dispatch(set_masks(masks, fmt::format("{} mask", kind)));
      return;
    }
    if (change == MaskChange::removed) {
      masks.erase(masks.begin() + static_cast<std::ptrdiff_t>(m));
      dispatch(set_masks(masks, fmt::format("no {} mask", kind)));
      return;
    }
  }
  add_mask(state, ui, dispatch, std::move(masks));
}

}  // namespace attn::app

#include <algorithm>

#include <fmt/format.h>

#include "app/panels/knobs.hpp"
#include "app/panels/parameter_row.hpp"
#include "app/state/terms.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/bias.hpp"
#include "core/attention/mask.hpp"

namespace attn::app {
namespace {

enum class Move { none, up, down, out };

// `▲ ▼ ×` at the right end of a row's head.
Move row_buttons(Ui& ui, std::size_t place, std::size_t count, const std::string& mark,
                 std::string_view noun) {
  struct Button {
    const char* label;
    const char* name;
    Move move;
    bool possible;
    const char* meaning;
  };
  const Button buttons[] = {{"↑", "up", Move::up, place > 0, "Before the one above"},
                            {"↓", "down", Move::down, place + 1 < count, "After the one below"},
                            {"×", "remove", Move::out, true, "Take this {} away"}};
  const float edge = ImGui::GetFrameHeight();
  const float gap = ui.px(2);
  const float width = 3 * edge + 2 * gap;
  ImGui::SameLine();
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, ImGui::GetContentRegionAvail().x - width));
  Move move = Move::none;
  for (const Button& button : buttons) {
    if (button.move != Move::up) ImGui::SameLine(0, gap);
    ImGui::BeginDisabled(!button.possible);
    if (ImGui::Button(button.label, {edge, 0})) move = button.move;
    mark_item(ui, fmt::format("{}.{}", mark, button.name));
    ImGui::EndDisabled();
    explain(ui, fmt::format(fmt::runtime(button.meaning), noun));
  }
  return move;
}

template <class Row>
void apply(std::vector<Row>& rows, std::size_t place, Move move) {
  const auto at = rows.begin() + static_cast<std::ptrdiff_t>(place);
  if (move == Move::up) std::iter_swap(at, at - 1);
  if (move == Move::down) std::iter_swap(at, at + 1);
  if (move == Move::out) rows.erase(at);
}

constexpr std::string_view kNoStrokes = "its rectangles come from a document or from settings";

// The window has no way to make what such a kind is of.
bool only_from_files(const KindInfo& kind) {
  return std::ranges::any_of(kind.parameters,
                             [](const Parameter& row) { return row.type == ParameterType::strokes; });
}

// The family's kinds, to add one; calls `add` with what it starts with.
template <class Rows, class Add>
void add_combo(const AppState& state, Ui& ui, const Rows& rows, const char* noun, Add add) {
  const LayerFacts& facts = state.in_force->facts;
  ImGui::SetNextItemWidth(-1);
  if (ImGui::BeginCombo("##add", fmt::format("add a {} …", noun).c_str(), ImGuiComboFlags_HeightLargest)) {
    for (const auto& kind : rows) {
      const std::string_view refusal = only_from_files(kind) ? kNoStrokes : kind.refusal(facts);
      ImGui::BeginDisabled(!refusal.empty());
      if (ImGui::Selectable(in_words(kind.name).c_str())) add(nlohmann::json::array({starting_term(kind)}));
      mark_item(ui, fmt::format("{}.add.{}", noun, kind.name));
      ImGui::EndDisabled();
      explain(ui, refusal.empty() ? kind_in_words(kind) : fmt::format("Not here: {}.", refusal));
    }
    ImGui::EndCombo();
  }
  mark_item(ui, fmt::format("{}.add", noun));
}

// How a mask meets the ones above it, and whether it is turned around.
struct Chips {
  bool combine_or = false, negate = false;
  [[nodiscard]] bool operator==(const Chips&) const = default;
};

// As they are after this frame.
Chips mask_chips(Ui& ui, const MaskTerm& mask, std::size_t place) {
  Chips chips{mask.combine_or, mask.negate};
  const float small = ui.px(36);
  if (mask_kind_named(mask.term.kind)->overwrites) return chips;
  if (place > 0) {
    if (chip(ui, "combine", mask.combine_or ? "or" : "and", mask.combine_or, small))
      chips.combine_or = !mask.combine_or;
    mark_item(ui, fmt::format("mask.{}.combine", place));
    explain(ui, "How this mask meets the ones above it: and = both must allow, or = one is enough.");
    ImGui::SameLine(0, ui.px(4));
  }
  if (chip(ui, "negate", "not", mask.negate, small)) chips.negate = !mask.negate;
  mark_item(ui, fmt::format("mask.{}.negate", place));
  explain(ui, "Turn the mask around.");
  ImGui::SameLine(0, ui.px(8));
  return chips;
}

void row_name(const KindInfo& kind, const Ui& ui) {
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(in_words(kind.name).c_str());
  explain(ui, kind_in_words(kind));
}

}  // namespace

void mask_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const std::vector<MaskTerm>& masks = state.in_force->masks;
  // Every row is drawn whatever changes: a panel that is shorter for a frame would scroll.
  for (std::size_t m = 0; m < masks.size(); ++m) {
    const MaskTerm& mask = masks[m];
    const MaskKind& kind = *mask_kind_named(mask.term.kind);
    const std::string mark = fmt::format("mask.{}", m);
    ImGui::PushID(static_cast<int>(m));
    const Chips chips = mask_chips(ui, mask, m);
    row_name(kind, ui);
    const Move move = row_buttons(ui, m, masks.size(), mark, "mask");
    auto edited = parameter_rows(ui, kind, mask.term.parameters, mark, [&](const nlohmann::json& values) {
      std::vector<MaskTerm> next = masks;
      next[m].term.parameters = values;
      return refusal_of(state, set_masks(next, ""));
    });
    ImGui::PopID();
    const bool pressed = chips != Chips{mask.combine_or, mask.negate} || move != Move::none;
    if (!edited && !pressed) continue;
    std::vector<MaskTerm> next = masks;
    next[m].combine_or = chips.combine_or;
    next[m].negate = chips.negate;
    if (edited) next[m].term.parameters = std::move(edited->value);
    const std::string label = move == Move::out ? fmt::format("no {} mask", in_words(mask.term.kind))
                                                : "mask " + mask_label(next[m]);
    apply(next, m, move);
    dispatch(set_masks(next, label, pressed ? Gesture::committed : edited->gesture));
  }
  add_combo(state, ui, mask_kinds(), "mask", [&](const nlohmann::json& list) {
    std::vector<MaskTerm> next = masks;
    next.push_back(read_masks(list, "")->front());
    dispatch(set_masks(next, "mask " + mask_label(next.back())));
  });
}

void bias_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const std::vector<Term>& biases = state.in_force->biases;
  const Kinds kinds = kinds_of(bias_kinds());
  const Refused unused(ui, unused_logits(state));
  ImGui::PushID("bias");
  for (std::size_t b = 0; b < biases.size(); ++b) {
    const Term& bias = biases[b];
    const BiasKind& kind = *kind_named(bias_kinds(), bias.kind);
    const std::string mark = fmt::format("bias.{}", b);
    ImGui::PushID(static_cast<int>(b));
    row_name(kind, ui);
    const Move move = row_buttons(ui, b, biases.size(), mark, "bias");
    auto edited = parameter_rows(ui, kind, bias.parameters, mark, [&](const nlohmann::json& values) {
      std::vector<Term> next = biases;
      next[b].parameters = values;
      return refusal_of(state, set_biases(next, ""));
    });
    ImGui::PopID();
    if (!edited && move == Move::none) continue;
    std::vector<Term> next = biases;
    if (edited) next[b].parameters = std::move(edited->value);
    const std::string label = move == Move::out ? fmt::format("no {} bias", in_words(bias.kind))
                                                : "bias " + term_label(next[b], kinds);
    apply(next, b, move);
    dispatch(set_biases(next, label, edited ? edited->gesture : Gesture::committed));
  }
  add_combo(state, ui, bias_kinds(), "bias", [&](const nlohmann::json& list) {
    std::vector<Term> next = biases;
    next.push_back(read_biases(list, "")->front());
    dispatch(set_biases(next, "bias " + term_label(next.back(), kinds)));
  });
  // Once, however many of the biases are drawn from it.
  for (const KindInfo* kind : kinds) {
    const bool used = std::ranges::find(biases, kind->name, &Term::kind) != biases.end();
    if (used) drawn_row(state, ui, dispatch, kind->parameters, fmt::format("bias.{}.drawn", kind->name));
  }
  ImGui::PopID();
}

}  // namespace attn::app

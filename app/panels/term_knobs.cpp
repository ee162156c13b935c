#include <fmt/format.h>

#include "app/panels/knobs.hpp"
#include "app/panels/parameter_row.hpp"
#include "app/state/terms.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/normalizer.hpp"
#include "core/attention/position.hpp"
#include "core/attention/score.hpp"

namespace attn::app {
namespace {

using Json = nlohmann::json;

// A term of which there is one: a family of kinds under one key of the settings.
struct TermFamily {
  const char* key;
  const char* label;
  Kinds (*kinds)();
  Term (*in_force)(const AppState& state);
  /// Why this layer cannot have the kind, or empty.
  std::string (*refusal)(const KindInfo& kind, const LayerFacts& facts);
  std::span<const Parameter> (*common)();
  const char* meaning;
};

std::span<const Parameter> nothing_common() {
  return {};
}

const TermFamily kScore{"score",
                        "Score",
                        [] { return kinds_of(score_kinds()); },
                        score_term,
                        [](const KindInfo& kind, const LayerFacts& facts) {
                          return score_refusal(static_cast<const ScoreKind&>(kind), facts);
                        },
                        nothing_common,
                        "How a query meets a key."};
const TermFamily kPosition{
    "position",
    "Position",
    [] { return kinds_of(position_kinds()); },
    [](const AppState& state) { return state.settings.position; },
    [](const KindInfo& kind, const LayerFacts& facts) {
      return std::string(position_refusal(static_cast<const PositionKind&>(kind), facts));
    },
    nothing_common,
    "How the place of a token enters q and k."};
const TermFamily kNormalizer{"normalizer",
                             "Normaliser",
                             [] { return kinds_of(normalizer_kinds()); },
                             [](const AppState& state) { return state.settings.normalizer; },
                             [](const KindInfo& kind, const LayerFacts& facts) {
                               return normalizer_refusal(Term{std::string(kind.name)}, facts);
                             },
                             normalizer_common_parameters,
                             "Turns a row of logits into weights."};

// The kinds as a list to choose from, then the parameters of the one in force.
void term_knob(const TermFamily& family, const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const LayerFacts facts = facts_of(state);
  const Kinds kinds = family.kinds();
  Term term = family.in_force(state);
  const std::string mark = fmt::format("knob.{}", family.key);
  const auto set = [&](Json value, const std::string& label, Gesture gesture) {
    dispatch(SetSetting{family.key, std::move(value), label, gesture});
  };
  control_label(ui, family.label);
  ImGui::PushID(family.key);
  const KindInfo* now = nullptr;
  for (const KindInfo* kind : kinds) {
    if (kind->name == term.kind) now = kind;
  }
  if (ImGui::BeginCombo("##kind", in_words(term.kind).c_str(), ImGuiComboFlags_HeightLargest)) {
    for (const KindInfo* kind : kinds) {
      const std::string refusal = family.refusal(*kind, facts);
      ImGui::BeginDisabled(!refusal.empty());
      if (ImGui::Selectable(in_words(kind->name).c_str(), kind == now)) {
        set(starting_term(*kind), fmt::format("{} {}", family.key, in_words(kind->name)), Gesture::committed);
      }
      mark_item(ui, fmt::format("{}.{}", family.key, kind->name));
      ImGui::EndDisabled();
      explain(ui, refusal.empty() ? kind_in_words(*kind) : fmt::format("Not here: {}.", refusal));
    }
    ImGui::EndCombo();
  }
  mark_item(ui, mark);
  explain(ui, now == nullptr ? family.meaning : kind_in_words(*now));
  if (now != nullptr) {
    auto changed = parameter_rows(ui, *now, term.parameters, mark);
    for (const Parameter& parameter : family.common()) {
      const bool fits = family.refusal(*now, facts).empty() && facts.origin != Origin::weights;
      ImGui::BeginDisabled(!fits);
      const auto one = parameter_row(ui, parameter, term.parameters[std::string(parameter.name)], mark);
      ImGui::EndDisabled();
      if (one) changed = one;
    }
    if (changed)
      set(term_to_json(term, kinds, family.common()),
          fmt::format("{} {}", family.key, term_label(term, kinds)), *changed);
  }
  ImGui::PopID();
}

}  // namespace

std::string kind_in_words(const KindInfo& kind) {
  return kind.formula.empty() ? std::string(kind.meaning) : fmt::format("{}: {}", kind.meaning, kind.formula);
}

void score_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  term_knob(kScore, state, ui, dispatch);
  const auto& drawn = state.computed.synthetic;
  if (drawn.empty()) return;
  std::string names;
  for (const std::string& name : drawn) names += (names.empty() ? "" : ", ") + name;
  hint(ui, fmt::format("Synthetic: {}, drawn from seed {}.", names, state.settings.seed));
  control_label(ui, "Seed");
  int seed = static_cast<int>(state.settings.seed & 0x7fffffff);
  if (ImGui::InputInt("##seed", &seed, 1, 10) && seed >= 0) {
    dispatch(SetSetting{"seed", seed, fmt::format("seed {}", seed)});
  }
  mark_item(ui, "knob.seed");
  explain(ui, "Parameters that neither document nor settings give are drawn from it.");
}

void position_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  term_knob(kPosition, state, ui, dispatch);
}

void normalizer_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  term_knob(kNormalizer, state, ui, dispatch);
}

}  // namespace attn::app

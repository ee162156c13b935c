#include <algorithm>

#include <fmt/format.h>

#include "app/panels/knobs.hpp"
#include "app/panels/parameter_row.hpp"
#include "app/state/terms.hpp"
#include "app/widgets/widgets.hpp"
#include "core/attention/families.hpp"
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
  const Term& (*in_force)(const AppState& state);
  /// Why this layer cannot have the kind, or empty.
  std::string (*refusal)(const KindInfo& kind, const LayerFacts& facts);
  const char* meaning;
  bool of_logits = false;  ///< does nothing where the normaliser works on q and k themselves
};

const TermFamily kScore{"score",
                        "Score",
                        [](const AppState& state) -> const Term& { return state.in_force->score; },
                        [](const KindInfo& kind, const LayerFacts& facts) {
                          return score_refusal(static_cast<const ScoreKind&>(kind), facts);
                        },
                        "How a query meets a key.",
                        true};
const TermFamily kPosition{
    "position", "Position", [](const AppState& state) -> const Term& { return state.settings.position; },
    [](const KindInfo& kind, const LayerFacts& facts) {
      return std::string(position_refusal(static_cast<const PositionKind&>(kind), facts));
    },
    "How the place of a token enters q and k."};
const TermFamily kNormalizer{"normalizer", "Normaliser",
                             [](const AppState& state) -> const Term& { return state.settings.normalizer; },
                             [](const KindInfo& kind, const LayerFacts& facts) {
                               return normalizer_refusal(Term{std::string(kind.name)}, facts);
                             },
                             "Turns a row of logits into weights."};

std::string not_here(std::string_view reason) {
  return fmt::format("Not here: {}.", reason);
}

// Why there is nothing to choose: the first refusal, where every kind but the present one is refused.
std::string no_choice(const TermFamily& family, const LayerFacts& facts, std::string_view now) {
  std::string reason;
  for (const KindInfo* kind : family_named(family.key)->kinds()) {
    if (kind->name == now) continue;
    const std::string refusal = family.refusal(*kind, facts);
    if (refusal.empty()) return {};
    if (reason.empty()) reason = not_here(refusal);
  }
  return reason;
}

// The kinds as a list to choose from.
void draw_kinds(const TermFamily& family, const AppState& state, Ui& ui, const Dispatch& dispatch,
                const KindInfo* now, const std::string& shown) {
  const LayerFacts& facts = state.in_force->facts;
  const Refused none(ui, no_choice(family, facts, shown));
  if (ImGui::BeginCombo("##kind", in_words(shown).c_str(), ImGuiComboFlags_HeightLargest)) {
    for (const KindInfo* kind : family_named(family.key)->kinds()) {
      const std::string refusal = family.refusal(*kind, facts);
      ImGui::BeginDisabled(!refusal.empty());
      if (ImGui::Selectable(in_words(kind->name).c_str(), kind == now)) {
        dispatch(SetSetting{family.key, starting_term(*kind),
                            fmt::format("{} {}", in_words(family.key), in_words(kind->name))});
      }
      mark_item(ui, fmt::format("{}.{}", family.key, kind->name));
      ImGui::EndDisabled();
      explain(ui, refusal.empty() ? kind_in_words(*kind) : not_here(refusal));
    }
    ImGui::EndCombo();
  }
  mark_item(ui, fmt::format("knob.{}", family.key));
  explain(ui, now == nullptr ? family.meaning : kind_in_words(*now));
}

// The list, then the parameters of the kind in force.
void term_knob(const TermFamily& family, const AppState& state, Ui& ui, const Dispatch& dispatch) {
  const LayerFacts& facts = state.in_force->facts;
  const Kinds kinds = family_named(family.key)->kinds();
  const Term& term = family.in_force(state);
  const std::string mark = fmt::format("knob.{}", family.key);
  const Refused unused(ui, family.of_logits ? unused_logits(state) : std::string());
  control_label(ui, family.label);
  ImGui::PushID(family.key);
  const KindInfo* now = nullptr;
  for (const KindInfo* kind : kinds) {
    if (kind->name == term.kind) now = kind;
  }
  draw_kinds(family, state, ui, dispatch, now, term.kind);
  if (now != nullptr) {
    const auto accepts = [&](const Json& parameters) {
      const Term next{term.kind, parameters};
      return refusal_of(
          state, SetSetting{family.key, term_to_json(next, kinds, family_named(family.key)->common()), ""});
    };
    auto edited = parameter_rows(ui, *now, term.parameters, mark, accepts);
    for (const Parameter& parameter : family_named(family.key)->common()) {
      const std::string refusal = normalizer_refusal(Term{term.kind, Json{{"axis", "queries"}}}, facts);
      const Refused refused(ui, refusal.empty() ? std::string() : not_here(refusal));
      const std::string name(parameter.name);
      if (auto one = parameter_row(ui, parameter, term.parameters.at(name), mark)) {
        edited = Edit{term.parameters, one->gesture};
        edited->value[name] = std::move(one->value);
      }
    }
    if (edited) {
      const Term next{term.kind, std::move(edited->value)};
      dispatch(SetSetting{family.key, term_to_json(next, kinds, family_named(family.key)->common()),
                          fmt::format("{} {}", in_words(family.key), term_label(next, kinds)),
                          edited->gesture});
    }
  }
  ImGui::PopID();
}

}  // namespace

std::string kind_in_words(const KindInfo& kind) {
  return kind.formula.empty() ? std::string(kind.meaning) : fmt::format("{}\n{}", kind.meaning, kind.formula);
}

void drawn_row(const AppState& state, Ui& ui, const Dispatch& dispatch, std::span<const Parameter> parameters,
               const std::string& mark) {
  std::string names;
  for (const Parameter& parameter : parameters) {
    const bool drawn =
        std::ranges::find(state.computed.synthetic, parameter.name) != state.computed.synthetic.end();
    if (parameter.type == ParameterType::tensor && drawn)
      names += (names.empty() ? "" : ", ") + std::string(parameter.name);
  }
  if (names.empty()) return;
  std::uint64_t seed = state.settings.seed;
  hint(ui, fmt::format("Synthetic: {}, drawn from seed {}.", names, seed));
  const auto changed =
      seed_row(ui, seed, mark, "Parameters that neither document nor settings give are drawn from it.");
  if (changed) dispatch(SetSetting{"seed", seed, fmt::format("seed {}", seed), *changed});
}

void score_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  term_knob(kScore, state, ui, dispatch);
  const ScoreKind* kind = kind_named(score_kinds(), state.in_force->score.kind);
  if (kind != nullptr) drawn_row(state, ui, dispatch, kind->parameters, "knob.seed");
}

void position_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  term_knob(kPosition, state, ui, dispatch);
}

void normalizer_knob(const AppState& state, Ui& ui, const Dispatch& dispatch) {
  term_knob(kNormalizer, state, ui, dispatch);
}

}  // namespace attn::app

#include "app/state/terms.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/attention/bias.hpp"
#include "core/attention/equation.hpp"
#include "core/attention/mask.hpp"
#include "core/attention/normalizer.hpp"
#include "core/attention/score.hpp"

namespace attn::app {

namespace {

// Names that are not written as they are spelt in settings.
struct ProperName {
  std::string_view identifier, written;
};
constexpr std::array kNames{
    ProperName{"alibi", "ALiBi"},
    ProperName{"t5", "T5"},
    ProperName{"rope", "RoPE"},
    ProperName{"normalizer", "normaliser"},
};

nlohmann::json to_json(const Temperature& temperature) {
  if (temperature.heads.empty()) return temperature.all;
  nlohmann::json json{{"all", temperature.all}, {"heads", nlohmann::json::object()}};
  for (const auto& [head, own] : temperature.heads) json["heads"][std::to_string(head)] = own;
  return json;
}

}  // namespace

SetSetting set_temperature(const AppState& state, double temperature, Gesture gesture) {
  Temperature next = state.settings.temperature;
  next.all = temperature;
  return {"temperature", to_json(next), fmt::format("temperature {:.3g}", temperature), gesture};
}

SetSetting set_head_temperature(const AppState& state, std::size_t head, std::optional<double> temperature,
                                Gesture gesture) {
  Temperature next = state.settings.temperature;
  next.heads.erase(head);
  if (temperature) next.heads[head] = *temperature;
  return {"temperature", to_json(next),
          temperature ? fmt::format("temperature {:.3g} of head {}", *temperature, head)
                      : fmt::format("head {} at the common temperature", head),
          gesture};
}

SetSetting set_biases(const std::vector<Term>& biases, std::string label, Gesture gesture) {
  return {"bias", biases_to_json(biases), std::move(label), gesture};
}

SetSetting set_masks(const std::vector<MaskTerm>& masks, std::string label, Gesture gesture) {
  return {"masks", masks_to_json(masks), std::move(label), gesture};
}

SetSetting toggle_mask(const AppState& state, std::string_view kind) {
  std::vector<MaskTerm> masks = state.in_force->masks;
  const auto is_kind = [&](const MaskTerm& mask) { return mask.term.kind == kind; };
  if (std::erase_if(masks, is_kind) > 0) return set_masks(masks, fmt::format("no {} mask", kind));
  auto added = read_masks(nlohmann::json::array({starting_term(*mask_kind_named(kind))}), "");
  masks.push_back(std::move(added->front()));
  return set_masks(masks, fmt::format("{} mask", kind));
}

std::string term_label(const Term& term, const Kinds& kinds) {
  const auto text_of = [](const Parameter& parameter, const nlohmann::json& value) {
    if (value.is_null()) return std::string("no limit");
    if (value.is_string()) return in_words(value.get<std::string>());
    if (parameter.type == ParameterType::strokes) return fmt::format("{}", value.size());
    return json_excerpt(value);
  };
  std::string label = in_words(term.kind);
  const auto kind = std::ranges::find(kinds, term.kind, [](const KindInfo* row) { return row->name; });
  for (const Parameter& parameter :
       kind == kinds.end() ? std::span<const Parameter>() : (*kind)->parameters) {
    const auto value = term.parameters.find(std::string(parameter.name));
    if (value == term.parameters.end() || parameter.type == ParameterType::tensor) continue;
    if (!parameter.fallback.empty() && *value == nlohmann::json::parse(parameter.fallback)) continue;
    label += fmt::format(" {} {}", in_words(parameter.name), text_of(parameter, *value));
  }
  return label;
}

std::string mask_label(const MaskTerm& mask) {
  return (mask.negate ? "not " : "") + term_label(mask.term, kinds_of(mask_kinds()));
}

std::string masks_label(const std::vector<MaskTerm>& masks) {
  std::string label;
  for (const MaskTerm& mask : masks) {
    if (!label.empty()) label += mask.combine_or ? " ∨ " : " ∧ ";
    label += (mask.negate ? "¬" : "") + mask.term.kind;
  }
  return label.empty() ? "none" : label;
}

std::string in_words(std::string_view identifier) {
  const auto name = std::ranges::find(kNames, identifier, &ProperName::identifier);
  std::string words(name == kNames.end() ? identifier : name->written);
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string capitalised(std::string words) {
  if (words.size() > 1 && words[0] >= 'a' && words[0] <= 'z')
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

std::string refusal_of(const AppState& state, const SetSetting& change) {
  SettingsStack stack = state.project.settings;
  stack.window[change.key] = change.value;
  const auto reason = [](const Error& error) {
    return error.hint.empty() ? fmt::format("Expected {}, found {}.", error.expected, error.found)
                              : error.hint;
  };
  const auto settings = resolve_settings(state.document(), state.view.layer, stack);
  if (!settings) return reason(settings.error());
  const auto terms = compile_terms(state.in_force->facts, *settings);
  return terms ? std::string() : reason(terms.error());
}

std::string unused_logits(const AppState& state) {
  const NormalizerKind* normalizer = normalizer_named(state.settings.normalizer.kind);
  const bool unused =
      normalizer != nullptr && normalizer->from_features && state.view.view.stage >= Stage::weights;
  return unused ? fmt::format("No effect here: {} attention works on q and k themselves, not on the logits.",
                              in_words(normalizer->name))
                : std::string();
}

}  // namespace attn::app

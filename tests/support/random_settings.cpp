#include "tests/support/random_settings.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/attention/layer_inputs.hpp"
#include "core/attention/mask.hpp"
#include "core/attention/scale.hpp"

namespace attn::support {
namespace {

using Json = nlohmann::json;

Json random_parameter(Random& random, const Parameter& parameter) {
  const auto integer = [&] {
    const int number = static_cast<int>(random.from_to(0, 8)) - 3;
    return number < parameter.min ? static_cast<int>(parameter.min) : number;
  };
  switch (parameter.type) {
    case ParameterType::integers: {
      Json list = Json::array();
      for (std::size_t count = random.below(4); count > 0; --count) list.push_back(random.below(8));
      return list;
    }
    case ParameterType::expression:
      // naive_masks.cpp knows what they mean.
      return random.one_of(
          std::vector<std::string>{"k <= q", "mod(q - k, 2) == h && n_k > n_q", "q % 3 != 1 ? k : !k"});
    case ParameterType::integer:
      return integer();
    case ParameterType::integer_or_null:
      return random.chance(0.3) ? Json() : Json(integer());
    case ParameterType::number:
      return parameter.min + random.unit() * (parameter.max - parameter.min);
    case ParameterType::boolean:
      return random.chance(0.5);
    case ParameterType::choice:
      return std::string(random.one_of(parameter.choices));
    default:
      throw std::logic_error("no random value for " + std::string(parameter.name));
  }
}

Json random_scale(Random& random, const Document& document) {
  const Origin origin = origin_of(document.layers[0]);
  if (origin == Origin::weights) return random.chance(0.5) ? Json() : Json("none");
  if (random.chance(0.3)) return random.normal();
  if (origin == Origin::scores) return "none";
  return std::string(random.one_of(scale_rows()).name);
}

Json random_gates(Random& random, std::size_t heads) {
  Json gates{{"mute", Json::array()}, {"solo", Json::array()}, {"gain", Json::object()}};
  for (std::size_t head = 0; head < heads; ++head) {
    if (random.chance(0.2)) gates["mute"].push_back(head);
    if (random.chance(0.2)) gates["solo"].push_back(head);
    if (random.chance(0.3)) gates["gain"][std::to_string(head)] = random.normal();
  }
  return gates;
}

Json random_temperature(Random& random, std::size_t heads) {
  const auto one = [&] { return random.chance(0.2) ? 1.0 : 0.05 + 3 * random.unit(); };
  if (random.chance(0.5)) return one();
  Json heads_own = Json::object();
  for (std::size_t head = 0; head < heads; ++head) {
    if (random.chance(0.5)) heads_own[std::to_string(head)] = one();
  }
  return {{"all", one()}, {"heads", heads_own}};
}

Json random_masks(Random& random, const Document& document) {
  if (random.chance(0.2)) return nullptr;
  Json list = Json::array();
  for (std::size_t count = random.below(4); count > 0; --count) list.push_back(random_mask(random, document));
  return list;
}

Json random_bias(Random& random, const Document& document) {
  if (random.chance(0.3)) return nullptr;
  Json list = Json::array();
  if (!document.layers[0].bias) return list;
  for (std::size_t count = random.below(3); count > 0; --count) list.push_back({{"kind", "document"}});
  return list;
}

}  // namespace

Json random_mask(Random& random, const Document& document) {
  const LayerFacts facts = *layer_facts(document, 0, std::nullopt);
  // Painting has no formula of one cell: mask_test.cpp has it apart.
  const auto usable = [&](const MaskKind& kind) { return !kind.overwrites && kind.refusal(facts).empty(); };
  std::vector<const MaskKind*> kinds;
  for (const MaskKind& kind : mask_kinds()) {
    if (usable(kind)) kinds.push_back(&kind);
  }
  const MaskKind& kind = *random.one_of(kinds);
  Json mask{{"kind", kind.name}};
  for (const Parameter& parameter : kind.parameters) {
    const bool wanted = parameter.fallback.empty() || random.chance(0.6);
    if (wanted) mask[std::string(parameter.name)] = random_parameter(random, parameter);
  }
  if (random.chance(0.4)) mask["combine"] = random.chance(0.7) ? "or" : "and";
  if (random.chance(0.3)) mask["negate"] = random.chance(0.7);
  return mask;
}

Json random_value(Random& random, const Document& document, const std::string& name) {
  const Layer& layer = document.layers[0];
  if (name == "scale") return random_scale(random, document);
  if (name == "head_gates") return random_gates(random, layer.heads);
  if (name == "temperature") return random_temperature(random, layer.heads);
  if (name == "masks") return random_masks(random, document);
  if (name == "bias") return random_bias(random, document);
  if (name == "softcap") return 0.5 + random.unit();
  if (name == "softcap_after_bias") return random.chance(0.5);
  if (name == "dropout") {
    return {{"p", 0.5 * random.unit()},
            {"seed", random.below(9)},
            {"where", random.chance(0.5) ? "output" : "weights"}};
  }
  if (name == "empty_rows") return random.chance(0.5) ? "zero" : "uniform";
  if (name == "heads") {
    const auto counts = possible_heads(document, 0);
    return counts.empty() || random.chance(0.3) ? Json() : Json(random.one_of(counts));
  }
  if (name == "batch") {
    const auto* given = std::get_if<GivenWeights>(&layer.origin);
    return given == nullptr ? 0 : random.below(given->weights.shape()[0]);
  }
  return nullptr;
}

Json random_settings(Random& random, const Document& document) {
  Json settings = Json::object();
  const bool has_scores = origin_of(document.layers[0]) != Origin::weights;
  for (const char* name : {"scale", "temperature", "masks", "bias", "empty_rows", "heads", "batch", "dropout",
                           "softcap", "softcap_after_bias"}) {
    if (std::string_view(name).starts_with("softcap") && !has_scores) continue;
    if (random.chance(0.5)) settings[name] = random_value(random, document, name);
  }
  // Gates name heads, so they must fit the count that is in force.
  const bool cut_anew = settings.contains("heads") && settings["heads"].is_number();
  if (random.chance(0.5) && !cut_anew) settings["head_gates"] = random_value(random, document, "head_gates");
  return settings;
}

}  // namespace attn::support

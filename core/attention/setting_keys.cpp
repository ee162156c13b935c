#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/attention/mask.hpp"
#include "core/attention/normalizer.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/settings.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;

Result<std::size_t> read_index(const Json& value, const std::string& place) {
  if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > 1e9 ||
      std::floor(value.get<double>()) != value.get<double>()) {
    return setting_error(place, "a whole number from 0", json_excerpt(value));
  }
  return static_cast<std::size_t>(value.get<double>());
}

Result<double> read_positive(const Json& value, const std::string& place, const std::string& hint) {
  if (!value.is_number() || !(value.get<double>() > 0) || !std::isfinite(value.get<double>())) {
    return setting_error(place, "a number above 0", json_excerpt(value), hint);
  }
  return value.get<double>();
}

// The keys of {"3": 0.5}: a head's index written as text.
Result<std::size_t> read_head_key(const std::string& text, const std::string& place) {
  std::size_t head = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), head);
  if (problem != std::errc() || end != text.data() + text.size()) {
    return setting_error(place, "a head's index, such as \"3\"", fmt::format("\"{}\"", text));
  }
  return head;
}

// Walks an object whose keys are all in `known`, or says which is not.
Result<void> check_keys(const Json& object, const std::string& place, const std::vector<std::string>& known) {
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(known, name) == known.end()) {
      return setting_error(place + "/" + name, join_or(known), fmt::format("\"{}\"", name));
    }
  }
  return {};
}

Result<void> read_layer(const Json& value, const std::string& place, Settings& settings) {
  auto index = read_index(value, place);
  if (!index) return tl::unexpected(index.error());
  settings.layer = *index;
  return {};
}

Result<void> read_batch(const Json& value, const std::string& place, Settings& settings) {
  auto index = read_index(value, place);
  if (!index) return tl::unexpected(index.error());
  settings.batch = *index;
  return {};
}

Result<void> read_heads(const Json& value, const std::string& place, Settings& settings) {
  settings.heads.reset();
  if (value.is_null()) return {};
  auto count = read_index(value, place);
  if (!count || *count == 0)
    return setting_error(place, "a number of heads from 1, or null", json_excerpt(value));
  settings.heads = *count;
  return {};
}

Result<std::vector<std::size_t>> read_head_list(const Json& value, const std::string& place) {
  if (!value.is_array()) return setting_error(place, "a list of heads", json_excerpt(value));
  std::vector<std::size_t> heads;
  for (const Json& item : value) {
    auto head = read_index(item, place);
    if (!head) return tl::unexpected(head.error());
    heads.push_back(*head);
  }
  return heads;
}

Result<void> read_head_gates(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_object())
    return setting_error(place, "{\"mute\": [], \"solo\": [], \"gain\": {}}", json_excerpt(value));
  if (auto good = check_keys(value, place, {"mute", "solo", "gain"}); !good) return good;
  HeadGates gates;
  for (const auto& [name, list] : {std::pair{"mute", &gates.mute}, std::pair{"solo", &gates.solo}}) {
    if (!value.contains(name)) continue;
    auto heads = read_head_list(value.at(name), place + "/" + name);
    if (!heads) return tl::unexpected(heads.error());
    *list = std::move(*heads);
  }
  if (value.contains("gain")) {
    const Json& gains = value.at("gain");
    if (!gains.is_object()) return setting_error(place + "/gain", "{\"head\": factor}", json_excerpt(gains));
    for (const auto& [key, gain] : gains.items()) {
      auto head = read_head_key(key, place + "/gain");
      if (!head) return tl::unexpected(head.error());
      if (!gain.is_number() || !std::isfinite(gain.get<double>())) {
        return setting_error(place + "/gain/" + key, "a number", json_excerpt(gain));
      }
      gates.gain[*head] = gain.get<double>();
    }
  }
  settings.head_gates = std::move(gates);
  return {};
}

Result<void> read_score(const Json& value, const std::string& place, Settings&) {
  if (value.is_null() || value == Json{{"kind", "dot"}}) return {};
  return tl::unexpected(Error{ErrorCode::unsupported,
                              {},
                              place,
                              "{\"kind\": \"dot\"}",
                              json_excerpt(value),
                              "This version computes no other score yet."});
}

Result<void> read_scale(const Json& value, const std::string& place, Settings& settings) {
  settings.scale.reset();
  if (value.is_null()) return {};
  if (value.is_number() && std::isfinite(value.get<double>())) {
    settings.scale = Scale{ScaleKind::number, value.get<double>()};
    return {};
  }
  std::vector<std::string> names;
  for (const ScaleRow& row : scale_rows()) {
    if (value == row.name) {
      settings.scale = Scale{row.kind};
      return {};
    }
    names.push_back(fmt::format("\"{}\"", row.name));
  }
  names.emplace_back("a number");
  return setting_error(place, join_or(names), json_excerpt(value));
}

Result<void> read_bias(const Json& value, const std::string& place, Settings& settings) {
  settings.bias.reset();
  if (value.is_null()) return {};
  if (!value.is_array()) return setting_error(place, "a list of biases, or null", json_excerpt(value));
  std::vector<Term> terms;
  for (std::size_t b = 0; b < value.size(); ++b) {
    const std::string here = fmt::format("{}/{}", place, b);
    if (!value[b].is_object() || value[b].value("kind", Json()) != "document") {
      return setting_error(here, "{\"kind\": \"document\"}", json_excerpt(value[b]),
                           "This version knows no other bias yet.");
    }
    auto term = read_term(value[b], "document", {}, {}, here);
    if (!term) return tl::unexpected(term.error());
    terms.push_back(std::move(*term));
  }
  settings.bias = std::move(terms);
  return {};
}

Result<void> read_mask_list(const Json& value, const std::string& place, Settings& settings) {
  settings.masks.reset();
  if (value.is_null()) return {};
  auto masks = read_masks(value, place);
  if (!masks) return tl::unexpected(masks.error());
  settings.masks = std::move(*masks);
  return {};
}

Result<void> read_temperature(const Json& value, const std::string& place, Settings& settings) {
  const std::string hint = "Towards 0 the largest logit takes the whole row.";
  Temperature temperature;
  const Json& all = value.is_object() ? value.value("all", Json(1)) : value;
  auto number = read_positive(all, value.is_object() ? place + "/all" : place, hint);
  if (!number) return tl::unexpected(number.error());
  temperature.all = *number;
  if (value.is_object()) {
    if (auto good = check_keys(value, place, {"all", "heads"}); !good) return good;
    const Json heads = value.value("heads", Json::object());
    if (!heads.is_object())
      return setting_error(place + "/heads", "{\"head\": temperature}", json_excerpt(heads));
    for (const auto& [key, item] : heads.items()) {
      auto head = read_head_key(key, place + "/heads");
      if (!head) return tl::unexpected(head.error());
      auto one = read_positive(item, place + "/heads/" + key, hint);
      if (!one) return tl::unexpected(one.error());
      temperature.heads[*head] = *one;
    }
  }
  settings.temperature = std::move(temperature);
  return {};
}

Result<void> read_normalizer(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_object() || !value.contains("kind") || !value.at("kind").is_string()) {
    return setting_error(place, "a normaliser such as {\"kind\": \"softmax\"}", json_excerpt(value));
  }
  std::vector<std::string> names;
  for (const NormalizerKind& kind : normalizer_kinds()) {
    names.emplace_back(kind.name);
    if (value.at("kind") != kind.name) continue;
    auto term = read_term(value, kind.name, kind.parameters, {}, place);
    if (!term) return tl::unexpected(term.error());
    settings.normalizer = std::move(*term);
    return {};
  }
  return setting_error(place + "/kind", join_or(names), json_excerpt(value.at("kind")));
}

Result<void> read_empty_rows(const Json& value, const std::string& place, Settings& settings) {
  if (value != "zero" && value != "uniform") {
    return setting_error(place, "\"zero\" or \"uniform\"", json_excerpt(value));
  }
  settings.uniform_empty_rows = value == "uniform";
  return {};
}

Result<void> read_range(const Json& value, const std::string& place, View& view) {
  view.range.reset();
  if (value == "auto") return {};
  const auto is_finite = [](const Json& end) { return end.is_number() && std::isfinite(end.get<double>()); };
  const bool pair = value.is_array() && value.size() == 2 && is_finite(value[0]) && is_finite(value[1]);
  if (!pair || !(value[0].get<double>() < value[1].get<double>())) {
    return setting_error(place, "\"auto\" or [low, high] with low < high", json_excerpt(value));
  }
  view.range = {value[0].get<double>(), value[1].get<double>()};
  return {};
}

Result<void> read_view(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_object()) return setting_error(place, "an object", json_excerpt(value));
  const std::vector<std::string> known{"stage",     "colormap", "range", "transfer",
                                       "aggregate", "region",   "labels"};
  if (auto good = check_keys(value, place, known); !good) return good;
  View view;
  if (value.contains("stage")) {
    const auto stage =
        value.at("stage").is_string() ? stage_named(value.at("stage").get<std::string>()) : std::nullopt;
    if (!stage) {
      std::vector<std::string> names;
      for (const StageInfo& row : kStages) names.emplace_back(row.name);
      return setting_error(place + "/stage", join_or(names), json_excerpt(value.at("stage")));
    }
    view.stage = *stage;
  }
  if (value.contains("colormap")) {
    if (!value.at("colormap").is_string()) {
      return setting_error(place + "/colormap", "the name of a colormap", json_excerpt(value.at("colormap")));
    }
    view.colormap = value.at("colormap").get<std::string>();
  }
  if (value.contains("range")) {
    if (auto done = read_range(value.at("range"), place + "/range", view); !done) return done;
  }
  if (value.contains("labels")) {
    if (!value.at("labels").is_boolean()) {
      return setting_error(place + "/labels", "true or false", json_excerpt(value.at("labels")));
    }
    view.labels = value.at("labels").get<bool>();
  }
  const Json only_defaults{{"transfer", "linear"}, {"aggregate", "mass"}, {"region", nullptr}};
  for (const auto& [name, fallback] : only_defaults.items()) {
    if (!value.contains(name) || value.at(name) == fallback) continue;
    return tl::unexpected(Error{ErrorCode::unsupported,
                                {},
                                place + "/" + name,
                                json_excerpt(fallback),
                                json_excerpt(value.at(name)),
                                "This version draws nothing else yet."});
  }
  settings.view = std::move(view);
  return {};
}

constexpr std::array kKeys{
    SettingKey{"layer", "0", "an index", "which layer is shown", read_layer},
    SettingKey{"batch", "0", "an index", "which element of a batch of saved weights", read_batch},
    SettingKey{"heads", "null", "null, or a count that divides the widths of q and k",
               "cut the widths into so many heads; null = as the document says", read_heads},
    SettingKey{"head_gates", R"({"mute": [], "solo": [], "gain": {}})",
               R"({"mute": [], "solo": [], "gain": {"3": 0.5}})",
               "silent and amplified heads; any solo mutes the rest, mute wins over solo", read_head_gates},
    SettingKey{"embedding_scale", "1", "1", "a factor on the embeddings", nullptr},
    SettingKey{"position", R"({"kind": "none"})", "none", "how positions enter q and k", nullptr},
    SettingKey{"score", "null", R"(null, or {"kind": "dot"})", "how a query meets a key", read_score},
    SettingKey{"scale", "null", "inv_sqrt_dk, inv_sqrt_dmodel, sqrt_dmodel, inv_dk, none, or a number",
               "the factor on every score; by default 1/√d_k, and none for saved scores", read_scale},
    SettingKey{"softcap", "0", "0", "c · tanh(x / c) of the scaled scores; 0 = off", nullptr},
    SettingKey{"softcap_after_bias", "false", "false", "cap after the bias is added", nullptr},
    SettingKey{"bias", "null", R"(null, or a list of {"kind": "document"})",
               "terms added to the scaled scores; null = the document's bias", read_bias},
    SettingKey{"masks", "null", "null, or a list of masks",
               "which keys a query may attend to; null = padding and the document's mask", read_mask_list},
    SettingKey{"temperature", "1", R"(above 0, or {"all": 1, "heads": {"3": 0.5}})",
               "divides the logits: low sharpens the rows, high flattens them", read_temperature},
    SettingKey{"normalizer", R"({"kind": "softmax"})", "softmax", "turns a row of logits into weights",
               read_normalizer},
    SettingKey{"empty_rows", R"("zero")", "zero or uniform", "what a row without an allowed key becomes",
               read_empty_rows},
    SettingKey{"dropout", R"({"p": 0, "seed": 0, "where": "weights"})", "off", "drops weights at random",
               nullptr},
    SettingKey{"rollout", R"({"residual": 0.5, "heads": "mean"})", "the default", "how layers are joined",
               nullptr},
    SettingKey{"seed", "0", "0", "for parameters that a document does not give", nullptr},
    SettingKey{"view", "{}", R"({"stage", "colormap", "range", "labels"})", "what is drawn; never a number",
               read_view},
};

}  // namespace

std::span<const SettingKey> setting_keys() {
  return kKeys;
}

}  // namespace attn

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/attention/bias.hpp"
#include "core/attention/mask.hpp"
#include "core/attention/normalizer.hpp"
#include "core/attention/position.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/score.hpp"
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
    if (std::ranges::find(known, name) == known.end()) return unknown_name(place + "/" + name, known, name);
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

Result<void> read_embedding_scale(const Json& value, const std::string& place, Settings& settings) {
  const bool named = value == "sqrt_dmodel";
  if (!named && (!value.is_number() || !std::isfinite(value.get<double>()))) {
    return setting_error(place, "a number, or \"sqrt_dmodel\"", json_excerpt(value));
  }
  settings.embedding_scale = {named, named ? 1 : value.get<double>()};
  return {};
}

Result<void> read_position(const Json& value, const std::string& place, Settings& settings) {
  auto term = read_term(value, kinds_of(position_kinds()), {}, "a position", place);
  if (!term) return tl::unexpected(term.error());
  settings.position = std::move(*term);
  return {};
}

Result<void> read_score(const Json& value, const std::string& place, Settings& settings) {
  settings.score.reset();
  if (value.is_null()) return {};
  auto term = read_term(value, kinds_of(score_kinds()), {}, "a score", place);
  if (!term) return tl::unexpected(term.error());
  // As it was given: what it leaves out may stand in the layer's own score.
  settings.score = value.is_string() ? Json{{"kind", value}} : value;
  return {};
}

Result<void> read_softcap(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_number() || !(value.get<double>() >= 0) || !std::isfinite(value.get<double>())) {
    return setting_error(place, "0 (off) or a number above 0", json_excerpt(value));
  }
  settings.softcap = value.get<double>();
  return {};
}

Result<void> read_softcap_after_bias(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_boolean()) return setting_error(place, "true or false", json_excerpt(value));
  settings.softcap_after_bias = value.get<bool>();
  return {};
}

Result<std::uint64_t> read_seed(const Json& value, const std::string& place) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  auto index = read_index(value, place);
  if (!index) return tl::unexpected(index.error());
  return *index;
}

Result<void> read_own_seed(const Json& value, const std::string& place, Settings& settings) {
  auto seed = read_seed(value, place);
  if (!seed) return tl::unexpected(seed.error());
  settings.seed = *seed;
  return {};
}

Result<void> read_dropout(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_object())
    return setting_error(place, "{\"p\": 0.1, \"seed\": 0, \"where\": \"weights\"}", json_excerpt(value));
  if (auto good = check_keys(value, place, {"p", "seed", "where"}); !good) return good;
  Dropout dropout;
  const Json p = value.value("p", Json(0));
  if (!p.is_number() || !(p.get<double>() >= 0 && p.get<double>() < 1)) {
    return setting_error(place + "/p", "a number from 0 up to, but not including, 1", json_excerpt(p));
  }
  auto seed = read_seed(value.value("seed", Json(0)), place + "/seed");
  if (!seed) return tl::unexpected(seed.error());
  const Json where = value.value("where", Json("weights"));
  if (where != "weights" && where != "output") {
    return setting_error(place + "/where", "\"weights\" or \"output\"", json_excerpt(where));
  }
  settings.dropout = {p.get<double>(), *seed, where == "output"};
  return {};
}

Result<void> read_rollout(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_object())
    return setting_error(place, "{\"residual\": 0.5, \"heads\": \"mean\"}", json_excerpt(value));
  if (auto good = check_keys(value, place, {"residual", "heads"}); !good) return good;
  Rollout rollout;
  if (value.contains("residual")) {
    const Json& residual = value.at("residual");
    const bool in_range = residual.is_number() && residual.get<double>() >= 0 && residual.get<double>() <= 1;
    if (!residual.is_boolean() && !in_range) {
      return setting_error(place + "/residual", "a number from 0 to 1, true or false",
                           json_excerpt(residual));
    }
    rollout.residual = residual.is_boolean() ? (residual.get<bool>() ? 0.5 : 0.0) : residual.get<double>();
  }
  const Json heads = value.value("heads", Json("mean"));
  if (heads != "mean" && heads != "max" && heads != "min") {
    return setting_error(place + "/heads", "\"mean\", \"max\" or \"min\"", json_excerpt(heads));
  }
  rollout.heads = heads.get<std::string>();
  settings.rollout = std::move(rollout);
  return {};
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
  auto biases = read_biases(value, place);
  if (!biases) return tl::unexpected(biases.error());
  settings.bias = std::move(*biases);
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
  auto term =
      read_term(value, kinds_of(normalizer_kinds()), normalizer_common_parameters(), "a normaliser", place);
  if (!term) return tl::unexpected(term.error());
  settings.normalizer = std::move(*term);
  return {};
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
    SettingKey{"embedding_scale", "1", "a number, or \"sqrt_dmodel\"", "a factor on the embeddings",
               read_embedding_scale},
    SettingKey{"position", R"({"kind": "none"})", "a position", "how the place of a token enters q and k",
               read_position},
    SettingKey{"score", "null", "null, or a score",
               "how a query meets a key; null = as the layer says, or q·k", read_score},
    SettingKey{"scale", "null", "inv_sqrt_dk, inv_sqrt_dmodel, sqrt_dmodel, inv_dk, none, or a number",
               "the factor on every score; by default 1/√d_k, and none for saved scores", read_scale},
    SettingKey{"softcap", "0", "0 = off, or above 0",
               "c · tanh(x / c) of the scaled scores: none goes beyond ±c", read_softcap},
    SettingKey{"softcap_after_bias", "false", "true or false", "cap after the bias is added, not before",
               read_softcap_after_bias},
    SettingKey{"bias", "null", "null, or a list of biases",
               "terms added to the scaled scores; null = the document's bias", read_bias},
    SettingKey{"masks", "null", "null, or a list of masks",
               "which keys a query may attend to; null = padding and the document's mask", read_mask_list},
    SettingKey{"temperature", "1", R"(above 0, or {"all": 1, "heads": {"3": 0.5}})",
               "divides the logits: low sharpens the rows, high flattens them", read_temperature},
    SettingKey{"normalizer", R"({"kind": "softmax", "axis": "keys"})", "a normaliser",
               "turns a row of logits into weights", read_normalizer},
    SettingKey{"empty_rows", R"("zero")", "zero or uniform", "what a row without an allowed key becomes",
               read_empty_rows},
    SettingKey{"dropout", R"({"p": 0, "seed": 0, "where": "weights"})",
               R"({"p": 0.1, "seed": 0, "where": "weights" or "output"})",
               "sets a share p of the cells to 0, the others times 1/(1 − p)", read_dropout},
    SettingKey{"rollout", R"({"residual": 0.5, "heads": "mean"})",
               R"({"residual": 0 to 1, true or false, "heads": "mean", "max" or "min"})",
               "how layers are joined for rollout and flow", read_rollout},
    SettingKey{"seed", "0", "a whole number from 0", "for parameters that neither document nor settings give",
               read_own_seed},
    SettingKey{"view", "{}", R"({"stage", "colormap", "range", "labels"})", "what is drawn; never a number",
               read_view},
};

}  // namespace

std::span<const SettingKey> setting_keys() {
  return kKeys;
}

}  // namespace attn

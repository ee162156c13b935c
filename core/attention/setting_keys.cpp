#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/attention/bias.hpp"
#include "core/attention/families.hpp"
#include "core/attention/mask.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/setting_values.hpp"
#include "core/attention/settings.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;

// Beyond this, scores of float32 numbers could leave the range of double.
constexpr double kLargestFactor = 1e30;

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

Result<void> read_embedding_scale(const Json& value, const std::string& place, Settings& settings) {
  const bool named = value == "sqrt_dmodel";
  if (!named && (!value.is_number() || !(std::abs(value.get<double>()) <= 1e15))) {
    return setting_error(place, "a number from -1e15 to 1e15, or \"sqrt_dmodel\"", json_excerpt(value));
  }
  settings.embedding_scale = {named, named ? 1 : value.get<double>()};
  return {};
}

Result<void> read_position(const Json& value, const std::string& place, Settings& settings) {
  auto term = read_term(value, *family_named("position"), place);
  if (!term) return tl::unexpected(term.error());
  settings.position = std::move(*term);
  return {};
}

Result<void> read_score(const Json& value, const std::string& place, Settings& settings) {
  settings.score.reset();
  if (value.is_null()) return {};
  auto term = read_term(value, *family_named("score"), place);
  if (!term) return tl::unexpected(term.error());
  // As it was given: what it leaves out may stand in the layer's own score.
  settings.score = value.is_string() ? Json{{"kind", value}} : value;
  return {};
}

Result<void> read_softcap(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_number() || !(value.get<double>() >= 0 && value.get<double>() <= kLargestFactor)) {
    return setting_error(place, "0 (off) or a number above 0, up to 1e30", json_excerpt(value));
  }
  settings.softcap = value.get<double>();
  return {};
}

Result<void> read_softcap_after_bias(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_boolean()) return setting_error(place, "true or false", json_excerpt(value));
  settings.softcap_after_bias = value.get<bool>();
  return {};
}

Result<void> read_own_seed(const Json& value, const std::string& place, Settings& settings) {
  auto seed = read_seed(value, place);
  if (!seed) return tl::unexpected(seed.error());
  settings.seed = *seed;
  return {};
}

Result<void> read_scale(const Json& value, const std::string& place, Settings& settings) {
  settings.scale.reset();
  if (value.is_null()) return {};
  if (value.is_number() && std::abs(value.get<double>()) <= kLargestFactor) {
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
  names.emplace_back("a number from -1e30 to 1e30");
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

Result<void> read_normalizer(const Json& value, const std::string& place, Settings& settings) {
  auto term = read_term(value, *family_named("normalizer"), place);
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

Result<void> read_transfer(const Json& value, const std::string& place, View& view) {
  const auto row = std::ranges::find_if(kTransfers, [&](const auto& one) { return value == one.name; });
  if (row == kTransfers.end()) {
    std::vector<std::string> names;
    for (const TransferInfo& one : kTransfers) names.emplace_back(one.name);
    if (value.is_string()) return unknown_name(place, names, value.get<std::string>());
    return setting_error(place, join_or(names), json_excerpt(value));
  }
  view.transfer = row->transfer;
  return {};
}

Result<void> read_region(const Json& value, const std::string& place, View& view) {
  view.region.reset();
  if (value.is_null()) return {};
  std::vector<std::size_t> ends;
  if (value.is_array() && value.size() == 4) {
    for (const Json& end : value) {
      auto index = read_index(end, place);
      if (!index) return tl::unexpected(index.error());
      ends.push_back(*index);
    }
  }
  if (ends.empty() || ends[0] >= ends[1] || ends[2] >= ends[3]) {
    return setting_error(place, "null, or [row from, row to, column from, column to], from < to",
                         json_excerpt(value));
  }
  view.region = {ends[0], ends[1], ends[2], ends[3]};
  return {};
}

Result<void> read_view(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_object()) return setting_error(place, "an object", json_excerpt(value));
  const std::vector<std::string> known{"stage",     "colormap", "range", "transfer",
                                       "aggregate", "region",   "labels"};
  if (auto good = check_setting_keys(value, place, known); !good) return good;
  View view;
  if (value.contains("stage")) {
    const auto stage =
        value.at("stage").is_string() ? stage_named(value.at("stage").get<std::string>()) : std::nullopt;
    if (!stage) {
      std::vector<std::string> names;
      for (const StageInfo& row : kStages) names.emplace_back(row.name);
      const Json& found = value.at("stage");
      if (found.is_string()) return unknown_name(place + "/stage", names, found.get<std::string>());
      return setting_error(place + "/stage", join_or(names), json_excerpt(found));
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
  if (value.contains("transfer")) {
    if (auto done = read_transfer(value.at("transfer"), place + "/transfer", view); !done) return done;
  }
  if (value.contains("region")) {
    if (auto done = read_region(value.at("region"), place + "/region", view); !done) return done;
  }
  const Json only_defaults{{"aggregate", "mass"}};
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
    SettingKey{"layer", "0", "an index", "which layer is shown", R"({"type": "integer", "minimum": 0})",
               read_layer},
    SettingKey{"batch", "0", "an index", "which element of a batch of saved weights",
               R"({"type": "integer", "minimum": 0})", read_batch},
    SettingKey{"heads", "null", "null, or a count that divides the widths of q and k",
               "cut the widths into so many heads; null = as the document says",
               R"({"type": "integer", "minimum": 1})", read_heads},
    SettingKey{"head_gates", R"({"mute": [], "solo": [], "gain": {}})",
               R"({"mute": [], "solo": [], "gain": {"3": 0.5}})",
               "silent and amplified heads; any solo mutes the rest, mute wins over solo",
               R"({"type": "object", "additionalProperties": false, "properties": {
                     "mute": {"type": "array", "items": {"type": "integer", "minimum": 0}},
                     "solo": {"type": "array", "items": {"type": "integer", "minimum": 0}},
                     "gain": {"type": "object", "propertyNames": {"pattern": "^[0-9]+$"},
                              "additionalProperties": {"type": "number"}}}})",
               read_head_gates},
    SettingKey{"embedding_scale", "1", "a number, or \"sqrt_dmodel\"", "a factor on the embeddings",
               R"({"anyOf": [{"type": "number"}, {"const": "sqrt_dmodel"}]})", read_embedding_scale},
    SettingKey{"position", R"({"kind": "none"})", "a position", "how the place of a token enters q and k", "",
               read_position},
    SettingKey{"score", "null", "null, or a score",
               "how a query meets a key; null = as the layer says, or q·k", "", read_score},
    SettingKey{"scale", "null", "null, the name of a scale, or a number",
               "the factor on every score; null = 1/√d_k, and none for scores other than q·k", "",
               read_scale},
    SettingKey{"softcap", "0", "0 = off, or above 0",
               "c · tanh(x / c) of the scaled scores: none goes beyond ±c",
               R"({"type": "number", "minimum": 0})", read_softcap},
    SettingKey{"softcap_after_bias", "false", "true or false", "cap after the bias is added, not before",
               R"({"type": "boolean"})", read_softcap_after_bias},
    SettingKey{"bias", "null", "null, or a list of biases",
               "terms added to the scaled scores; null = the document's bias", "", read_bias},
    SettingKey{"masks", "null", "null, or a list of masks",
               "which keys a query may attend to; null = padding and the document's mask", "",
               read_mask_list},
    SettingKey{"temperature", "1", R"(above 0, or {"all": 1, "heads": {"3": 0.5}})",
               "divides the logits: low sharpens the rows, high flattens them",
               R"({"anyOf": [{"type": "number", "exclusiveMinimum": 0},
                     {"type": "object", "additionalProperties": false, "properties": {
                        "all": {"type": "number", "exclusiveMinimum": 0},
                        "heads": {"type": "object", "propertyNames": {"pattern": "^[0-9]+$"},
                                  "additionalProperties": {"type": "number", "exclusiveMinimum": 0}}}}]})",
               read_temperature},
    SettingKey{"normalizer", R"({"kind": "softmax", "axis": "keys"})", "a normaliser",
               "turns a row of logits into weights", "", read_normalizer},
    SettingKey{"empty_rows", R"("zero")", "zero or uniform", "what a row without an allowed key becomes",
               R"({"enum": ["zero", "uniform"]})", read_empty_rows},
    SettingKey{"dropout", R"({"p": 0, "seed": 0, "where": "weights"})",
               R"({"p": 0.1, "seed": 0, "where": "weights" or "output"})",
               "sets a share p of the cells to 0, the others times 1/(1 − p)",
               R"({"type": "object", "additionalProperties": false, "properties": {
                     "p": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
                     "seed": {"type": "integer", "minimum": 0},
                     "where": {"enum": ["weights", "output"]}}})",
               read_dropout},
    SettingKey{"rollout", R"({"residual": 0.5, "heads": "mean"})",
               R"({"residual": 0 to 1, true or false, "heads": "mean", "max" or "min"})",
               "how layers are joined for rollout and flow",
               R"({"type": "object", "additionalProperties": false, "properties": {
                     "residual": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1},
                                            {"type": "boolean"}]},
                     "heads": {"enum": ["mean", "max", "min"]}}})",
               read_rollout},
    SettingKey{"seed", "0", "a whole number from 0", "for parameters that neither document nor settings give",
               R"({"type": "integer", "minimum": 0})", read_own_seed},
    SettingKey{"view", "{}", R"({"stage", "colormap", "range", "transfer", "region", "labels"})",
               "what is drawn; never a number",
               R"({"type": "object", "additionalProperties": false, "properties": {
                     "stage": {"$ref": "#/$defs/stage"},
                     "colormap": {"type": "string"},
                     "range": {"anyOf": [{"const": "auto"}, {"type": "array", "items": {"type": "number"},
                                                              "minItems": 2, "maxItems": 2}]},
                     "transfer": {"enum": ["linear", "log", "gamma"]},
                     "aggregate": {"const": "mass"},
                     "region": {"anyOf": [{"type": "null"},
                                          {"type": "array", "items": {"type": "integer", "minimum": 0},
                                           "minItems": 4, "maxItems": 4}]},
                     "labels": {"type": "boolean"}}})",
               read_view},
};

}  // namespace

std::span<const SettingKey> setting_keys() {
  return kKeys;
}

}  // namespace attn

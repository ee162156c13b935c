#include "core/attention/setting_values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace attn {
namespace {

using Json = nlohmann::json;

Result<double> read_positive(const Json& value, const std::string& place, const std::string& hint) {
  // Beyond these the logits would leave the range of double.
  constexpr double kLeast = 1e-200;
  constexpr double kMost = 1e200;
  if (!value.is_number() || !(value.get<double>() > 0) || !std::isfinite(value.get<double>())) {
    return setting_error(place, "a number above 0", json_excerpt(value), hint);
  }
  const double number = value.get<double>();
  if (number >= kLeast && number <= kMost) return number;
  return setting_error(place, fmt::format("a number from {:g} to {:g}", kLeast, kMost), json_excerpt(value),
                       hint);
}

// The keys of {"3": 0.5}: a head's index written as text.
Result<std::size_t> read_head_key(const std::string& text, const std::string& place) {
  std::size_t head = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), head);
  if (problem != std::errc() || end != text.data() + text.size() || std::to_string(head) != text) {
    return setting_error(place, "a head's index, such as \"3\"", fmt::format("\"{}\"", text));
  }
  return head;
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

}  // namespace

Result<std::size_t> read_index(const Json& value, const std::string& place) {
  if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > 1e9 ||
      std::floor(value.get<double>()) != value.get<double>()) {
    return setting_error(place, "a whole number from 0 to 1,000,000,000", json_excerpt(value));
  }
  return static_cast<std::size_t>(value.get<double>());
}

Result<std::uint64_t> read_seed(const Json& value, const std::string& place) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  auto index = read_index(value, place);
  if (!index) return tl::unexpected(index.error());
  return *index;
}

Result<void> check_setting_keys(const Json& object, const std::string& place,
                                const std::vector<std::string>& known) {
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(known, name) == known.end()) return unknown_name(place + "/" + name, known, name);
  }
  return {};
}

Result<void> read_head_gates(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_object())
    return setting_error(place, "{\"mute\": [], \"solo\": [], \"gain\": {}}", json_excerpt(value));
  if (auto good = check_setting_keys(value, place, {"mute", "solo", "gain"}); !good) return good;
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

Result<void> read_temperature(const Json& value, const std::string& place, Settings& settings) {
  const std::string hint = "Towards 0 the largest logit takes the whole row.";
  Temperature temperature;
  const Json& all = value.is_object() ? value.value("all", Json(1)) : value;
  auto number = read_positive(all, value.is_object() ? place + "/all" : place, hint);
  if (!number) return tl::unexpected(number.error());
  temperature.all = *number;
  if (value.is_object()) {
    if (auto good = check_setting_keys(value, place, {"all", "heads"}); !good) return good;
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

Result<void> read_dropout(const Json& value, const std::string& place, Settings& settings) {
  if (!value.is_object())
    return setting_error(place, "{\"p\": 0.1, \"seed\": 0, \"where\": \"weights\"}", json_excerpt(value));
  if (auto good = check_setting_keys(value, place, {"p", "seed", "where"}); !good) return good;
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
  if (auto good = check_setting_keys(value, place, {"residual", "heads"}); !good) return good;
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

}  // namespace attn

#include "core/attention/settings.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/attention/families.hpp"
#include "core/base/text.hpp"
#include "core/document/json_tree.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;

constexpr std::ptrdiff_t kMostSteps = 64;  // of a path

const SettingKey* key_named(std::string_view name) {
  const auto keys = setting_keys();
  const auto row = std::ranges::find(keys, name, &SettingKey::name);
  return row == keys.end() ? nullptr : &*row;
}

std::vector<std::string> key_names() {
  std::vector<std::string> names;
  for (const SettingKey& key : setting_keys()) names.emplace_back(key.name);
  return names;
}

// The place of key `name` of the object at `place`: a JSON pointer, or `--set temperature`.
std::string place_of(const std::string& place, const std::string& name) {
  return place + (place.starts_with("--") ? " " : "/") + name;
}

Result<void> read_key(const std::string& name, const Json& value, const std::string& place,
                      Settings& settings) {
  const SettingKey* key = key_named(name);
  if (key == nullptr) {
    auto error = unknown_name(place_of(place, name), key_names(), name);
    error.value().expected = "a setting";
    return error;
  }
  return key->read(value, place_of(place, name), settings);
}

Result<Settings> read_settings(const Json& object, const std::string& place) {
  if (!object.is_object()) return setting_error(place, "an object of settings", json_excerpt(object));
  Settings settings;
  for (const auto& [name, value] : object.items()) {
    if (auto done = read_key(name, value, place, settings); !done) return tl::unexpected(done.error());
  }
  return settings;
}

// A bare number stands for {"all": number}, a bare word for {"kind": word}: so that a path can change one
// part of it.
Json as_object(const std::string& key, const Json& value) {
  if (key == "temperature" && value.is_number()) return {{"all", value}};
  if (value.is_string()) return {{"kind", value}};
  return value;
}

// Follows `path` (dots; numbers index lists) into `settings` and puts `value` there.
Result<void> set_path(Json& settings, const SettingChange& change) {
  const std::string place = "--set " + change.path;
  Json* node = &settings;
  std::string rest = change.path;
  std::string walked;
  while (true) {
    const std::size_t dot = rest.find('.');
    const std::string part = rest.substr(0, dot);
    const bool last = dot == std::string::npos;
    const Family* family = family_named(walked);
    if (family != nullptr && family->is_list && node->empty()) {
      return setting_error(place, fmt::format("settings with {} to change", family->noun), "none",
                           fmt::format("Give the list first: {}=[\"{}\"].", walked, family->example));
    }
    if (node->is_array()) {
      std::size_t index = 0;
      const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), index);
      if (problem != std::errc() || end != part.data() + part.size() || index >= node->size()) {
        return setting_error(place, fmt::format("an index below {}", node->size()),
                             fmt::format("\"{}\"", part), fmt::format("{} is a list.", walked));
      }
      node = &(*node)[index];
    } else if (node->is_object() || node->is_null()) {
      if (walked.empty() && key_named(part) == nullptr) {
        Settings ignored;
        return read_key(part, {}, "--set", ignored);
      }
      node = &(*node)[part];
    } else {
      return setting_error(place, "a path that exists",
                           fmt::format("\"{}\" below {}", part, json_excerpt(*node)));
    }
    walked += (walked.empty() ? "" : ".") + part;
    if (last) break;
    *node = as_object(walked, *node);
    rest = rest.substr(dot + 1);
  }
  *node = change.value;
  return {};
}

void replace_keys(Json& settings, const Json& object) {
  for (const auto& [name, value] : object.items()) settings[name] = value;
}

Json all_defaults() {
  Json settings = Json::object();
  for (const SettingKey& key : setting_keys()) settings[std::string(key.name)] = Json::parse(key.fallback);
  return settings;
}

}  // namespace

double HeadGates::gate(std::size_t head) const {
  const auto in = [head](const std::vector<std::size_t>& list) {
    return std::ranges::find(list, head) != list.end();
  };
  if (in(mute) || (!solo.empty() && !in(solo))) return 0;
  const auto found = gain.find(head);
  return found == gain.end() ? 1 : found->second;
}

double Temperature::of(std::size_t head) const {
  const auto found = heads.find(head);
  return found == heads.end() ? all : found->second;
}

Result<SettingChange> parse_setting_change(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return tl::unexpected(Error{ErrorCode::usage,
                                {},
                                "--set",
                                "path=value",
                                fmt::format("\"{}\"", text),
                                "For example temperature=0.5."});
  }
  const std::string value = text.substr(equals + 1);
  const std::string path = text.substr(0, equals);
  if (std::ranges::count(path, '.') >= kMostSteps) {
    return tl::unexpected(Error{ErrorCode::limit,
                                {},
                                "--set",
                                fmt::format("a path of at most {} steps", kMostSteps),
                                "a longer one",
                                {}});
  }
  Json parsed = Json::parse(value, nullptr, false);
  if (parsed.is_discarded()) return SettingChange{path, value};
  // It is JSON: the reader of documents knows keys that stand twice, and depths that nothing needs.
  std::string copy = value;
  if (auto valid = parse_json(copy, 0, copy.size()); !valid) {
    Error error = valid.error();
    error.place = "--set " + path + ": " + error.place;
    return tl::unexpected(std::move(error));
  }
  return SettingChange{path, std::move(parsed)};
}

SettingsStack with_change(SettingsStack stack, SettingChange change) {
  // The window's keys as changes of their own: a path may then change one part of what a knob holds.
  for (const auto& [name, value] : stack.window.items()) stack.sets.push_back({name, value});
  stack.window = Json::object();
  stack.sets.push_back(std::move(change));
  return stack;
}

Result<Json> parse_settings(const std::string& text) {
  // Validated by the reader of documents, which knows places and repeated keys; nlohmann makes the value.
  std::string copy = text;
  auto valid = parse_json(copy, 0, copy.size());
  if (!valid) return tl::unexpected(valid.error());
  Json object = Json::parse(text, nullptr, false);
  if (auto good = check_settings(object, ""); !good) return tl::unexpected(good.error());
  return object;
}

Result<void> check_settings(const Json& object, const std::string& place) {
  auto settings = read_settings(object, place);
  if (!settings) return tl::unexpected(settings.error());
  return {};
}

Result<Json> effective_settings(const Document& document, std::size_t layer, const SettingsStack& stack) {
  Json settings = all_defaults();
  const auto put = [&](const Json& object, const std::string& file,
                       const std::string& place) -> Result<void> {
    if (auto good = check_settings(object, place); !good) return tl::unexpected(in_file(good.error(), file));
    replace_keys(settings, object);
    return {};
  };
  auto done = put(document.settings, document.source, "/settings");
  if (!done) return tl::unexpected(done.error());
  if (layer < document.layers.size()) {
    done = put(document.layers[layer].settings, document.source, fmt::format("/layers/{}/settings", layer));
    if (!done) return tl::unexpected(done.error());
  }
  for (const SettingsFile& file : stack.files) {
    done = put(file.object, file.name, "");
    if (!done) return tl::unexpected(done.error());
  }
  for (const SettingChange& change : stack.sets) {
    done = set_path(settings, change);
    if (!done) return tl::unexpected(done.error());
    const std::string key = change.path.substr(0, change.path.find('.'));
    done = check_settings({{key, settings[key]}}, "--set");
    if (!done) {
      // As the person writes a path: --set masks.0.offset.
      std::ranges::replace(done.error().place, '/', '.');
      return tl::unexpected(done.error());
    }
  }
  done = put(stack.window, {}, "");
  if (!done) return tl::unexpected(done.error());
  return settings;
}

Result<Settings> resolve_settings(const Document& document, std::size_t layer, const SettingsStack& stack) {
  auto merged = effective_settings(document, layer, stack);
  if (!merged) return tl::unexpected(merged.error());
  auto settings = read_settings(*merged, "");
  if (settings) settings->layer = layer;
  return settings;
}

Error at_its_source(Error error, const Document& document, std::size_t layer, const SettingsStack& stack) {
  constexpr std::string_view kPrefix = "/settings/";
  if (!error.place.starts_with(kPrefix)) return error;
  std::string rest = error.place.substr(kPrefix.size());
  const std::string key = rest.substr(0, rest.find('/'));
  if (stack.window.contains(key)) return error;
  const auto sets_key = [&](const SettingChange& change) {
    return change.path.substr(0, change.path.find('.')) == key;
  };
  if (std::ranges::any_of(stack.sets, sets_key)) {
    std::ranges::replace(rest, '/', '.');
    error.place = "--set " + rest;
    return error;
  }
  for (auto file = stack.files.rbegin(); file != stack.files.rend(); ++file) {
    if (!file->object.contains(key)) continue;
    error.file = file->name;
    error.place = "/" + rest;
    return error;
  }
  if (document.layers[layer].settings.contains(key))
    error.place = fmt::format("/layers/{}/settings/{}", layer, rest);
  return error;
}

Result<std::size_t> chosen_layer(const Document& document, const SettingsStack& stack) {
  // Which layer is asked before any layer's own settings can speak.
  auto settings = effective_settings(document, document.layers.size(), stack);
  if (!settings) return tl::unexpected(settings.error());
  const auto layer = settings->at("layer").get<std::size_t>();
  if (layer >= document.layers.size()) {
    return setting_error("layer", fmt::format("an index below {}", document.layers.size()),
                         std::to_string(layer),
                         fmt::format("The document has {} layer{}.", document.layers.size(),
                                     document.layers.size() == 1 ? "" : "s"));
  }
  return layer;
}

Json without_defaults(const Json& settings) {
  Json kept = Json::object();
  for (const auto& [name, value] : settings.items()) {
    const SettingKey* key = key_named(name);
    if (key == nullptr || value != Json::parse(key->fallback)) kept[name] = value;
  }
  return kept;
}

}  // namespace attn

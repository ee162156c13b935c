#include "app/state/session.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/state/command_line.hpp"

namespace attn::app {
namespace {

using Json = nlohmann::json;

constexpr const char* kFormat = "attnscope-session/1";

Json stack_to_json(const SettingsStack& stack) {
  Json json{{"files", Json::array()}, {"sets", sets_to_json(stack.sets)}, {"window", stack.window}};
  for (const SettingsFile& file : stack.files)
    json["files"].push_back({{"name", file.name}, {"object", file.object}});
  return json;
}

Result<Json> field(const Json& object, const std::string& key, Json::value_t type, const char* expected) {
  const auto found = object.find(key);
  if (found == object.end()) return wrong_type("/" + key, expected, "nothing");
  if (found->type() != type) return wrong_type("/" + key, expected, *found);
  return *found;
}

Result<SettingsStack> stack_from_json(const Json& json) {
  SettingsStack stack;
  for (const Json& file : json.value("files", Json::array())) {
    if (!file.is_object() || !file.contains("object") || !file["object"].is_object()) {
      return wrong_type("/settings/files", "{\"name\", \"object\"}", file);
    }
    const Json name = file.value("name", Json("a settings file"));
    stack.files.push_back({name.is_string() ? name.get<std::string>() : name.dump(), file["object"]});
  }
  auto sets = sets_from_json(json.value("sets", Json::array()), "/settings/sets");
  if (!sets) return tl::unexpected(sets.error());
  stack.sets = std::move(*sets);
  stack.window = json.value("window", Json::object());
  if (!stack.window.is_object()) return wrong_type("/settings/window", "an object of settings", stack.window);
  return stack;
}

Json camera_to_json(const Camera& camera) {
  if (camera.fit) return "fit";
  return {{"row", camera.row}, {"column", camera.column}, {"cell", camera.cell}};
}

// A camera that cannot be is no reason to refuse a session: the whole map is shown.
Camera camera_from_json(const Json& json) {
  Camera camera;
  if (!json.is_object()) return camera;
  const auto number = [&](const char* key) {
    const Json value = json.value(key, Json());
    return value.is_number() ? value.get<double>() : std::nan("");
  };
  const Camera read{false, number("row"), number("column"), number("cell")};
  const bool good = std::isfinite(read.row) && std::isfinite(read.column) && read.cell > 0 && read.cell < 1e4;
  return good ? read : camera;
}

}  // namespace

tl::unexpected<Error> wrong_type(const std::string& place, std::string expected, const Json& found) {
  return tl::unexpected(Error{ErrorCode::type, {}, place, std::move(expected), json_excerpt(found), {}});
}

Json sets_to_json(const std::vector<SettingChange>& sets) {
  Json list = Json::array();
  for (const SettingChange& set : sets) list.push_back({{"path", set.path}, {"value", set.value}});
  return list;
}

Result<std::vector<SettingChange>> sets_from_json(const Json& list, const std::string& place) {
  std::vector<SettingChange> sets;
  for (const Json& set : list) {
    if (!set.is_object() || !set.contains("path") || !set["path"].is_string() || !set.contains("value"))
      return wrong_type(place, "{\"path\", \"value\"}", set);
    sets.push_back({set["path"].get<std::string>(), set["value"]});
  }
  return sets;
}

Result<ViewState> view_from_json(const Json& json) {
  ViewState view;
  Json knobs = json;
  for (const char* key : {"layer", "head", "camera", "grid", "own_range"}) knobs.erase(key);
  Json settings{{"view", knobs}};
  if (auto good = check_settings(settings, ""); !good) return tl::unexpected(good.error());
  SettingsStack stack;
  stack.window = settings;
  Document nothing;
  auto resolved = resolve_settings(nothing, 0, stack);
  if (!resolved) return tl::unexpected(resolved.error());
  view.view = resolved->view;
  const Json layer = json.value("layer", Json(0u));
  if (!layer.is_number_unsigned()) return wrong_type("/view/layer", "an index", layer);
  view.layer = layer.get<std::size_t>();
  const Json head = json.value("head", Json("0"));
  const auto choice = head.is_string() ? head_choice_from(head.get<std::string>()) : std::nullopt;
  if (!choice) return wrong_type("/view/head", "a head, mean, max or min", head);
  view.head = *choice;
  view.camera = camera_from_json(json.value("camera", Json("fit")));
  view.grid = json.value("grid", Json(false)) == true;
  view.own_range = json.value("own_range", Json(false)) == true;
  return view;
}

std::string fingerprint_text(std::uint64_t fingerprint) {
  return fmt::format("{:016x}", fingerprint);
}

Json session_to_json(const AppState& state) {
  Json view = view_to_json(state.view.view);
  view["layer"] = state.view.layer;
  view["head"] = to_text(state.view.head);
  view["camera"] = camera_to_json(state.view.camera);
  view["grid"] = state.view.grid;
  view["own_range"] = state.view.own_range;
  Json session{{"format", kFormat},
               {"title", state.document().title},
               {"fingerprint", fingerprint_text(state.document().fingerprint)},
               {"index", state.document().index},
               {"settings", stack_to_json(state.project.settings)},
               {"view", std::move(view)},
               {"figure", to_json(state.view.figure)}};
  if (state.project.source.text) {
    session["text"] = *state.project.source.text;
  } else {
    session["document"] = state.project.source.path.string();
  }
  return session;
}

Json preferences_to_json(const Preferences& preferences) {
  return {{"theme", preferences.dark ? "dark" : "light"},
          {"scale", preferences.scale},
          {"auto_reload", preferences.auto_reload},
          {"trace", preferences.trace},
          {"figure", to_json(preferences.figure)}};
}

Preferences preferences_from_json(const Json& json) {
  Preferences preferences;
  if (!json.is_object()) return preferences;
  preferences.dark = json.value("theme", Json("dark")) != "light";
  const Json scale = json.value("scale", Json(1));
  if (scale.is_number()) preferences.scale = std::clamp(scale.get<double>(), 0.7, 2.5);
  preferences.auto_reload = json.value("auto_reload", Json(false)) == true;
  preferences.trace = json.value("trace", Json(false)) == true;
  if (const auto figure = figure_options_from_json(json.value("figure", Json::object())))
    preferences.figure = *figure;
  return preferences;
}

FileKind kind_of_json(const Json& json) {
  if (!json.is_object()) return FileKind::document;
  if (json.contains("format") && json["format"] == kFormat) return FileKind::session;
  const auto is_setting = [](const auto& item) {
    const auto keys = setting_keys();
    return std::ranges::find(keys, item.key(), &SettingKey::name) != keys.end();
  };
  // `heads` alone would be a document's too; a document has tokens, text, sequences or arrays beside it.
  bool all = !json.empty();
  for (const auto& item : json.items()) all = all && is_setting(item);
  return all ? FileKind::settings : FileKind::document;
}

Result<SessionContent> session_from_json(const Json& session) {
  SessionContent content;
  if (session.contains("text")) {
    auto text = field(session, "text", Json::value_t::string, "the document's text");
    if (!text) return tl::unexpected(text.error());
    content.source.text = std::make_shared<const std::string>(text->get<std::string>());
  } else {
    auto path = field(session, "document", Json::value_t::string, "the document's path");
    if (!path) return tl::unexpected(path.error());
    content.source.path = path->get<std::string>();
  }
  auto settings = field(session, "settings", Json::value_t::object, "an object with files, sets and window");
  if (!settings) return tl::unexpected(settings.error());
  auto stack = stack_from_json(*settings);
  if (!stack) return tl::unexpected(stack.error());
  auto view_json = field(session, "view", Json::value_t::object, "an object");
  if (!view_json) return tl::unexpected(view_json.error());
  auto view = view_from_json(*view_json);
  if (!view) return tl::unexpected(view.error());
  // Sessions of earlier versions say neither of these.
  const Json index = session.value("index", Json(0u));
  if (!index.is_number_unsigned()) return wrong_type("/index", "which document of its file, from 0", index);
  content.index = index.get<std::size_t>();
  auto figure = figure_options_from_json(session.value("figure", Json::object()));
  if (!figure) return tl::unexpected(figure.error());
  view->figure = std::move(*figure);
  const Json fingerprint = session.value("fingerprint", Json(""));
  if (fingerprint.is_string()) content.fingerprint = fingerprint.get<std::string>();
  content.settings = std::move(*stack);
  content.view = std::move(*view);
  return content;
}

}  // namespace attn::app

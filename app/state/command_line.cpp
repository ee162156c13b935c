#include "app/state/command_line.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "app/state/figure_names.hpp"

namespace attn::app {
namespace {

using Json = nlohmann::json;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-/=:,+@").find(c) != std::string_view::npos;
}

std::string stem_of(const AppState& state) {
  const std::filesystem::path source(state.document().source);
  return source.has_stem() ? source.stem().string() : "attention";
}

// The settings of a layer, by itself and under a stack.
struct LayerSettings {
  Json own, now;
};

// Of every layer, but that layers with the same settings of their own are the same. Those that refuse the
// stack cannot be shown, and are left out.
std::vector<LayerSettings> layer_settings(const Document& document, const SettingsStack& stack) {
  std::vector<LayerSettings> layers;
  for (auto layer = document.layers.begin(); layer != document.layers.end(); ++layer) {
    if (std::find_if(document.layers.begin(), layer,
                     [&](const Layer& earlier) { return earlier.settings == layer->settings; }) != layer)
      continue;
    const auto index = static_cast<std::size_t>(layer - document.layers.begin());
    const auto own = effective_settings(document, index, {});
    const auto now = effective_settings(document, index, stack);
    if (own && now) layers.push_back({*own, *now});
  }
  return layers;
}

bool view_differs(const AppState& state) {
  const auto own = resolve_settings(state.document(), state.view.layer, {});
  return !own || view_to_json(state.view.view) != view_to_json(own->view);
}

}  // namespace

std::string shell_word(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

nlohmann::json view_to_json(const View& view) {
  nlohmann::json json{{"stage", info(view.stage).name}, {"colormap", view.colormap}, {"labels", view.labels}};
  json["range"] = "auto";
  if (view.range) json["range"] = {view.range->first, view.range->second};
  if (view.transfer != Transfer::linear)
    json["transfer"] = std::ranges::find(kTransfers, view.transfer, &TransferInfo::transfer)->name;
  if (const auto& region = view.region)
    json["region"] = {region->row_from, region->row_to, region->column_from, region->column_to};
  return json;
}

std::vector<SettingChange> canonical_changes(const Document& document, const SettingsStack& stack) {
  const std::vector<LayerSettings> layers = layer_settings(document, stack);
  std::vector<SettingChange> changes;
  if (layers.empty()) return changes;
  for (const auto& [key, value] : layers.front().now.items()) {
    if (key == "view" || key == "layer") continue;
    const auto untouched = [&](const LayerSettings& one) { return one.own.at(key) == one.now.at(key); };
    const auto alike = [&](const LayerSettings& one) { return one.now.at(key) == value; };
    if (std::ranges::all_of(layers, untouched)) continue;
    if (std::ranges::all_of(layers, alike)) {
      changes.push_back({key, value});
      continue;
    }
    // What differs between layers was changed in parts: a whole key is the same for all of them.
    std::ranges::copy_if(stack.sets, std::back_inserter(changes),
                         [&](const SettingChange& set) { return set.path.starts_with(key + "."); });
  }
  return changes;
}

nlohmann::json changed_settings_json(const AppState& state) {
  auto changes = Json::object();
  const auto own = effective_settings(state.document(), state.view.layer, {});
  const auto now = effective_settings(state.document(), state.view.layer, state.project.settings);
  if (own && now) {
    for (const auto& [key, value] : now->items()) {
      if (key != "view" && key != "layer" && own->at(key) != value) changes[key] = value;
    }
  }
  if (view_differs(state)) changes["view"] = view_to_json(state.view.view);
  return changes;
}

std::vector<std::string> changed_settings(const AppState& state) {
  std::vector<SettingChange> all = canonical_changes(state.document(), state.project.settings);
  if (view_differs(state)) all.push_back({"view", view_to_json(state.view.view)});
  std::vector<std::string> changes;
  for (const auto& [path, value] : all) changes.push_back(fmt::format("{}={}", path, value.dump()));
  return changes;
}

std::string default_figure_name(const AppState& state) {
  return fmt::format("{}_L{}_H{}.png", stem_of(state), state.view.layer, to_text(state.view.head));
}

std::string default_session_name(const AppState& state) {
  return stem_of(state) + ".session.json";
}

std::string command_line(const AppState& state) {
  const std::string& source = state.document().source;
  std::string line = "attnscope export " + shell_word(source.starts_with('-') ? "./" + source : source);
  line += " -o " + shell_word(braces_doubled(default_figure_name(state)));
  if (state.document().index > 0) line += fmt::format(" --document {}", state.document().index);
  line += fmt::format(" --layer {} --head {}", state.view.layer, to_text(state.view.head));
  for (const std::string& change : changed_settings(state)) line += " --set " + shell_word(change);
  const nlohmann::json figure = to_json(state.view.figure);
  for (const auto& [option, value] : figure.items())
    line += " --figure " + shell_word(fmt::format("{}={}", option, value.dump()));
  return line;
}

}  // namespace attn::app

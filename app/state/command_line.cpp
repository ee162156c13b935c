#include "app/state/command_line.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/state/figure_names.hpp"

namespace attn::app {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-/=:,+@").find(c) != std::string_view::npos;
}

std::string stem_of(const AppState& state) {
  const std::filesystem::path source(state.document().source);
  return source.has_stem() ? source.stem().string() : "attention";
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

nlohmann::json changed_settings_json(const Document& document, std::size_t layer,
                                     const SettingsStack& stack) {
  auto changes = nlohmann::json::object();
  const auto own = effective_settings(document, layer, {});
  const auto now = effective_settings(document, layer, stack);
  if (!own || !now) return changes;
  for (const auto& [key, value] : now->items()) {
    if (key != "view" && key != "layer" && own->at(key) != value) changes[key] = value;
  }
  return changes;
}

nlohmann::json changed_settings_json(const AppState& state) {
  auto changes = changed_settings_json(state.document(), state.view.layer, state.project.settings);
  nlohmann::json view = view_to_json(state.view.view);
  const auto resolved = resolve_settings(state.document(), state.view.layer, {});
  if (!resolved || view != view_to_json(resolved->view)) changes["view"] = std::move(view);
  return changes;
}

std::vector<std::string> changed_settings(const AppState& state) {
  const nlohmann::json settings = changed_settings_json(state);
  std::vector<std::string> changes;
  for (const auto& [key, value] : settings.items()) {
    changes.push_back(fmt::format("{}={}", key, value.dump()));
  }
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

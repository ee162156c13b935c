#include "app/state/app_state.hpp"

#include "core/base/random.hpp"

namespace attn::app {

std::uint64_t project_hash(const Project& project) {
  std::uint64_t hash = mix(project.document->fingerprint);
  const auto add = [&hash](const std::string& text) { hash = mix(fnv1a(text, hash)); };
  for (const SettingsFile& file : project.settings.files) add(file.name + file.object.dump());
  for (const SettingChange& change : project.settings.sets) add(change.path + "=" + change.value.dump());
  add(project.settings.window.dump());
  return hash;
}

Result<AppState> initial_state(std::shared_ptr<const Document> document, SettingsStack settings) {
  AppState state;
  state.project = {std::move(document), std::move(settings)};
  auto layer = chosen_layer(state.document(), state.project.settings);
  if (!layer) return tl::unexpected(layer.error());
  state.view.layer = *layer;
  auto resolved = resolve_settings(state.document(), *layer, state.project.settings);
  if (!resolved) return tl::unexpected(resolved.error());
  state.settings = std::move(*resolved);
  state.view.view = state.settings.view;
  state.history.steps.push_back({state.project, "open " + state.document().title});
  return state;
}

}  // namespace attn::app

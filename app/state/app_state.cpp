#include "app/state/app_state.hpp"

#include "core/base/random.hpp"
#include "core/figure/figure_job.hpp"

namespace attn::app {

std::uint64_t project_hash(const Project& project) {
  std::uint64_t hash = mix(project.document->fingerprint);
  const auto add = [&hash](const std::string& text) { hash = mix(fnv1a(text, hash)); };
  for (const SettingsFile& file : project.settings.files) add(file.name + file.object.dump());
  for (const SettingChange& change : project.settings.sets) add(change.path + "=" + change.value.dump());
  add(project.settings.window.dump());
  return hash;
}

Result<LayerSettings> settings_of_layers(const Document& document, const SettingsStack& settings) {
  std::vector<Settings> layers;
  for (std::size_t layer = 0; layer < document.layers.size(); ++layer) {
    // Most layers say nothing of their own: what holds for one holds for the next.
    if (layer > 0 && document.layers[layer].settings == document.layers[layer - 1].settings) {
      layers.push_back(layers.back());
      layers.back().layer = layer;
      continue;
    }
    auto one = resolve_settings(document, layer, settings);
    if (!one) return tl::unexpected(one.error());
    if (auto good = check_view(one->view); !good) return tl::unexpected(good.error());
    layers.push_back(std::move(*one));
  }
  return std::make_shared<const std::vector<Settings>>(std::move(layers));
}

Result<AppState> initial_state(std::shared_ptr<const Document> document, SettingsStack settings) {
  AppState state;
  state.project = {std::move(document), std::move(settings)};
  auto layer = chosen_layer(state.document(), state.project.settings);
  if (!layer) return tl::unexpected(layer.error());
  state.view.layer = *layer;
  auto layers = settings_of_layers(state.document(), state.project.settings);
  if (!layers) return tl::unexpected(layers.error());
  state.layers = std::move(*layers);
  state.settings = (*state.layers)[*layer];
  state.in_force = in_force(nullptr, state.project.document, state.layers, state.view.layer);
  state.view.view = state.settings.view;
  state.history.steps.push_back({state.project, "open " + state.document().title});
  return state;
}

}  // namespace attn::app

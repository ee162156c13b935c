#pragma once

#include <memory>
#include <stdexcept>
#include <utility>

#include "app/state/reduce.hpp"
#include "core/base/random.hpp"
#include "core/engine/engine.hpp"
#include "tests/support/documents.hpp"
#include "tests/support/random_settings.hpp"

namespace attn::app::test {

/// A document with two heads, a bias, a mask and padding, so that every command has something to do.
[[nodiscard]] inline std::shared_ptr<const Document> rich_document(std::uint64_t seed = 1,
                                                                   std::size_t layers = 2) {
  support::Random random(seed);
  Document document = support::qkv_document(random, {2, 2, 4, 5, 4, 2});
  document.layers[0].bias = support::random_tensor(random, {4, 5});
  document.layers[0].mask = Tensor({5}, {1, 1, 0, 1, 1});
  document.layers.resize(layers, document.layers[0]);
  document.fingerprint = mix(seed);
  return std::make_shared<const Document>(std::move(document));
}

[[nodiscard]] inline AppState state_of(std::shared_ptr<const Document> document,
                                       SettingsStack settings = {}) {
  auto state = initial_state(std::move(document), std::move(settings));
  if (!state) throw std::runtime_error(describe(state.error()));
  return std::move(*state);
}

/// The state after all of `actions`.
template <class... Actions>
[[nodiscard]] AppState after(AppState state, const Actions&... actions) {
  ((state = reduce(std::move(state), Action(actions)).state), ...);
  return state;
}

[[nodiscard]] inline SetSetting set(const std::string& key, nlohmann::json value,
                                    Gesture gesture = Gesture::committed) {
  return {key, std::move(value), key, gesture};
}

/// The state with the map that it wants, as the window has it a moment later.
[[nodiscard]] inline AppState with_map(AppState state) {
  state = after(std::move(state), Say{});
  return after(state, MapReady{Engine(1).answer(*state.requested)});
}

}  // namespace attn::app::test

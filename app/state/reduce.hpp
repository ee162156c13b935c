#pragma once

#include <vector>

#include "app/state/action.hpp"

namespace attn::app {

struct Reduced {
  AppState state;
  std::vector<Effect> effects;
};

/// The state after `action`, and what is to be done outside. Pure: no clock, no file, no window. A setting
/// that is refused changes nothing but the list of errors.
[[nodiscard]] Reduced reduce(AppState state, const Action& action);

}  // namespace attn::app

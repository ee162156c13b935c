#pragma once

#include <vector>

#include "app/state/action.hpp"

namespace attn::app {

/// Asks for the map and the sheet of heads that `state` wants, where they are not those asked for before.
void request_pictures(AppState& state, std::vector<Effect>& effects);

}  // namespace attn::app

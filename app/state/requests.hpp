#pragma once

#include <vector>

#include "app/state/action.hpp"

namespace attn::app {

/// Asks for the map and the sheet of heads that `state` wants, where they are not those asked for before.
void request_pictures(AppState& state, std::vector<Effect>& effects);

/// The sheet of heads would read through more of the document's files than is kept of them, so it is made
/// only when a person looks at it.
[[nodiscard]] bool sheet_waits(const Document& document);

}  // namespace attn::app

#pragma once

#include "app/views/map_geometry.hpp"
#include "app/widgets/ui.hpp"

namespace attn::app {

/// The map in the middle of the window: cells, token labels on both axes, colour bar, crosshair, tooltip.
void draw_heatmap_view(const AppState& state, Ui& ui, const Dispatch& dispatch);

}  // namespace attn::app

#include "core/figure/panels.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace attn {
namespace {

// One scale for all of them: maps, or differences of maps.
void set_scale(const std::vector<Panel*>& panels, View view) {
  StageMap all;
  all.stage = panels.back()->map->stage;
  all.min = panels.front()->map->min;
  all.max = panels.front()->map->max;
  for (const Panel* panel : panels) {
    all.min = std::min(all.min, panel->map->min);
    all.max = std::max(all.max, panel->map->max);
  }
  if (panels.front()->is_difference) {
    // Always symmetric: what rose and what fell can be told apart even where all rose.
    const auto most = static_cast<double>(std::max(std::abs(all.min), std::abs(all.max)));
    view.colormap = diverging_colormap().name;
    view.range = {most > 0 ? -most : -1, most > 0 ? most : 1};
  }
  const ColorScale scale = color_scale(view, all);
  for (Panel* panel : panels) panel->scale = scale;
}

}  // namespace

void set_scales(std::span<PanelGrid> frames, const View& view, bool own) {
  std::map<std::size_t, std::vector<Panel*>> ranges;
  for (PanelGrid& frame : frames) {
    for (Panel& panel : frame.panels) {
      if (panel.map) ranges[own ? ranges.size() : panel.range].push_back(&panel);
    }
  }
  for (const auto& [range, panels] : ranges) set_scale(panels, view);
}

}  // namespace attn

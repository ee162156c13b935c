#pragma once

#include <array>
#include <string_view>

#include "core/figure/figure_options.hpp"

namespace attn {

class MapSource;
struct PanelGrid;

// Each gathers the maps of one kind with their words, and says which of them share a range. Errors: those of
// MapSource, and shape, where two maps that are compared have different ones.
[[nodiscard]] Result<PanelGrid> gather_map(MapSource& source);
[[nodiscard]] Result<PanelGrid> gather_heads(MapSource& source);
[[nodiscard]] Result<PanelGrid> gather_layers(MapSource& source);
[[nodiscard]] Result<PanelGrid> gather_stages(MapSource& source);
[[nodiscard]] Result<PanelGrid> gather_comparison(MapSource& source);

/// One kind of figure.
struct FigureKindInfo {
  FigureKind kind;
  std::string_view name, meaning;
  Result<PanelGrid> (*gather)(MapSource& source);
};
inline constexpr std::array kFigureKinds{
    FigureKindInfo{FigureKind::map, "map", "one map", gather_map},
    FigureKindInfo{FigureKind::heads, "heads", "every head of the layer, side by side", gather_heads},
    FigureKindInfo{FigureKind::layers, "layers", "every head of every layer: a row a layer", gather_layers},
    FigureKindInfo{FigureKind::stages, "stages", "several stages of one head, side by side", gather_stages},
    FigureKindInfo{FigureKind::compare, "compare", "two maps A and B, and B − A", gather_comparison},
};

}  // namespace attn

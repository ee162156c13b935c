#pragma once

#include <array>
#include <string_view>

#include "core/figure/figure_options.hpp"

namespace attn {

/// One kind of figure.
struct FigureKindInfo {
  FigureKind kind;
  std::string_view name, meaning;
};
inline constexpr std::array kFigureKinds{
    FigureKindInfo{FigureKind::map, "map", "one map"},
    FigureKindInfo{FigureKind::heads, "heads", "every head of the layer, side by side"},
    FigureKindInfo{FigureKind::layers, "layers", "every head of every layer: a row a layer"},
    FigureKindInfo{FigureKind::stages, "stages", "several stages of one head, side by side"},
    FigureKindInfo{FigureKind::compare, "compare", "two maps A and B, and B − A"},
};

}  // namespace attn

#pragma once

#include "core/figure/layout/figure_canvas.hpp"
#include "core/figure/layout/figure_theme.hpp"
#include "core/figure/map_profiles.hpp"

namespace attn {

struct ProfileStyle {
  double map_width = 1, map_height = 1;
  double unit = 1, stroke = 1;
  TextStyle style;
  FigureTheme theme;
};

/// The means of the rows right of the map, and those of the columns below it, as bars from 0 on one scale.
/// Where the two meet stands what they are and how far they go. Returns where the strip and its words end at
/// the right.
[[nodiscard]] double add_profiles(FigureCanvas& canvas, const Profiles& means, const ProfileStyle& profile);

}  // namespace attn

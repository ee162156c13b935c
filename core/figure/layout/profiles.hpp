#pragma once

#include "core/engine/stage_map.hpp"
#include "core/figure/layout/figure_canvas.hpp"
#include "core/figure/layout/figure_theme.hpp"

namespace attn {

struct ProfileStyle {
  double map_width = 1, map_height = 1;
  double unit = 1, stroke = 1;
  TextStyle style;
  FigureTheme theme;
};

/// The mean of each row's cells right of the map, and of each column's below it, as bars from 0 on one scale;
/// masked cells and cells without a number are left out. Where the two meet stands what they are and how far
/// they go. Returns where the strip and its words end at the right.
[[nodiscard]] double add_profiles(FigureCanvas& canvas, const StageMap& map, const ProfileStyle& profile);

/// What the strips show.
struct Profiles {
  std::vector<double> rows, columns;  ///< 0 where no cell has a value
};
[[nodiscard]] Profiles profiles_of(const StageMap& map);

}  // namespace attn

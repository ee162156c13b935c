#pragma once

#include "app/widgets/ui.hpp"
#include "core/figure/color_scale.hpp"

namespace attn::app {

/// An upright colour bar with numbers at its right, `height` tall; a lock beside it where the range is fixed.
void draw_color_bar(Ui& ui, const ColorScale& scale, ImVec2 top_left, float height, bool locked);

}  // namespace attn::app

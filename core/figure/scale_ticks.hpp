#pragma once

#include <vector>

#include "core/figure/color_scale.hpp"
#include "core/figure/labels.hpp"

namespace attn {

/// Numbers for a colour bar, rising: ticks() where the scale is even; 0 and powers of ten up to the largest
/// value (both ways of a symmetric scale) where it is logarithmic. About `most` of them, at least one.
[[nodiscard]] std::vector<Tick> scale_ticks(const ColorScale& scale, int most);

}  // namespace attn

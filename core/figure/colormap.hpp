#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/figure/color.hpp"

namespace attn {

/// 256 colours for values from low to high. The luminance only rises; a diverging map's rises up to its
/// middle (entry 128, the colour of 0) and falls after it.
struct Colormap {
  std::string_view name;
  std::string_view meaning;  ///< one line for people
  bool diverging = false;
  std::array<Rgb, 256> colors{};
};

/// Every colormap; the first one is what `auto` means for unsigned stages. All can be told apart by people
/// with any of the common colour-vision deficiencies, and in print without colour (the diverging one by its
/// sign alone).
[[nodiscard]] std::span<const Colormap> colormaps();

/// The map of this name, or nullptr.
[[nodiscard]] const Colormap* colormap_named(std::string_view name);

/// The first diverging map: what `auto` means for signed stages.
[[nodiscard]] const Colormap& diverging_colormap();

/// All names, in the table's order; without `auto`.
[[nodiscard]] std::vector<std::string> colormap_names();

}  // namespace attn

#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/matrix.hpp"
#include "core/figure/figure_options.hpp"

namespace attn {

/// What every length around the maps follows from, in pixels.
struct FigureSizes {
  double unit = 1;    ///< a pixel of a figure for the screen: 1/96 inch, or 1/13 of the label size asked for
  double stroke = 1;  ///< of lines: whole pixels
  double label_px = 0;  ///< 0: by the cells
  double margin = 24;
  int width = 0, height = 0;  ///< of the whole figure; 0 = nobody asks

  /// For the words above and below the maps; `otherwise` where nobody asks for a width.
  [[nodiscard]] double room(double otherwise) const {
    return width > 0 ? std::max(1.0, width - 2 * margin) : otherwise;
  }
};

/// The text size of labels where nobody says one, in units.
inline constexpr double kLabelUnits = 13;

/// More than any file holds; sums of a few are numbers all the same.
inline constexpr double kMostAskedPixels = 1e8;

[[nodiscard]] inline int asked_pixels(const std::optional<Length>& length, double dpi) {
  return length ? static_cast<int>(std::clamp(std::round(pixels(*length, dpi)), 1.0, kMostAskedPixels)) : 0;
}

/// `larger`: how many times the usual a very large map has its words.
[[nodiscard]] inline FigureSizes figure_sizes(const FigureOptions& options, double larger) {
  FigureSizes sizes;
  if (options.label_size) {
    sizes.label_px = *options.label_size * options.dpi / 72;
    sizes.unit = sizes.label_px / kLabelUnits;
  } else {
    sizes.unit = options.dpi / 96 * larger;
  }
  sizes.stroke = std::max(1.0, std::floor(sizes.unit * 0.75 + 0.5));
  sizes.margin = options.margin ? static_cast<double>(asked_pixels(options.margin, options.dpi))
                                : std::round(24 * sizes.unit);
  sizes.width = asked_pixels(options.width, options.dpi);
  sizes.height = asked_pixels(options.height, options.dpi);
  return sizes;
}

}  // namespace attn

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/figure/display_list.hpp"

namespace attn {

/// An SVG file: one unit of the drawing a pixel of the list, the page as large as the list is in inches. Text
/// is text, in the list's fonts where the viewer has them. Images are drawn so that cells stay crisp whatever
/// the viewer does: runs of equal pixels as rectangles (up to kMostRuns of them), else a PNG in the file,
/// enlarged by whole factors. Numbers have a point and at most three decimals. Errors: limit (a figure
/// without pixels, or larger than kMaxFigureSide a side).
[[nodiscard]] Result<std::string> svg_bytes(const DisplayList& list, std::size_t threads = 1,
                                            std::string_view metadata = {});
inline constexpr std::size_t kMostRuns = 20'000;

/// The metadata in an SVG file of ours. Errors: syntax (not XML; the place has line and column), duplicate,
/// unsupported (a file of another program), and those of checked_metadata(). `name` is the file's.
[[nodiscard]] Result<std::string> svg_metadata(std::string_view bytes, const std::string& name);

}  // namespace attn

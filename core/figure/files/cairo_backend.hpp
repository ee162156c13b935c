#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/figure/display_list.hpp"

// What Cairo draws: a display list as pixels, and as the page of a PDF file.
namespace attn {

/// A PNG file's bytes, one pixel of the file a pixel of the list; the same list gives the same bytes,
/// whatever `threads`. Images whose box has whole pixels are exact: no blending, no smoothing. Errors: limit,
/// where the figure is larger than kMaxFigureSide a side or than the memory at hand.
[[nodiscard]] Result<std::string> png_bytes(const DisplayList& list, TextRenderer& text,
                                            std::size_t threads = 1, std::string_view metadata = {});
inline constexpr int kMaxFigureSide = 32767;

/// An animated PNG's, one frame a list. Errors: as png_bytes(), and value (lists of several sizes or of
/// several kinds of background; a frame shorter than a millisecond or longer than 65 seconds).
[[nodiscard]] Result<std::string> apng_bytes(const std::vector<DisplayList>& frames, double seconds_a_frame,
                                             TextRenderer& text, std::size_t threads = 1,
                                             std::string_view metadata = {});

/// A PDF file's, one page of the list's size in inches. Text is text, in fonts that the file holds; but for
/// lines with coloured emoji, which are pictures. Small images are enlarged by whole factors, so that
/// cells stay crisp in viewers that smooth. No date, so the same list gives the same bytes. Errors: limit (a
/// page of more than kMaxPageInches a side).
[[nodiscard]] Result<std::string> pdf_bytes(const DisplayList& list, TextRenderer& text,
                                            std::string_view metadata = {});
inline constexpr double kMaxPageInches = 200;  // what viewers have to know (ISO 32000-1, annex C)

/// The figure as opaque pixels of a screen, `scale` (≤ 1) times as large; cells that become smaller than a
/// pixel are averaged. A transparent figure stands on its background. Errors: limit, as png_bytes().
[[nodiscard]] Result<PixelImage> figure_pixels(const DisplayList& list, TextRenderer& text, double scale);

}  // namespace attn

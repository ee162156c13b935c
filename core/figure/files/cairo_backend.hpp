#pragma once

#include <cstddef>
#include <string>

#include "core/base/error.hpp"
#include "core/figure/display_list.hpp"

namespace attn {

/// A PNG file's bytes: 8-bit RGB, one pixel of the file a pixel of the list; the same list gives the same
/// bytes, whatever `threads`. Images whose box has whole pixels are exact: no blending, no smoothing. Errors:
/// limit, where the figure is larger than kMaxFigureSide a side or than the memory at hand.
[[nodiscard]] Result<std::string> png_bytes(const DisplayList& list, TextRenderer& text,
                                            std::size_t threads = 1);
inline constexpr int kMaxFigureSide = 32767;

}  // namespace attn

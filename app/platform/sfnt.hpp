#pragma once

#include <optional>
#include <string_view>

namespace attn::app {

/// Line height (ascent − descent) of a TrueType or OpenType face in em: what ImGui sizes faces by, where
/// people count in em. Nothing if the bytes are not such a face, or are cut off: ImGui's reader would assert
/// on them.
[[nodiscard]] std::optional<float> line_height_in_em(std::string_view font, int index);

}  // namespace attn::app

#pragma once

#include <span>
#include <string>

#include "core/engine/stage_map.hpp"

namespace attn::app {

/// The numbers of a map for a table of another program: a line of column labels, then a line a row, tabs in
/// between. Masked cells are empty; labels that are missing are indices.
[[nodiscard]] std::string map_text(const StageMap& map, std::span<const std::string> rows,
                                   std::span<const std::string> columns);

}  // namespace attn::app

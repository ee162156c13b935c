#pragma once

#include <cstddef>

#include "core/engine/stage_map.hpp"

namespace attn {

/// Works out what follows from the tiles of a map: its range, the kinds of its cells, and coarser maps to
/// draw it from when it is larger than a screen.
///
/// A coarser map has half as many rows and columns, rounded up, and one again where that is more than
/// kCoarsestSide. A cell of it stands for 2 × 2: of weights it holds their mass (summed over keys, averaged
/// over queries, masked ones as 0), of the mask the largest value, of other stages the first of them, as they
/// have no honest sum. It is masked where all are, and no number where one is none.
void complete_map(StageMap& map, std::size_t threads);

/// Maps with no side longer than this have no coarser one.
inline constexpr Index kCoarsestSide = 1024;

}  // namespace attn

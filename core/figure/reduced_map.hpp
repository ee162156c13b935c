#pragma once

#include <memory>

#include "core/engine/stage_map.hpp"

namespace attn {

/// `map` in at most `rows` × `columns` cells, each the one of the greatest magnitude among those that it
/// stands for: a single needle stays to be seen, and the range of values stays what it is, however often a
/// map is reduced. A cell is masked where all of its parts are, and no number where one is none; a row has
/// the gravest flag of its parts. The map itself where it is no larger.
[[nodiscard]] std::shared_ptr<const StageMap> reduced_map(const std::shared_ptr<const StageMap>& map,
                                                          Index rows, Index columns);

/// Cells [rows.begin, rows.end) × [columns.begin, columns.end) of `map`, which has them all.
[[nodiscard]] std::shared_ptr<const StageMap> part_of_map(const StageMap& map, RowRange rows,
                                                          RowRange columns);

/// b − a, cell by cell: signed, masked where both are, no number where one is none; where one alone is masked
/// it counts as 0. The maps have one shape.
[[nodiscard]] std::shared_ptr<const StageMap> difference_of(const StageMap& a, const StageMap& b);

}  // namespace attn

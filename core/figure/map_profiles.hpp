#pragma once

#include <vector>

#include "core/engine/stage_map.hpp"

namespace attn {

/// The means of a map's rows and of its columns.
struct Profiles {
  std::vector<double> rows, columns;  ///< 0 where no cell has a value
};

/// In at most `rows` and `columns` numbers, each of all the cells that one of reduced_map() stands for;
/// masked cells and cells without a number are left out. Of a reduced map they would be means of its largest
/// cells.
[[nodiscard]] Profiles profiles_of(const StageMap& map, Index rows, Index columns);

}  // namespace attn

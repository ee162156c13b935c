#include "core/figure/map_profiles.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace attn {
namespace {

// Sums over groups of an axis's cells, the groups of reduced_map().
class Strip {
 public:
  Strip(Index cells, Index most)
      : sums_(static_cast<std::size_t>(std::min(cells, most))), counts_(sums_.size()) {
    const auto groups = std::ssize(sums_);
    for (Index cell = 0; cell < cells; ++cell)
      groups_.push_back(static_cast<std::size_t>(((cell + 1) * groups - 1) / cells));
  }

  void add(Index cell, double value) {
    const std::size_t group = groups_[static_cast<std::size_t>(cell)];
    sums_[group] += value;
    ++counts_[group];
  }

  std::vector<double> means() && {
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] /= std::max(1.0, counts_[i]);
    return std::move(sums_);
  }

 private:
  std::vector<double> sums_, counts_;
  std::vector<std::size_t> groups_;  // of each cell
};

}  // namespace

Profiles profiles_of(const StageMap& map, Index rows, Index columns) {
  Strip by_row(map.rows, rows), by_column(map.columns, columns);
  for (const auto& tile : map.tiles) {
    std::size_t at = 0;
    for (Index i = tile->row; i < tile->row + tile->rows; ++i) {
      for (Index j = tile->column; j < tile->column + tile->columns; ++j, ++at) {
        if (tile->classes[at] != CellClass::value) continue;
        const auto value = static_cast<double>(tile->values[at]);
        by_row.add(i, value);
        by_column.add(j, value);
      }
    }
  }
  return {std::move(by_row).means(), std::move(by_column).means()};
}

}  // namespace attn

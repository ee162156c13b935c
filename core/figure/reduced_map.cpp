#include "core/figure/reduced_map.hpp"

#include <algorithm>
#include <cmath>

#include "core/engine/complete_map.hpp"

namespace attn {
namespace {

struct Cell {
  float value = 0;
  CellClass kind = CellClass::masked;
};

Cell cell_of(const StageMap& map, Index row, Index column) {
  return {map.value(row, column), map.cell_class(row, column)};
}

// A map whose cell (i, j) is cell_at(i, j).
template <class CellAt>
std::shared_ptr<const StageMap> made(Stage stage, Index rows, Index columns, const CellAt& cell_at) {
  auto map = std::make_shared<StageMap>();
  map->stage = stage;
  map->rows = rows;
  map->columns = columns;
  map->tile_columns = (columns + kTileSize - 1) / kTileSize;
  const auto tiles = empty_tiles(*map);
  for (const auto& tile : tiles) {
    std::size_t at = 0;
    for (Index i = tile->row; i < tile->row + tile->rows; ++i) {
      for (Index j = tile->column; j < tile->column + tile->columns; ++j, ++at) {
        const Cell cell = cell_at(i, j);
        tile->values[at] = cell.value;
        tile->classes[at] = cell.kind;
      }
    }
  }
  map->tiles.assign(tiles.begin(), tiles.end());
  complete_map(*map, 1);
  return map;
}

// What `a` and `b` are together.
Cell greater(const Cell& a, const Cell& b) {
  if (a.kind == CellClass::not_a_number || b.kind == CellClass::masked) return a;
  if (b.kind == CellClass::not_a_number || a.kind == CellClass::masked) return b;
  return std::abs(b.value) > std::abs(a.value) ? b : a;
}

}  // namespace

std::shared_ptr<const StageMap> reduced_map(const std::shared_ptr<const StageMap>& map, Index rows,
                                            Index columns) {
  const Index high = std::min(rows, map->rows), wide = std::min(columns, map->columns);
  if (high == map->rows && wide == map->columns) return map;
  auto less = std::make_shared<StageMap>(*made(map->stage, high, wide, [&](Index i, Index j) {
    Cell all;
    for (Index row = i * map->rows / high; row < (i + 1) * map->rows / high; ++row) {
      for (Index column = j * map->columns / wide; column < (j + 1) * map->columns / wide; ++column)
        all = greater(all, cell_of(*map, row, column));
    }
    return all;
  }));
  less->kinds = map->kinds;
  if (map->row_flags.empty()) return less;
  const auto flags = map->row_flags.begin();
  for (Index i = 0; i < high; ++i)
    less->row_flags.push_back(
        *std::max_element(flags + i * map->rows / high, flags + (i + 1) * map->rows / high));
  return less;
}

std::shared_ptr<const StageMap> part_of_map(const StageMap& map, RowRange rows, RowRange columns) {
  auto part = std::make_shared<StageMap>(*made(map.stage, rows.size(), columns.size(), [&](Index i, Index j) {
    return cell_of(map, rows.begin + i, columns.begin + j);
  }));
  if (!map.row_flags.empty())
    part->row_flags.assign(map.row_flags.begin() + rows.begin, map.row_flags.begin() + rows.end);
  return part;
}

std::shared_ptr<const StageMap> difference_of(const StageMap& a, const StageMap& b) {
  return made(a.stage, a.rows, a.columns, [&](Index i, Index j) {
    const Cell from = cell_of(a, i, j), to = cell_of(b, i, j);
    if (from.kind == CellClass::not_a_number || to.kind == CellClass::not_a_number)
      return Cell{0, CellClass::not_a_number};
    if (from.kind == CellClass::masked && to.kind == CellClass::masked) return Cell{};
    const float before = from.kind == CellClass::value ? from.value : 0;
    const float after = to.kind == CellClass::value ? to.value : 0;
    return Cell{after - before, CellClass::value};
  });
}

}  // namespace attn

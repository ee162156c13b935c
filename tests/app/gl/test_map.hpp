#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "core/engine/stage_map.hpp"

namespace attn::gl {

struct TestCell {
  float value = 0;
  CellClass kind = CellClass::value;
};

/// A map whose cells are what `cell(row, column)` says, cut into tiles.
[[nodiscard]] inline std::shared_ptr<StageMap> make_map(Index rows, Index columns,
                                                        const std::function<TestCell(Index, Index)>& cell) {
  auto map = std::make_shared<StageMap>();
  map->rows = rows;
  map->columns = columns;
  map->tile_columns = (columns + kTileSize - 1) / kTileSize;
  for (Index row = 0; row < rows; row += kTileSize) {
    for (Index column = 0; column < columns; column += kTileSize) {
      auto tile = std::make_shared<Tile>();
      tile->row = row;
      tile->column = column;
      tile->rows = std::min(kTileSize, rows - row);
      tile->columns = std::min(kTileSize, columns - column);
      for (Index i = 0; i < tile->rows; ++i) {
        for (Index j = 0; j < tile->columns; ++j) {
          const TestCell made = cell(row + i, column + j);
          tile->values.push_back(made.value);
          tile->classes.push_back(made.kind);
        }
      }
      map->tiles.push_back(std::move(tile));
    }
  }
  return map;
}

}  // namespace attn::gl

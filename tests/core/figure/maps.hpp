#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/complete_map.hpp"
#include "core/figure/panels.hpp"

namespace attn::test {

struct Cell {
  float value = 0;
  CellClass cell_class = CellClass::value;
};

/// A map whose cell (i, j) is cell(i, j), cut into tiles as the engine cuts it.
template <class Function>
StageMap make_map(Stage stage, Index rows, Index columns, const Function& cell) {
  StageMap map;
  map.stage = stage;
  map.rows = rows;
  map.columns = columns;
  map.tile_columns = (columns + kTileSize - 1) / kTileSize;
  for (Index row = 0; row < rows; row += kTileSize) {
    for (Index column = 0; column < columns; column += kTileSize) {
      auto tile = std::make_shared<Tile>();
      tile->row = row;
      tile->column = column;
      tile->rows = std::min(kTileSize, rows - row);
      tile->columns = std::min(kTileSize, columns - column);
      for (Index i = row; i < row + tile->rows; ++i) {
        for (Index j = column; j < column + tile->columns; ++j) {
          const Cell one = cell(i, j);
          tile->values.push_back(one.value);
          tile->classes.push_back(one.cell_class);
        }
      }
      map.tiles.push_back(std::move(tile));
    }
  }
  complete_map(map, 1);
  return map;
}

/// Weights that fall off from the diagonal; keys after the query masked.
inline StageMap causal_map(Index rows, Index columns) {
  return make_map(Stage::weights, rows, columns, [](Index i, Index j) {
    return j > i ? Cell{0, CellClass::masked} : Cell{1 / (1 + static_cast<float>(i - j)), CellClass::value};
  });
}

/// `count` labels that repeat `words`.
inline std::vector<std::string> labels(Index count, const std::vector<std::string>& words) {
  std::vector<std::string> result;
  for (Index i = 0; i < count; ++i) result.push_back(words[static_cast<std::size_t>(i) % words.size()]);
  return result;
}

/// A figure of one map, with its range.
inline PanelGrid figure_of(const StageMap& map, const std::vector<std::string>& rows,
                           const std::vector<std::string>& columns) {
  Panel panel;
  panel.map = std::make_shared<const StageMap>(map);
  panel.row_labels = rows;
  panel.column_labels = columns;
  panel.row_axis = "queries";
  panel.column_axis = "keys";
  panel.value_name = info(map.stage).name;
  panel.scale = color_scale({}, map);
  PanelGrid grid;
  grid.panels.push_back(std::move(panel));
  grid.title = "A title";
  grid.caption = "softmax, causal, temperature 1";
  return grid;
}

}  // namespace attn::test

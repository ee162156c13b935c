#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/attention/stage.hpp"
#include "core/base/buffer.hpp"
#include "core/base/matrix.hpp"

namespace attn {

/// What stands in a cell, beside its value.
enum class CellClass : std::uint8_t {
  value = 0,
  masked = 1,        ///< the query may not attend to the key; stored value is 0, or −∞ for logits
  not_a_number = 2,  ///< NaN, or an infinity that is not a mask
  nothing = 3,       ///< no cell at all: the gaps of a sheet of heads; not drawn
};

/// A piece of a map, at most kTileSize × kTileSize cells. Immutable once made.
struct Tile {
  Index row = 0, column = 0;  ///< of its first cell, in the map
  Index rows = 0, columns = 0;
  Buffer<float> values;       ///< rows × columns, C order
  Buffer<CellClass> classes;  ///< the same shape
};

inline constexpr Index kTileSize = 256;
static_assert(kTileSize == kBandRows);

/// Which kinds of cells a map holds beside values, for the legend.
struct CellKinds {
  bool masked = false;
  bool not_a_number = false;
};

/// One stage of one head (or of the mean over heads), as tiles.
struct StageMap {
  Stage stage = Stage::weights;
  Index rows = 0, columns = 0;
  Index tile_columns = 0;                          ///< tiles in one row of tiles
  std::vector<std::shared_ptr<const Tile>> tiles;  ///< row by row; never null
  float min = 0, max = 0;                          ///< over the cells of class value; 0, 0 if there are none
  CellKinds kinds;
  std::shared_ptr<const StageMap> coarser;  ///< to draw a large map from: complete_map(); else null
  std::vector<RowFlag> row_flags;           ///< one a row; empty for stages that have none

  [[nodiscard]] const Tile& tile_of(Index row, Index column) const {
    return *tiles[static_cast<std::size_t>((row / kTileSize) * tile_columns + column / kTileSize)];
  }
  [[nodiscard]] float value(Index row, Index column) const {
    const Tile& tile = tile_of(row, column);
    return tile.values[static_cast<std::size_t>((row - tile.row) * tile.columns + column - tile.column)];
  }
  [[nodiscard]] CellClass cell_class(Index row, Index column) const {
    const Tile& tile = tile_of(row, column);
    return tile.classes[static_cast<std::size_t>((row - tile.row) * tile.columns + column - tile.column)];
  }
};

/// The tiles of a map of this shape; their cells hold anything yet.
[[nodiscard]] std::vector<std::shared_ptr<Tile>> empty_tiles(const StageMap& map);

}  // namespace attn

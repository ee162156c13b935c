#include "core/engine/stage_map.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/parallel.hpp"
#include "core/engine/complete_map.hpp"
#include "core/engine/fast_heads.hpp"
#include "core/engine/map_request.hpp"
#include "core/engine/products.hpp"
#include "core/engine/stage_array.hpp"

namespace attn {
namespace {

CellClass class_of(double value, bool allowed, Stage stage) {
  const bool shows_mask = stage != Stage::mask;
  // An empty row that was made uniform holds weights at masked places: those are values.
  const bool has_value = stage >= Stage::weights && value != 0;
  if (shows_mask && !has_value && (!allowed || value == -HUGE_VAL)) return CellClass::masked;
  // As the tile holds it: a number beyond float32 has become an infinity.
  return std::isfinite(static_cast<float>(value)) ? CellClass::value : CellClass::not_a_number;
}

void fill_tile(Tile& tile, const Band& band, Stage stage) {
  const bool has_mask = band.allowed.size() > 0;
  std::size_t at = 0;
  for (Index row = 0; row < tile.rows; ++row) {
    for (Index column = tile.column; column < tile.column + tile.columns; ++column, ++at) {
      const double value = band.values(row, column);
      tile.values[at] = static_cast<float>(value);
      tile.classes[at] = has_mask                         ? class_of(value, band.allowed(row, column), stage)
                         : std::isfinite(tile.values[at]) ? CellClass::value
                                                          : CellClass::not_a_number;
    }
  }
}

// What a row of the fast path shows in a tile.
void put_row(const FastRow& row, Stage stage, Tile& tile) {
  const auto first = static_cast<std::size_t>(tile.column);
  const std::size_t blocks = kernels::blocks_of(static_cast<std::size_t>(tile.columns));
  const kernels::RowMask computed{row.computed.classes + first / kernels::kBlock,
                                  row.computed.allowed + first, blocks};
  const auto columns = static_cast<std::size_t>(tile.columns);
  const std::size_t at = static_cast<std::size_t>(row.row - tile.row) * columns;
  float* values = tile.values.data() + at;
  CellClass* classes = tile.classes.data() + at;
  kernels::scale_away(row.values + first, row.factor, computed, columns, values);
  const std::uint8_t* allowed = row.shown.allowed + first;
  // Such a row has a finite number in every cell that is allowed, and no other.
  if (row.flag == RowFlag::normal && stage == Stage::weights) {
    for (std::size_t j = 0; j < columns; ++j) classes[j] = static_cast<CellClass>(allowed[j] ^ 1);
    return;
  }
  kernels::finish_writes();
  for (std::size_t j = 0; j < columns; ++j) {
    classes[j] = class_of(static_cast<double>(values[j]), allowed[j] != 0, stage);
  }
}

bool fill_fast(StageMap& map, const std::vector<std::shared_ptr<Tile>>& tiles, FastPath& fast,
               const HeadChoice& head, std::size_t threads, Progress* progress) {
  if (map.stage >= Stage::weights) map.row_flags.resize(static_cast<std::size_t>(map.rows));
  const auto put = [&](const FastRow& row) {
    const std::size_t first = static_cast<std::size_t>(row.row / kTileSize * map.tile_columns);
    for (Index column = 0; column < map.tile_columns; ++column) {
      put_row(row, map.stage, *tiles[first + static_cast<std::size_t>(column)]);
    }
    if (!map.row_flags.empty()) map.row_flags[static_cast<std::size_t>(row.row)] = row.flag;
  };
  if (head.join != HeadChoice::Join::none) {
    return fast_joined_rows(fast, map.stage, head.join, threads, progress, put);
  }
  return fast_rows(fast, map.stage, std::span(&head.head, 1), threads, progress,
                   [&](Index, const FastRow& row) { put(row); });
}

// Fills the tiles band by band; band_of is called on many threads.
template <class BandOf>
bool fill_by_bands(StageMap& map, const std::vector<std::shared_ptr<Tile>>& tiles, std::size_t threads,
                   Progress* progress, BandOf band_of) {
  const auto bands = static_cast<std::size_t>((map.rows + kBandRows - 1) / kBandRows);
  std::vector<std::vector<RowFlag>> flags(bands);
  if (progress != nullptr) progress->start(bands);
  parallel_for(bands, threads, [&](std::size_t b) {
    if (progress != nullptr && progress->stopped()) return;
    const Index begin = static_cast<Index>(b) * kBandRows;
    Band band = band_of(RowRange{begin, std::min(begin + kBandRows, map.rows)});
    for (Index column = 0; column < map.tile_columns; ++column) {
      fill_tile(*tiles[b * static_cast<std::size_t>(map.tile_columns) + static_cast<std::size_t>(column)],
                band, map.stage);
    }
    flags[b] = std::move(band.flags);
    if (progress != nullptr) ++progress->done;
  });
  for (const auto& part : flags) map.row_flags.insert(map.row_flags.end(), part.begin(), part.end());
  return progress == nullptr || !progress->stopped();
}

}  // namespace

std::vector<std::shared_ptr<Tile>> empty_tiles(const StageMap& map) {
  std::vector<std::shared_ptr<Tile>> tiles;
  for (Index row = 0; row < map.rows; row += kTileSize) {
    for (Index column = 0; column < map.columns; column += kTileSize) {
      auto tile = std::make_shared<Tile>();
      tile->row = row;
      tile->column = column;
      tile->rows = std::min(kTileSize, map.rows - row);
      tile->columns = std::min(kTileSize, map.columns - column);
      tile->values.resize(static_cast<std::size_t>(tile->rows * tile->columns));
      tile->classes.resize(tile->values.size());
      tiles.push_back(std::move(tile));
    }
  }
  return tiles;
}

Result<std::shared_ptr<const StageMap>> stage_map(const Equation& equation, Stage stage,
                                                  const HeadChoice& head, std::size_t threads,
                                                  Progress* progress, FastPath* fast) {
  const auto shape = equation.shape(stage);
  if (!shape) return tl::unexpected(shape.error());
  if (head.join == HeadChoice::Join::none && head.head >= equation.inputs().heads) {
    return setting_error("head", fmt::format("a head below {}", equation.inputs().heads),
                         std::to_string(head.head));
  }
  auto map = std::make_shared<StageMap>();
  map->stage = stage;
  map->rows = shape->rows;
  map->columns = shape->columns;
  map->tile_columns = (shape->columns + kTileSize - 1) / kTileSize;
  const auto tiles = empty_tiles(*map);
  bool done = false;
  if (fast == nullptr || !serves(*fast, stage, head)) {
    done = fill_by_bands(*map, tiles, threads, progress, [&](RowRange rows) {
      Band band = choice_band(equation, stage, head, rows);
      band.allowed = shown_allowed(equation, stage, head, rows, band);
      return band;
    });
  } else if (stage >= Stage::context) {
    fast_open(*fast, stage, head, threads);
    const Project projection =
        projection_by_kernels(stage == Stage::output ? equation.inputs().output_projection() : nullptr);
    done = fill_by_bands(*map, tiles, threads, progress,
                         [&](RowRange rows) { return fast_band(*fast, stage, head, rows, projection); });
  } else {
    done = fill_fast(*map, tiles, *fast, head, threads, progress);
  }
  if (!done) {
    return tl::unexpected(Error{ErrorCode::cancelled,
                                {},
                                {},
                                "the map",
                                "a computation that was cancelled",
                                "Turn a knob to start it again."});
  }
  map->tiles.assign(tiles.begin(), tiles.end());
  complete_map(*map, threads);
  return std::shared_ptr<const StageMap>(std::move(map));
}

}  // namespace attn

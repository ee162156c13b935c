#include "core/engine/stage_map.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/parallel.hpp"
#include "core/engine/complete_map.hpp"
#include "core/engine/map_request.hpp"
#include "core/engine/stage_array.hpp"

namespace attn {
namespace {

CellClass class_of(const Band& band, Stage stage, Index row, Index column) {
  const double value = band.values(row, column);
  const bool shows_mask = band.allowed.size() > 0 && stage != Stage::mask;
  // An empty row that was made uniform holds weights at masked places: those are values.
  const bool has_value = stage >= Stage::weights && value != 0;
  if (shows_mask && !has_value && (!band.allowed(row, column) || value == -HUGE_VAL))
    return CellClass::masked;
  // As the tile holds it: a number beyond float32 has become an infinity.
  return std::isfinite(static_cast<float>(value)) ? CellClass::value : CellClass::not_a_number;
}

std::shared_ptr<const Tile> make_tile(const Band& band, Stage stage, Index first_row, Index first_column) {
  auto tile = std::make_shared<Tile>();
  tile->row = first_row;
  tile->column = first_column;
  tile->rows = band.values.rows();
  tile->columns = std::min(kTileSize, band.values.cols() - first_column);
  tile->values.reserve(static_cast<std::size_t>(tile->rows * tile->columns));
  tile->classes.reserve(tile->values.capacity());
  for (Index row = 0; row < tile->rows; ++row) {
    for (Index column = first_column; column < first_column + tile->columns; ++column) {
      tile->values.push_back(static_cast<float>(band.values(row, column)));
      tile->classes.push_back(class_of(band, stage, row, column));
    }
  }
  return tile;
}

}  // namespace

Result<std::shared_ptr<const StageMap>> stage_map(const Equation& equation, Stage stage,
                                                  const HeadChoice& head, std::size_t threads,
                                                  Progress* progress) {
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
  const Index bands = (shape->rows + kBandRows - 1) / kBandRows;
  map->tiles.resize(static_cast<std::size_t>(bands * map->tile_columns));
  std::vector<std::vector<RowFlag>> flags(static_cast<std::size_t>(bands));
  if (progress != nullptr) progress->start(static_cast<std::size_t>(bands));
  parallel_for(static_cast<std::size_t>(bands), threads, [&](std::size_t b) {
    if (progress != nullptr && progress->cancelled) return;
    const Index begin = static_cast<Index>(b) * kBandRows;
    const RowRange range{begin, std::min(begin + kBandRows, shape->rows)};
    Band band = choice_band(equation, stage, head, range);
    band.allowed = shown_allowed(equation, stage, head, range, band);
    for (Index column = 0; column < map->tile_columns; ++column) {
      map->tiles[b * static_cast<std::size_t>(map->tile_columns) + static_cast<std::size_t>(column)] =
          make_tile(band, stage, begin, column * kTileSize);
    }
    flags[b] = std::move(band.flags);
    if (progress != nullptr) ++progress->done;
  });
  if (progress != nullptr && progress->cancelled) {
    return tl::unexpected(Error{ErrorCode::cancelled,
                                {},
                                {},
                                "the map",
                                "a computation that was cancelled",
                                "Turn a knob to start it again."});
  }
  for (const auto& part : flags) map->row_flags.insert(map->row_flags.end(), part.begin(), part.end());
  complete_map(*map, threads);
  return std::shared_ptr<const StageMap>(std::move(map));
}

}  // namespace attn

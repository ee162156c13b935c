#include "core/engine/complete_map.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>
#include <utility>

#include "core/base/parallel.hpp"

namespace attn {
namespace {

// What a tile holds of each kind, and the range of its values.
struct Contents {
  bool has_value = false;
  CellKinds kinds;
  float min = 0, max = 0;
};

// By the system's own searches of bytes: they look at dozens at once.
bool holds(const Tile& tile, CellClass wanted) {
  return std::memchr(tile.classes.data(), static_cast<int>(wanted), tile.classes.size()) != nullptr;
}

bool holds_only(const Tile& tile, CellClass wanted) {
  static_assert(sizeof(CellClass) == 1);
  const CellClass* cells = tile.classes.data();
  // All equal the first where each equals the next.
  return cells[0] == wanted && std::memcmp(cells, cells + 1, tile.classes.size() - 1) == 0;
}

// Side by side, so that the compiler can do as many at once.
std::pair<float, float> range_of(const Buffer<float>& values) {
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> low{}, high{};
  low.fill(values.front());
  high.fill(values.front());
  std::size_t at = 0;
  for (; at + kLanes <= values.size(); at += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float value = values[at + lane];
      low[lane] = value < low[lane] ? value : low[lane];
      high[lane] = value > high[lane] ? value : high[lane];
    }
  }
  for (; at < values.size(); ++at) {
    low[0] = std::min(low[0], values[at]);
    high[0] = std::max(high[0], values[at]);
  }
  return {*std::ranges::min_element(low), *std::ranges::max_element(high)};
}

Contents contents_of(const Tile& tile) {
  Contents contents;
  if (holds_only(tile, CellClass::value)) {
    contents.has_value = true;
    std::tie(contents.min, contents.max) = range_of(tile.values);
    return contents;
  }
  contents.kinds = {holds(tile, CellClass::masked), holds(tile, CellClass::not_a_number)};
  if (!holds(tile, CellClass::value)) return contents;
  for (std::size_t cell = 0; cell < tile.values.size(); ++cell) {
    if (tile.classes[cell] != CellClass::value) continue;
    const float value = tile.values[cell];
    contents.min = contents.has_value ? std::min(contents.min, value) : value;
    contents.max = contents.has_value ? std::max(contents.max, value) : value;
    contents.has_value = true;
  }
  return contents;
}

void measure(StageMap& map, std::size_t threads) {
  std::vector<Contents> tiles(map.tiles.size());
  parallel_for(tiles.size(), threads, [&](std::size_t i) { tiles[i] = contents_of(*map.tiles[i]); });
  bool any = false;
  for (const Contents& tile : tiles) {
    map.kinds.masked |= tile.kinds.masked;
    map.kinds.not_a_number |= tile.kinds.not_a_number;
    if (!tile.has_value) continue;
    map.min = any ? std::min(map.min, tile.min) : tile.min;
    map.max = any ? std::max(map.max, tile.max) : tile.max;
    any = true;
  }
}

// The cells that one cell of the coarser map stands for: 4, or fewer at the map's edges.
struct Four {
  std::array<float, 4> values{};
  std::array<CellClass, 4> classes{};
  std::size_t count = 0;
  float rows = 1;
};

CellClass class_of(const Four& four) {
  const auto end = four.classes.begin() + static_cast<std::ptrdiff_t>(four.count);
  if (std::find(four.classes.begin(), end, CellClass::not_a_number) != end) return CellClass::not_a_number;
  return std::find(four.classes.begin(), end, CellClass::value) != end ? CellClass::value : CellClass::masked;
}

float mass(const Four& four) {
  float sum = 0;
  for (std::size_t i = 0; i < four.count; ++i)
    sum += four.classes[i] == CellClass::value ? four.values[i] : 0.0f;
  return sum / four.rows;
}

float largest(const Four& four) {
  float most = 0;
  for (std::size_t i = 0; i < four.count; ++i)
    if (four.classes[i] == CellClass::value) most = std::max(most, four.values[i]);
  return most;
}

// How a stage is made coarser; nothing: by the first of the four.
using Join = float (*)(const Four&);
Join join_of(Stage stage) {
  if (stage == Stage::weights || stage == Stage::dropped) return mass;
  return stage == Stage::mask ? largest : nullptr;
}

Four four_at(const Tile& fine, Index row, Index column) {
  Four four;
  four.rows = row + 1 < fine.rows ? 2 : 1;
  for (Index i = row; i < std::min(row + 2, fine.rows); ++i) {
    for (Index j = column; j < std::min(column + 2, fine.columns); ++j) {
      const auto at = static_cast<std::size_t>(i * fine.columns + j);
      four.values[four.count] = fine.values[at];
      four.classes[four.count++] = fine.classes[at];
    }
  }
  return four;
}

// The same for tiles of values alone and of even sides: most of them, and the only ones that take time.
void join_mass(const Tile& fine, Tile& coarse, Index row, Index column) {
  for (Index i = 0; i < fine.rows; i += 2) {
    const float* above = &fine.values[static_cast<std::size_t>(i * fine.columns)];
    const float* below = above + fine.columns;
    float* out = &coarse.values[static_cast<std::size_t>((row + i / 2) * coarse.columns + column)];
    for (Index j = 0; j < fine.columns / 2; ++j)
      out[j] = (above[2 * j] + above[2 * j + 1] + below[2 * j] + below[2 * j + 1]) / 2;
  }
}

// A tile's share of the coarser one, from (row, column) of that. `coarse` holds masked zeros.
void join_tile(const Tile& fine, Tile& coarse, Index row, Index column, Join join) {
  if (join != nullptr && holds_only(fine, CellClass::masked)) return;
  const bool even = fine.rows % 2 == 0 && fine.columns % 2 == 0;
  const bool plain = join == mass && even && holds_only(fine, CellClass::value);
  if (plain) join_mass(fine, coarse, row, column);
  for (Index i = 0; i < fine.rows; i += 2) {
    const auto line = static_cast<std::size_t>((row + i / 2) * coarse.columns + column);
    if (plain) {
      std::fill_n(coarse.classes.begin() + static_cast<std::ptrdiff_t>(line), fine.columns / 2,
                  CellClass::value);
      continue;
    }
    for (Index j = 0; j < fine.columns; j += 2) {
      const auto out = line + static_cast<std::size_t>(j / 2);
      const Four four = four_at(fine, i, j);
      coarse.classes[out] = join == nullptr ? four.classes[0] : class_of(four);
      coarse.values[out] = join == nullptr ? four.values[0] : join(four);
    }
  }
}

std::shared_ptr<const Tile> coarser_tile(const StageMap& fine, const StageMap& coarse, Index row,
                                         Index column) {
  static_assert(kTileSize % 2 == 0);
  auto tile = std::make_shared<Tile>();
  tile->row = row * kTileSize;
  tile->column = column * kTileSize;
  tile->rows = std::min(kTileSize, coarse.rows - tile->row);
  tile->columns = std::min(kTileSize, coarse.columns - tile->column);
  tile->values.assign(static_cast<std::size_t>(tile->rows * tile->columns), 0);
  tile->classes.assign(tile->values.size(), CellClass::masked);
  const Index fine_rows = static_cast<Index>(fine.tiles.size()) / fine.tile_columns;
  for (Index i = 2 * row; i < std::min(2 * row + 2, fine_rows); ++i) {
    for (Index j = 2 * column; j < std::min(2 * column + 2, fine.tile_columns); ++j) {
      const Tile& part = *fine.tiles[static_cast<std::size_t>(i * fine.tile_columns + j)];
      join_tile(part, *tile, part.row / 2 - tile->row, part.column / 2 - tile->column, join_of(fine.stage));
    }
  }
  return tile;
}

std::shared_ptr<const StageMap> coarser_map(const StageMap& fine, std::size_t threads) {
  if (std::max(fine.rows, fine.columns) <= kCoarsestSide) return nullptr;
  auto coarse = std::make_shared<StageMap>();
  coarse->stage = fine.stage;
  coarse->rows = (fine.rows + 1) / 2;
  coarse->columns = (fine.columns + 1) / 2;
  coarse->tile_columns = (coarse->columns + kTileSize - 1) / kTileSize;
  const Index tile_rows = (coarse->rows + kTileSize - 1) / kTileSize;
  coarse->tiles.resize(static_cast<std::size_t>(tile_rows * coarse->tile_columns));
  parallel_for(coarse->tiles.size(), threads, [&](std::size_t i) {
    const auto at = static_cast<Index>(i);
    coarse->tiles[i] = coarser_tile(fine, *coarse, at / coarse->tile_columns, at % coarse->tile_columns);
  });
  coarse->coarser = coarser_map(*coarse, threads);
  return coarse;
}

}  // namespace

void complete_map(StageMap& map, std::size_t threads) {
  measure(map, threads);
  map.coarser = coarser_map(map, threads);
}

}  // namespace attn

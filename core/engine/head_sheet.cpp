#include "core/engine/head_sheet.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace attn {
namespace {

constexpr Index kLargestEdge = 96;
constexpr Index kMostCells = 8'000'000;
constexpr auto kPublishEvery = std::chrono::milliseconds(100);

// Parts [first, last) of `length` cells that cell `at` of `edge` stands for; one cell at least.
std::pair<Index, Index> share(Index at, Index edge, Index length) {
  const Index first = at * length / edge;
  return {first, std::max(first + 1, (at + 1) * length / edge)};
}

// A row of a map in one piece, whatever its tiles.
struct RowOfCells {
  std::vector<float> values;
  std::vector<CellClass> classes;
};

void read_row(const StageMap& map, Index row, RowOfCells& out) {
  out.values.resize(static_cast<std::size_t>(map.columns));
  out.classes.resize(out.values.size());
  const Index first = row / kTileSize * map.tile_columns;
  for (Index t = 0; t < map.tile_columns; ++t) {
    const Tile& tile = *map.tiles[static_cast<std::size_t>(first + t)];
    const Index from = (row - tile.row) * tile.columns;
    std::copy_n(tile.values.begin() + from, tile.columns, out.values.begin() + tile.column);
    std::copy_n(tile.classes.begin() + from, tile.columns, out.classes.begin() + tile.column);
  }
}

// The cells that one cell of a thumbnail stands for.
struct Pool {
  double sum = 0;
  Index values = 0;
  bool odd = false;  ///< one of them is no number

  void add(const RowOfCells& row, Index left, Index right) {
    for (auto j = static_cast<std::size_t>(left); j < static_cast<std::size_t>(right); ++j) {
      const bool is_value = row.classes[j] == CellClass::value;
      odd = odd || row.classes[j] == CellClass::not_a_number;
      values += is_value ? 1 : 0;
      sum += is_value ? static_cast<double>(row.values[j]) : 0;
    }
  }
};

struct Picture {
  Index layer = 0, head = 0;
  Thumbnail thumbnail;
};

// What a head's values are divided by: 1, or its own largest.
float divisor(const Thumbnail& thumbnail, bool own_range) {
  float largest = 0;
  for (std::size_t cell = 0; cell < thumbnail.values.size(); ++cell) {
    if (thumbnail.classes[cell] == CellClass::value)
      largest = std::max(largest, std::abs(thumbnail.values[cell]));
  }
  return own_range && largest > 0 ? largest : 1;
}

std::shared_ptr<const StageMap> lay_out(const HeadSheet& sheet, Stage stage,
                                        const std::vector<Picture>& pictures, bool own_range) {
  auto map = std::make_shared<StageMap>();
  map->stage = stage;
  map->rows = std::max<Index>(0, sheet.row_of(sheet.layers) - sheet.gap);
  map->columns = std::max<Index>(0, sheet.column_of(sheet.heads) - sheet.gap);
  map->tile_columns = (map->columns + kTileSize - 1) / kTileSize;
  const auto tiles = empty_tiles(*map);
  for (const auto& tile : tiles) {
    std::ranges::fill(tile->values, 0.0F);
    std::ranges::fill(tile->classes, CellClass::nothing);
  }
  for (const Picture& picture : pictures) {
    const float by = divisor(picture.thumbnail, own_range);
    std::size_t cell = 0;
    for (Index i = 0; i < sheet.edge; ++i) {
      for (Index j = 0; j < sheet.edge; ++j, ++cell) {
        const Index row = sheet.row_of(picture.layer) + i;
        const Index column = sheet.column_of(picture.head) + j;
        Tile& tile =
            *tiles[static_cast<std::size_t>(row / kTileSize * map->tile_columns + column / kTileSize)];
        const auto at = static_cast<std::size_t>((row - tile.row) * tile.columns + column - tile.column);
        const float value = picture.thumbnail.values[cell] / by;
        tile.values[at] = value;
        tile.classes[at] = picture.thumbnail.classes[cell];
        if (tile.classes[at] != CellClass::value) continue;
        map->min = std::min(map->min, value);
        map->max = std::max(map->max, value);
      }
    }
  }
  map->tiles.assign(tiles.begin(), tiles.end());
  return map;
}

Index edge_for(const SheetRequest& request, Index heads) {
  const Document& document = *request.document;
  Index longest = 1;
  for (const Layer& layer : document.layers) {
    const std::size_t tokens =
        std::max(document.query_of(layer).tokens.size(), document.key_of(layer).tokens.size());
    longest = std::max(longest, static_cast<Index>(tokens));
  }
  const auto pictures = static_cast<double>(heads) * static_cast<double>(document.layers.size());
  const auto affordable = static_cast<Index>(std::sqrt(static_cast<double>(kMostCells) / pictures));
  return std::max<Index>(4, std::min({longest, kLargestEdge, affordable}));
}

}  // namespace

Thumbnail thumbnail_of(const StageMap& map, Index edge) {
  Thumbnail thumbnail;
  const bool is_signed = info(map.stage).is_signed;
  // A mass is what a column of mean width would hold: else every other one would look brighter.
  const double mean_width = std::max(1.0, static_cast<double>(map.columns) / static_cast<double>(edge));
  RowOfCells row;
  std::vector<Pool> pools;
  for (Index i = 0; i < edge; ++i) {
    const auto [top, bottom] = share(i, edge, map.rows);
    pools.assign(static_cast<std::size_t>(edge), {});
    for (Index from = top; from < bottom; ++from) {
      read_row(map, from, row);
      for (Index j = 0; j < edge; ++j) {
        const auto [left, right] = share(j, edge, map.columns);
        pools[static_cast<std::size_t>(j)].add(row, left, right);
      }
    }
    for (Index j = 0; j < edge; ++j) {
      const auto [left, right] = share(j, edge, map.columns);
      const Pool& pool = pools[static_cast<std::size_t>(j)];
      const double mean = is_signed ? 1 / static_cast<double>(std::max<Index>(pool.values, 1))
                                    : mean_width / static_cast<double>((bottom - top) * (right - left));
      thumbnail.values.push_back(static_cast<float>(pool.sum * mean));
      thumbnail.classes.push_back(pool.odd ? CellClass::not_a_number
                                           : (pool.values > 0 ? CellClass::value : CellClass::masked));
    }
  }
  return thumbnail;
}

void compute_sheet(const SheetRequest& request, StageGraph& graph,
                   const std::function<void(HeadSheet)>& publish, const std::function<bool()>& outdated) {
  HeadSheet sheet;
  sheet.revision = request.revision;
  sheet.layers = static_cast<Index>(request.document->layers.size());
  for (std::size_t layer = 0; layer < request.settings->size(); ++layer) {
    const std::size_t heads =
        (*request.settings)[layer].heads.value_or(request.document->layers[layer].heads);
    sheet.heads = std::max(sheet.heads, static_cast<Index>(heads));
    sheet.total += heads;
  }
  sheet.edge = edge_for(request, sheet.heads);
  sheet.gap = std::max<Index>(1, sheet.edge / 6);
  std::vector<Picture> pictures;
  auto published = std::chrono::steady_clock::now();
  const auto publish_now = [&] {
    sheet.map = lay_out(sheet, request.stage, pictures, request.own_range);
    publish(sheet);
    published = std::chrono::steady_clock::now();
  };
  Progress progress;
  progress.outdated = outdated;
  for (std::size_t layer = 0; layer < request.settings->size(); ++layer) {
    if (outdated()) return;
    if (!graph.set(request.document, (*request.settings)[layer], &progress)) continue;
    const auto shape = graph.equation().shape(request.stage);
    if (!shape) continue;
    for (Index head = 0; head < std::min(graph.equation().inputs().heads, shape->heads); ++head) {
      if (outdated()) return;
      const auto map = graph.map(request.stage, HeadChoice{HeadChoice::Join::none, head}, &progress);
      if (!map) continue;
      pictures.push_back({static_cast<Index>(layer), head, thumbnail_of(**map, sheet.edge)});
      sheet.done = pictures.size();
      if (std::chrono::steady_clock::now() - published > kPublishEvery) publish_now();
    }
  }
  sheet.done = sheet.total;
  publish_now();
}

}  // namespace attn

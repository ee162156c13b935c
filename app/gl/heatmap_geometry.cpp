#include "app/gl/heatmap_geometry.hpp"

#include <algorithm>
#include <cmath>

namespace attn::gl {
namespace {

// Far beyond any frame, and small enough for sums of 32-bit pixels.
constexpr double kFarPixel = 1 << 24;

// The first pixel whose centre is at or behind `edge`.
std::int32_t first_pixel(double edge) {
  if (std::isnan(edge)) return 0;
  return static_cast<std::int32_t>(std::clamp(std::ceil(edge - 0.5), -kFarPixel, kFarPixel));
}

Index tile_at(double position, double origin, double tile_length, Index count) {
  const double tile = std::floor((position - origin) / tile_length);
  return static_cast<Index>(std::clamp(tile, 0.0, static_cast<double>(count)));
}

}  // namespace

TileRange visible_tiles(Index cells, double origin, double cell, double clip, double length) {
  const Index count = (cells + kTileSize - 1) / kTileSize;
  if (!(cell > 0) || !(length > 0) || !std::isfinite(origin) || count == 0) return {};
  const double tile_length = cell * static_cast<double>(kTileSize);
  const Index first = tile_at(clip, origin, tile_length, count);
  const Index last = tile_at(clip + length, origin, tile_length, count);
  if (clip + length < origin) return {};
  return {first, std::min(last + 1, count)};
}

TileQuad place_tile(const Tile& tile, const HeatmapParams& params) {
  const auto edge = [](double origin, double cell, Index index) {
    return origin + cell * static_cast<double>(index);
  };
  const double x = edge(params.x, params.cell_width, tile.column);
  const double y = edge(params.y, params.cell_height, tile.row);
  TileQuad quad;
  quad.left = first_pixel(x);
  quad.top = first_pixel(y);
  quad.right = first_pixel(edge(params.x, params.cell_width, tile.column + tile.columns));
  quad.bottom = first_pixel(edge(params.y, params.cell_height, tile.row + tile.rows));
  quad.columns = static_cast<std::int32_t>(tile.columns);
  quad.rows = static_cast<std::int32_t>(tile.rows);
  quad.x = static_cast<float>(x);
  quad.y = static_cast<float>(y);
  quad.cell_width = static_cast<float>(params.cell_width);
  quad.cell_height = static_cast<float>(params.cell_height);
  return quad;
}

PixelRect clip_pixels(const HeatmapParams& params, PixelSize frame) {
  const auto inside = [](double edge, int length) { return std::clamp(first_pixel(edge), 0, length); };
  const int left = inside(params.clip_x, frame.width), top = inside(params.clip_y, frame.height);
  const int right = inside(params.clip_x + params.clip_width, frame.width);
  const int bottom = inside(params.clip_y + params.clip_height, frame.height);
  return {left, top, std::max(right - left, 0), std::max(bottom - top, 0)};
}

HeatmapParams transformed(HeatmapParams params, double left, double top, double scale_x, double scale_y) {
  params.x = (params.x - left) * scale_x;
  params.y = (params.y - top) * scale_y;
  params.clip_x = (params.clip_x - left) * scale_x;
  params.clip_y = (params.clip_y - top) * scale_y;
  params.cell_width *= scale_x;
  params.cell_height *= scale_y;
  params.clip_width *= scale_x;
  params.clip_height *= scale_y;
  params.grid_width *= static_cast<float>(scale_x);
  return params;
}

HeatmapParams clipped(HeatmapParams params, double left, double top, double right, double bottom) {
  const double new_right = std::min(params.clip_x + params.clip_width, right);
  const double new_bottom = std::min(params.clip_y + params.clip_height, bottom);
  params.clip_x = std::max(params.clip_x, left);
  params.clip_y = std::max(params.clip_y, top);
  params.clip_width = std::max(new_right - params.clip_x, 0.0);
  params.clip_height = std::max(new_bottom - params.clip_y, 0.0);
  return params;
}

}  // namespace attn::gl

#pragma once

#include <cstdint>
#include <vector>

#include "app/gl/frame.hpp"
#include "core/engine/stage_map.hpp"
#include "core/figure/color_scale.hpp"

namespace attn::gl {

/// What a pixel shows where several cells fall into it. It makes no difference while cells are a pixel or
/// larger.
enum class Reduce : std::uint8_t {
  nearest = 0,  ///< the cell under the pixel's centre
  max = 1,      ///< the greatest value: one needle stays visible
  mass = 2,     ///< summed over keys, averaged over queries: rows still sum to 1
};

/// How a map is put on the screen. Lengths are ImGui's in add_to(), framebuffer pixels in draw(); y grows
/// downwards.
struct HeatmapParams {
  double x = 0, y = 0;                     ///< the top left corner of cell (0, 0)
  double cell_width = 1, cell_height = 1;  ///< of one cell; any positive number
  double clip_x = 0, clip_y = 0;           ///< nothing is drawn outside this rectangle
  double clip_width = 0, clip_height = 0;
  ColorScale scale;
  Reduce reduce = Reduce::nearest;
  Theme theme = Theme::dark;  ///< chooses the colours of masked cells and of cells without a number
  /// Lines between cells, on the first pixels of each; alpha 0 draws none.
  Rgb grid;
  float grid_alpha = 0;
  float grid_width = 1;
};

/// One tile on the screen, as the shader takes it.
struct TileQuad {
  std::int32_t left = 0, top = 0, right = 0,
               bottom = 0;                        ///< whole pixels, y down; right and bottom are outside
  std::int32_t columns = 0, rows = 0, layer = 0;  ///< of the tile
  float x = 0, y = 0;                             ///< corner of the tile's first cell, pixels
  float cell_width = 1, cell_height = 1;          ///< pixels
};

/// Tiles [first, end) in one direction of a map.
struct TileRange {
  Index first = 0;
  Index end = 0;
};

/// The tiles with a pixel inside [clip, clip + length), for a map of `cells` cells that starts at `origin`.
[[nodiscard]] TileRange visible_tiles(Index cells, double origin, double cell, double clip, double length);

/// Where a tile goes. A pixel belongs to the tile that its centre is in, so neighbours share no pixel and
/// leave none out, at any zoom.
[[nodiscard]] TileQuad place_tile(const Tile& tile, const HeatmapParams& params);

/// The pixels whose centres are inside the clip rectangle and the frame.
[[nodiscard]] PixelRect clip_pixels(const HeatmapParams& params, PixelSize frame);

/// The same picture in other units: a point (x, y) becomes ((x − left) · scale_x, (y − top) · scale_y).
[[nodiscard]] HeatmapParams transformed(HeatmapParams params, double left, double top, double scale_x,
                                        double scale_y);

/// The part of the clip rectangle that is inside [left, right) × [top, bottom).
[[nodiscard]] HeatmapParams clipped(HeatmapParams params, double left, double top, double right,
                                    double bottom);

}  // namespace attn::gl

#pragma once

#include "app/state/app_state.hpp"

namespace attn::app {

/// Where cells are on the screen: cell (i, j) covers [x + j·cell, x + (j+1)·cell) × [y + i·cell, y +
/// (i+1)·cell).
struct MapGeometry {
  double area_x = 0, area_y = 0, area_width = 0, area_height = 0;  ///< where the map may be drawn
  double x = 0, y = 0;                                             ///< of cell (0, 0)
  double cell = 1;                                                 ///< edge of a cell
  Index rows = 0, columns = 0;

  /// The cell under a point of the screen, where there is one.
  [[nodiscard]] std::optional<Cell> cell_at(double screen_x, double screen_y) const;
  /// The part of the area that cells cover.
  [[nodiscard]] double left() const;
  [[nodiscard]] double top() const;
  [[nodiscard]] double right() const;
  [[nodiscard]] double bottom() const;
  /// The first and one past the last row (column) that is at least partly on the screen.
  [[nodiscard]] std::pair<Index, Index> visible_rows() const;
  [[nodiscard]] std::pair<Index, Index> visible_columns() const;
};

/// The edge of a cell when the whole map fits the area: whole pixels once they are large.
[[nodiscard]] double fitting_cell(double area_width, double area_height, Index rows, Index columns,
                                  double largest);

/// Puts the camera's part of a rows × columns map into the area; a map that is smaller than the area is
/// centred.
[[nodiscard]] MapGeometry place_map(const Camera& camera, double area_x, double area_y, double area_width,
                                    double area_height, Index rows, Index columns, double largest_fit);

/// The camera after zooming by `factor` so that the point of the map under (screen_x, screen_y) stays there.
[[nodiscard]] Camera zoomed(const MapGeometry& map, double screen_x, double screen_y, double factor);

/// The camera after dragging the map by (dx, dy) on the screen.
[[nodiscard]] Camera panned(const MapGeometry& map, double dx, double dy);

}  // namespace attn::app

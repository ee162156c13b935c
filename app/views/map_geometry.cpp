#include "app/views/map_geometry.hpp"

#include <algorithm>
#include <cmath>

namespace attn::app {
namespace {

constexpr double kSmallestCell = 0.02;
constexpr double kLargestCell = 256;

// Where the first cell of `count` stands when `first` is wanted at the area's start.
double place_axis(double start, double length, double first, double cell, Index count) {
  const double size = cell * static_cast<double>(count);
  if (size <= length) return std::round(start + (length - size) / 2);
  return std::clamp(start - first * cell, start + length - size, start);
}

Camera camera_at(const MapGeometry& map, double x, double y, double cell) {
  Camera camera;
  camera.fit = false;
  camera.cell = cell;
  camera.column = (map.area_x - x) / cell;
  camera.row = (map.area_y - y) / cell;
  return camera;
}

std::pair<Index, Index> visible(double area, double length, double origin, double cell, Index count) {
  const auto first = static_cast<Index>(std::floor((area - origin) / cell));
  const auto last = static_cast<Index>(std::ceil((area + length - origin) / cell));
  return {std::clamp<Index>(first, 0, count), std::clamp<Index>(last, 0, count)};
}

}  // namespace

std::optional<Cell> MapGeometry::cell_at(double screen_x, double screen_y) const {
  const bool inside = screen_x >= left() && screen_x < right() && screen_y >= top() && screen_y < bottom();
  if (!inside) return std::nullopt;
  const auto row = static_cast<Index>(std::floor((screen_y - y) / cell));
  const auto column = static_cast<Index>(std::floor((screen_x - x) / cell));
  return Cell{std::clamp<Index>(row, 0, rows - 1), std::clamp<Index>(column, 0, columns - 1)};
}

double MapGeometry::left() const {
  return std::max(area_x, x);
}
double MapGeometry::top() const {
  return std::max(area_y, y);
}
double MapGeometry::right() const {
  return std::min(area_x + area_width, x + cell * static_cast<double>(columns));
}
double MapGeometry::bottom() const {
  return std::min(area_y + area_height, y + cell * static_cast<double>(rows));
}

std::pair<Index, Index> MapGeometry::visible_rows() const {
  return visible(area_y, area_height, y, cell, rows);
}
std::pair<Index, Index> MapGeometry::visible_columns() const {
  return visible(area_x, area_width, x, cell, columns);
}

double fitting_cell(double area_width, double area_height, Index rows, Index columns, double largest) {
  const double cell =
      std::min({area_width / static_cast<double>(columns), area_height / static_cast<double>(rows), largest});
  if (cell >= 4) return std::floor(cell);
  return std::max(cell, kSmallestCell);
}

MapGeometry place_map(const Camera& camera, double area_x, double area_y, double area_width,
                      double area_height, Index rows, Index columns, double largest_fit) {
  MapGeometry map{area_x, area_y, area_width, area_height, 0, 0, camera.cell, rows, columns};
  if (camera.fit) map.cell = fitting_cell(area_width, area_height, rows, columns, largest_fit);
  map.x = place_axis(area_x, area_width, camera.fit ? 0 : camera.column, map.cell, columns);
  map.y = place_axis(area_y, area_height, camera.fit ? 0 : camera.row, map.cell, rows);
  return map;
}

Camera zoomed(const MapGeometry& map, double screen_x, double screen_y, double factor) {
  const double whole = fitting_cell(map.area_width, map.area_height, map.rows, map.columns, kLargestCell);
  const double cell = std::clamp(map.cell * factor, std::min(whole, map.cell) * 0.5, kLargestCell);
  const double column = (screen_x - map.x) / map.cell;
  const double row = (screen_y - map.y) / map.cell;
  return camera_at(map, screen_x - column * cell, screen_y - row * cell, cell);
}

Camera panned(const MapGeometry& map, double dx, double dy) {
  return camera_at(map, map.x + dx, map.y + dy, map.cell);
}

}  // namespace attn::app

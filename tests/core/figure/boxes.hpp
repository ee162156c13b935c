#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "core/figure/display_list.hpp"

namespace attn::test {

using Corners = std::array<Point, 4>;

inline Corners corners_of(const Box& box) {
  return {{{box.left, box.top}, {box.right, box.top}, {box.right, box.bottom}, {box.left, box.bottom}}};
}

/// Least and greatest product of the corners with an axis.
inline std::pair<double, double> shadow(const Corners& corners, Point axis) {
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (const Point& corner : corners) {
    const double at = corner.x * axis.x + corner.y * axis.y;
    least = std::min(least, at);
    most = std::max(most, at);
  }
  return {least, most};
}

/// Whether two rectangles, turned in any way, share an area. Touching by less than 1/100 pixel does not
/// count. Separating axis theorem.
inline bool overlap(const Corners& a, const Corners& b) {
  for (const Corners* box : {&a, &b}) {
    for (std::size_t i = 0; i < 2; ++i) {
      const Point from = (*box)[i], to = (*box)[i + 1];
      const double length = std::hypot(to.x - from.x, to.y - from.y);
      if (length == 0) return false;
      const Point axis{(to.x - from.x) / length, (to.y - from.y) / length};
      const auto [a_least, a_most] = shadow(a, axis);
      const auto [b_least, b_most] = shadow(b, axis);
      if (a_most - 0.01 < b_least || b_most - 0.01 < a_least) return false;
    }
  }
  return true;
}

inline bool inside(const Corners& corners, double width, double height) {
  return std::all_of(corners.begin(), corners.end(),
                     [&](const Point& p) { return p.x >= 0 && p.y >= 0 && p.x <= width && p.y <= height; });
}

}  // namespace attn::test

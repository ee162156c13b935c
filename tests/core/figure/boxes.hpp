#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

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

inline Corners box_of(const RectItem& item) {
  return corners_of(item.box);
}
inline Corners box_of(const ImageItem& item) {
  return corners_of(item.box);
}
inline Corners box_of(const LineItem& item) {
  return corners_of({item.from.x, item.from.y, item.to.x, item.to.y});
}
inline Corners box_of(const TextItem& item) {
  return corners(item);
}

inline std::vector<TextItem> texts_of(const DisplayList& list) {
  std::vector<TextItem> texts;
  for (const DisplayItem& item : list.items) {
    if (const auto* text = std::get_if<TextItem>(&item)) texts.push_back(*text);
  }
  return texts;
}

inline bool shows(const DisplayList& list, std::string_view words) {
  const auto texts = texts_of(list);
  return std::any_of(texts.begin(), texts.end(), [&](const TextItem& text) { return text.text == words; });
}

// What is wrong with a figure: two texts that overlap, a text on an image or a rectangle, anything off the
// canvas.
inline std::vector<std::string> faults(const DisplayList& list) {
  std::vector<std::string> found;
  const auto texts = texts_of(list);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = i + 1; j < texts.size(); ++j) {
      if (overlap(corners(texts[i]), corners(texts[j])))
        found.push_back(texts[i].text + " on " + texts[j].text);
    }
  }
  for (const DisplayItem& item : list.items) {
    const Corners box = std::visit([](const auto& one) { return box_of(one); }, item);
    if (!inside(box, list.width, list.height)) found.push_back("item off the canvas");
    if (std::holds_alternative<TextItem>(item) || std::holds_alternative<LineItem>(item)) continue;
    for (const TextItem& text : texts) {
      if (overlap(box, corners(text))) found.push_back(text.text + " is covered");
    }
  }
  return found;
}

inline void expect_sound(const DisplayList& list, const std::string& what) {
  for (const std::string& fault : faults(list)) ADD_FAILURE() << what << ": " << fault.substr(0, 200);
}

}  // namespace attn::test

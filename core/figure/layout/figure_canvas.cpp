#include "core/figure/layout/figure_canvas.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace attn {
namespace {

void move(Point& point, double dx, double dy) {
  point = {point.x + dx, point.y + dy};
}
void move(Box& box, double dx, double dy) {
  box = {box.left + dx, box.top + dy, box.right + dx, box.bottom + dy};
}
void move(RectItem& item, double dx, double dy) {
  move(item.box, dx, dy);
}
void move(ImageItem& item, double dx, double dy) {
  move(item.box, dx, dy);
}
void move(LineItem& item, double dx, double dy) {
  move(item.from, dx, dy);
  move(item.to, dx, dy);
}
void move(TextItem& item, double dx, double dy) {
  move(item.origin, dx, dy);
}

}  // namespace

void FigureCanvas::cover(Point point) {
  bounds_ = {std::min(bounds_.left, point.x), std::min(bounds_.top, point.y),
             std::max(bounds_.right, point.x), std::max(bounds_.bottom, point.y)};
}

void FigureCanvas::cover(const Box& box) {
  cover(Point{box.left, box.top});
  cover(Point{box.right, box.bottom});
}

void FigureCanvas::add(RectItem item) {
  cover(item.box);
  items_.emplace_back(item);
}

void FigureCanvas::add(ImageItem item) {
  cover(item.box);
  items_.emplace_back(std::move(item));
}

void FigureCanvas::add(LineItem item) {
  const double half = item.width / 2;
  for (const Point& end : {item.from, item.to})
    cover(Box{end.x - half, end.y - half, end.x + half, end.y + half});
  items_.emplace_back(item);
}

void FigureCanvas::add_text(std::string text, const TextStyle& style, Point at, Align align) {
  add_turned_text(std::move(text), style, at, align, 0);
}

void FigureCanvas::add_turned_text(std::string text, const TextStyle& style, Point at, Align align,
                                   double angle) {
  const LineMetrics line = text_->line_metrics(style);
  const double width = text_->measure(text, style).width;
  const double back = align == Align::left ? 0 : align == Align::center ? width / 2 : width;
  const double down = line.cap_height / 2;
  const double turn = angle * std::numbers::pi / 180, c = std::cos(turn), s = std::sin(turn);
  const Point origin{at.x - back * c + down * s, at.y + back * s + down * c};
  TextItem item{std::move(text), style, origin, angle, width, line.ascent, line.descent};
  for (const Point& corner : corners(item)) cover(corner);
  items_.emplace_back(std::move(item));
}

void FigureCanvas::add_part(const FigureCanvas& part, Point at, std::size_t first, std::size_t end) {
  for (std::size_t i = first; i < end; ++i) {
    DisplayItem item = part.items_[i];
    std::visit([&](auto& one) { move(one, at.x, at.y); }, item);
    items_.push_back(std::move(item));
  }
  Box box = part.bounds_;
  move(box, at.x, at.y);
  cover(box);
}

DisplayList FigureCanvas::finish(Rgb background, double margin, int least_width, int least_height) && {
  const double left = std::floor(bounds_.left - margin), top = std::floor(bounds_.top - margin);
  const int width = static_cast<int>(std::ceil(bounds_.right + margin) - left);
  const int height = static_cast<int>(std::ceil(bounds_.bottom + margin) - top);
  DisplayList list;
  list.width = std::max(width, least_width);
  list.height = std::max(height, least_height);
  list.background = background;
  list.items = std::move(items_);
  const double dx = std::floor((list.width - width) / 2.0) - left,
               dy = std::floor((list.height - height) / 2.0) - top;
  for (DisplayItem& item : list.items) {
    std::visit([&](auto& one) { move(one, dx, dy); }, item);
  }
  return list;
}

std::vector<std::string> wrapped(std::string_view text, const TextStyle& style, double width,
                                 TextRenderer& renderer) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const std::string longer = lines.empty() ? word : lines.back() + " " + word;
    if (!lines.empty() && renderer.measure(longer, style).width <= width) {
      lines.back() = longer;
    } else {
      lines.push_back(renderer.fit(word, style, width));
    }
  }
  return lines;
}

}  // namespace attn

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/figure/files/cairo_backend.hpp"
#include "core/figure/layout/legend.hpp"
#include "core/figure/layout/panel_layout.hpp"
#include "core/figure/panels.hpp"

namespace attn {
namespace {

constexpr double kUsualExtent = 900;  // of the longer side of the maps together
constexpr double kGridExtent = 1150;  // of a grid of them
constexpr double kUsualCell = 48;
constexpr double kLargestCell = 256;  // where the person asks for a size
constexpr double kLeastExtent = 96;   // of the shorter side of a map alone, by taller or wider cells
constexpr double kUnitExtent = 1400;  // larger maps have larger text
constexpr double kLeastSmall = 110;   // of a map beside others, where a size is asked for
constexpr double kLeastWhole = 8;     // smaller cells need no whole pixels where a size is to be filled

constexpr std::string_view kReduced = "Each pixel shows the largest of the cells that it covers.";

tl::unexpected<Error> refusal(ErrorCode code, std::string expected, std::string found, std::string hint) {
  return tl::unexpected(Error{code, {}, {}, std::move(expected), std::move(found), std::move(hint)});
}

tl::unexpected<Error> cancelled() {
  return refusal(ErrorCode::cancelled, "a figure", "a layout that was cancelled", "");
}

Index longest_side(const PanelGrid& grid) {
  Index longest = 1;
  for (const Panel& panel : grid.panels) {
    if (panel.map) longest = std::max({longest, panel.row_count(), panel.column_count()});
  }
  return longest;
}

// All maps at once: a cell of the longest side is extent / longest pixels, and so is every other.
class Layout {
 public:
  Layout(const PanelGrid& grid, double extent, TextRenderer& text)
      : grid_(grid),
        asked_(grid.options.width || grid.options.height),
        alone_(grid.panels.size() == 1),
        pitch_(extent / static_cast<double>(longest_side(grid))),
        sizes_(figure_sizes(grid.options, std::max(1.0, whole_extent(extent) / dots(kUnitExtent)))),
        canvas_(text) {}

  DisplayList compose() && {
    for (const Panel& panel : grid_.panels) sizes_of_maps_.push_back(panel.map ? map_size(panel) : MapSize{});
    add_panels();
    if (grid_.options.bare) return finished(0);
    add_axis_names();
    if (grid_.has_bar) add_shared_bar();
    add_words();
    return finished(sizes_.margin);
  }

  [[nodiscard]] static std::vector<PixelImage> pixels_of(const PanelGrid& grid, const DisplayList& list) {
    std::vector<PixelImage> images;
    std::size_t item = 0;
    for (const Panel& panel : grid.panels) {
      if (!panel.map) continue;
      const Box& box = std::get<ImageItem>(list.items[item++]).box;
      images.push_back(
          panel_pixels(panel, {box.right - box.left, box.bottom - box.top, true}, grid.options.theme));
    }
    return images;
  }

 private:
  [[nodiscard]] double dots(double at_96_dpi) const { return at_96_dpi * grid_.options.dpi / 96; }
  [[nodiscard]] double unit() const { return sizes_.unit; }
  [[nodiscard]] double whole_extent(double extent) const {
    return alone_ ? extent : extent * static_cast<double>(grid_.columns);
  }

  [[nodiscard]] MapSize map_size(const Panel& panel) const {
    const FigureOptions& options = grid_.options;
    if (options.bare) {
      return {static_cast<double>(panel.column_count() * options.cell),
              static_cast<double>(panel.row_count() * options.cell), true};
    }
    const auto [shorter, longer] = std::minmax({panel.row_count(), panel.column_count()});
    const bool whole = !asked_ ? alone_ || pitch_ >= 1 : pitch_ >= kLeastWhole;
    const double cell = whole ? std::max(1.0, asked_ ? std::floor(pitch_) : std::round(pitch_)) : pitch_;
    const double least = dots(alone_ ? kLeastExtent : kLeastExtent / 2) / static_cast<double>(shorter);
    const double across =
        std::max(cell, std::ceil(std::min(dots(kUsualCell), asked_ ? std::min(least, pitch_ * 8) : least)));
    const auto side = [&](Index cells) {
      return std::max(1.0, std::round((cells == longer ? cell : across) * static_cast<double>(cells)));
    };
    return {side(panel.column_count()), side(panel.row_count()), whole};
  }

  // Maps side by side say their rows once.
  [[nodiscard]] bool names_rows(std::size_t i) const {
    if (i % grid_.columns == 0 || !grid_.panels[i - 1].map) return true;
    const Panel &panel = grid_.panels[i], &left = grid_.panels[i - 1];
    return panel.row_labels != left.row_labels || panel.row_axis != left.row_axis;
  }

  // Panels stand in columns as wide and rows as high as their parts; maps of one row have one top.
  void add_panels() {
    std::vector<FigureCanvas> parts;
    const FigureFonts fonts = fonts_;
    for (std::size_t i = 0; i < grid_.panels.size(); ++i) {
      parts.push_back(grid_.panels[i].map ? lay_out_panel(grid_.panels[i], grid_, names_rows(i),
                                                          sizes_of_maps_[i], sizes_, fonts, canvas_.text())
                                          : FigureCanvas(canvas_.text()));
    }
    const std::size_t columns = grid_.columns, rows = (parts.size() + columns - 1) / columns;
    std::vector<Box> wide(columns), high(rows);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Box& bounds = parts[i].bounds();
      Box& column = wide[i % columns];
      Box& row = high[i / columns];
      column.left = std::min(column.left, bounds.left);
      column.right = std::max(column.right, bounds.right);
      row.top = std::min(row.top, bounds.top);
      row.bottom = std::max(row.bottom, bounds.bottom);
    }
    const double gap = std::round(14 * unit());
    double y = 0;
    std::vector<Point> places;
    for (std::size_t r = 0; r < rows; ++r) {
      if (r > 0) y += std::ceil(high[r - 1].bottom + gap - high[r].top);
      double x = 0;
      for (std::size_t c = 0; c < columns && r * columns + c < parts.size(); ++c) {
        if (c > 0) x += std::ceil(wide[c - 1].right + gap - wide[c].left);
        places.push_back({x, y});
      }
    }
    // The maps first: whoever reads the list finds them there.
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!grid_.panels[i].map) continue;
      const MapSize& size = sizes_of_maps_[i];
      maps_.right = std::max(maps_.right, places[i].x + size.map_width);
      maps_.bottom = std::max(maps_.bottom, places[i].y + size.map_height);
      canvas_.add_part(parts[i], places[i], 0, 1);
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (grid_.panels[i].map) canvas_.add_part(parts[i], places[i], 1, parts[i].size());
    }
  }

  void add_axis_names() {
    const double line = canvas_.text().line_metrics(fonts_.axis).height();
    const double away = 10 * unit() + line / 2;
    const double left = canvas_.bounds().left, top = canvas_.bounds().top;
    if (!grid_.row_axis.empty()) {
      canvas_.add_turned_text(canvas_.text().fit(grid_.row_axis, fonts_.axis, maps_.bottom), fonts_.axis,
                              {left - away, maps_.bottom / 2}, Align::center, 90);
    }
    if (!grid_.column_axis.empty()) {
      canvas_.add_text(canvas_.text().fit(grid_.column_axis, fonts_.axis, maps_.right), fonts_.axis,
                       {maps_.right / 2, top - away}, Align::center);
    }
  }

  void add_shared_bar() {
    const auto first =
        std::ranges::find_if(grid_.panels, [](const Panel& panel) { return panel.map != nullptr; });
    add_bar(canvas_, *first, grid_, sizes_, fonts_, maps_, canvas_.bounds().right + std::round(22 * unit()),
            canvas_.bounds().bottom + std::round(18 * unit()));
  }

  void add_words() {
    const double asked_room = sizes_.room(0);
    const double left = asked_room > 0 ? canvas_.bounds().left : 0;
    const double width =
        std::max(asked_room, asked_room > 0 ? canvas_.bounds().right - left
                                            : std::max(canvas_.bounds().right, 480 * unit()));
    add_legend(canvas_, legend(), fonts_.caption, {left, canvas_.bounds().bottom + 16 * unit()},
               asked_room > 0 ? width : std::max(maps_.right, 320 * unit()), unit());
    const double line = canvas_.text().line_metrics(fonts_.caption).height() * 1.25;
    double y = canvas_.bounds().bottom + 16 * unit();
    std::string caption = visible(grid_.caption);
    if (is_reduced()) caption += (caption.empty() ? "" : " ") + std::string(kReduced);
    for (const std::string& words : wrapped(caption, fonts_.caption, width, canvas_.text())) {
      canvas_.add_text(words, fonts_.caption, {left, y + line / 2}, Align::left);
      y += line;
    }
    const std::string title = canvas_.text().fit(grid_.title, fonts_.title, width);
    const double away = 16 * unit() + canvas_.text().line_metrics(fonts_.title).height() / 2;
    if (title.empty()) return;
    const double end = canvas_.text().measure(title, fonts_.title).width;
    const bool from_map = end <= canvas_.bounds().right || asked_room == 0;
    canvas_.add_text(title, fonts_.title, {from_map ? 0 : left, canvas_.bounds().top - away}, Align::left);
  }

  // Whether a pixel stands for several cells somewhere.
  [[nodiscard]] bool is_reduced() const {
    for (std::size_t i = 0; i < grid_.panels.size(); ++i) {
      const Panel& panel = grid_.panels[i];
      if (panel.map && (sizes_of_maps_[i].map_width < static_cast<double>(panel.column_count()) ||
                        sizes_of_maps_[i].map_height < static_cast<double>(panel.row_count())))
        return true;
    }
    return false;
  }

  // What any of the maps has.
  [[nodiscard]] std::vector<LegendEntry> legend() const {
    CellKinds kinds;
    std::vector<RowFlag> flags;
    for (const Panel& panel : grid_.panels) {
      if (!panel.map) continue;
      kinds.masked = kinds.masked || panel.map->kinds.masked;
      kinds.not_a_number = kinds.not_a_number || panel.map->kinds.not_a_number;
      if (panel.labelled) flags.insert(flags.end(), panel.map->row_flags.begin(), panel.map->row_flags.end());
    }
    return legend_entries(kinds, flags, grid_.options.theme);
  }

  DisplayList finished(double margin) {
    DisplayList list = std::move(canvas_).finish(theme_.paper, margin, sizes_.width, sizes_.height);
    list.dpi = grid_.options.dpi;
    list.transparent = grid_.options.transparent;
    return list;
  }

  const PanelGrid& grid_;
  const bool asked_, alone_;
  const double pitch_;
  const FigureSizes sizes_;
  const FigureTheme theme_ = figure_theme(grid_.options.theme);
  const FigureFonts fonts_ =
      figure_fonts(theme_, sizes_.unit, sizes_.label_px > 0 ? sizes_.label_px : kLabelUnits * sizes_.unit);
  FigureCanvas canvas_;
  std::vector<MapSize> sizes_of_maps_;
  Box maps_;
};

// Finds the largest figure within the size that is asked for, by trying sizes of its maps.
class Fitting {
 public:
  Fitting(PanelGrid& grid, TextRenderer& text, const Progress* progress)
      : grid_(grid), text_(text), progress_(progress), sizes_(figure_sizes(grid.options, 1)) {}

  Result<DisplayList> fit() && {
    if (grid_.may_wrap) {
      if (auto good = choose_columns(); !good) return tl::unexpected(good.error());
    }
    auto best = compose(1);
    if (!best) return best;
    if (auto good = check_least(*best); !good) return tl::unexpected(good.error());
    double low = 1, high = most_extent();
    while (high - low > 1) {
      const double middle = std::floor((low + high) / 2);
      auto list = compose(middle);
      if (!list) return list;
      if (too_wide(*list) || too_high(*list)) {
        high = middle;
      } else {
        best = std::move(list);
        low = middle;
      }
    }
    return best;
  }

 private:
  // As many maps side by side as are not too small; where all are, those that make them largest.
  Result<void> choose_columns() {
    const std::size_t most = grid_.columns;
    double low = 0, high = std::floor(std::min(kLeastSmall * sizes_.unit, most_extent()));
    std::size_t best = most;
    for (double extent = high; high - low > 1; extent = std::floor((low + high) / 2)) {
      const auto columns = columns_at(extent, most);
      if (!columns) return tl::unexpected(columns.error());
      if (*columns > 0) {
        best = *columns;
        low = extent;
      } else {
        high = extent;
      }
    }
    grid_.columns = best;
    return {};
  }

  // The most columns with which maps of this extent fit: fewer are narrower and higher. 0: none.
  Result<std::size_t> columns_at(double extent, std::size_t most) {
    std::size_t low = 1, high = most, found = 0;
    for (std::size_t columns = high; low <= high; columns = (low + high + 1) / 2) {
      grid_.columns = columns;
      const auto list = compose(extent);
      if (!list) return tl::unexpected(list.error());
      if (too_wide(*list)) {
        high = columns - 1;
      } else {
        if (!too_high(*list)) found = columns;
        low = columns + 1;
      }
    }
    return found;
  }

  Result<DisplayList> compose(double extent) const {
    if (progress_ != nullptr && progress_->stopped()) return cancelled();
    return Layout(grid_, extent, text_).compose();
  }

  // What the words alone need. No picture holds more than kMaxFigureSide where nobody asks for a size.
  [[nodiscard]] Result<void> check_least(const DisplayList& list) const {
    if (too_wide(list) || too_high(list)) {
      return refusal(ErrorCode::value,
                     fmt::format("a figure of at least {} × {} pixels", list.width, list.height),
                     fmt::format("width {}, height {}", sizes_.width, sizes_.height),
                     "Ask for a larger one or smaller labels, or leave the size out.");
    }
    if ((sizes_.width > 0 || list.width <= kMaxFigureSide) &&
        (sizes_.height > 0 || list.height <= kMaxFigureSide))
      return {};
    return refusal(ErrorCode::limit,
                   fmt::format("a figure of at most {} pixels a side", grouped(kMaxFigureSide)),
                   fmt::format("at least {} × {}", list.width, list.height),
                   "Ask for a wider one or smaller labels, or export single maps.");
  }

  [[nodiscard]] bool too_wide(const DisplayList& list) const {
    return sizes_.width > 0 && list.width > sizes_.width;
  }
  [[nodiscard]] bool too_high(const DisplayList& list) const {
    return sizes_.height > 0 && list.height > sizes_.height;
  }
  [[nodiscard]] double most_extent() const {
    return std::min(kLargestCell * static_cast<double>(longest_side(grid_)),
                    std::max(sizes_.width, sizes_.height) + 1.0);
  }

  PanelGrid& grid_;
  TextRenderer& text_;
  const Progress* progress_;
  const FigureSizes sizes_;
};

double usual_extent(const PanelGrid& grid) {
  const double dots = grid.options.dpi / 96;
  const auto cells = static_cast<double>(longest_side(grid));
  const auto columns = static_cast<double>(grid.columns);
  if (grid.panels.size() == 1) {
    const double cell =
        std::clamp(std::round(kUsualExtent * dots / cells), 1.0, std::round(kUsualCell * dots));
    return cell * cells;
  }
  const double extent = std::clamp(kGridExtent / columns, 72.0, 420.0) * dots;
  // Cells of whole pixels, where there is a pixel for each.
  return extent < cells ? extent
                        : std::min(std::round(extent / cells), std::round(kUsualCell * dots)) * cells;
}

}  // namespace

Result<DisplayList> lay_out(PanelGrid grid, TextRenderer& text, const Progress* progress) {
  if (progress != nullptr && progress->stopped()) return cancelled();
  for (const Panel& panel : grid.panels) {
    if (!panel.map) continue;
    const Index rows = panel.row_count(), columns = panel.column_count();
    if (rows < 1 || columns < 1) return refusal(ErrorCode::value, "a map with cells", "a map without", "");
    if (rows > kMaxFigureCells || columns > kMaxFigureCells) {
      return refusal(ErrorCode::limit,
                     fmt::format("a map of at most {0} × {0} cells", grouped(kMaxFigureCells)),
                     fmt::format("{} × {}", rows, columns), "Export a region of it, or the numbers.");
    }
  }
  const bool asked = (grid.options.width || grid.options.height) && !grid.options.bare;
  Result<DisplayList> list =
      asked ? Fitting(grid, text, progress).fit() : Layout(grid, usual_extent(grid), text).compose();
  if (!list) return list;
  std::vector<PixelImage> images = Layout::pixels_of(grid, *list);
  for (std::size_t i = 0; i < images.size(); ++i)
    std::get<ImageItem>(list->items[i]).image = std::move(images[i]);
  return list;
}

}  // namespace attn

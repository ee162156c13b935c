#include "core/figure/layout/panel_layout.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/figure/heatmap_pixels.hpp"
#include "core/figure/layout/axis_labels.hpp"
#include "core/figure/layout/color_bar.hpp"
#include "core/figure/layout/profiles.hpp"
#include "core/figure/reduced_map.hpp"

namespace attn {
namespace {

constexpr double kLeastUpright = 130;  // a shorter map has its colour bar below
constexpr double kGridCell = 14;       // from this size of cells on there are lines between them
constexpr double kDimmed = 0.72;       // how much of the paper a silent head takes on

class PanelComposer {
 public:
  PanelComposer(const Panel& panel, const PanelGrid& grid, bool names_rows, const MapSize& size,
                const FigureSizes& sizes, const FigureFonts& fonts, TextRenderer& text)
      : panel_(panel),
        grid_(grid),
        names_rows_(names_rows),
        size_(size),
        sizes_(sizes),
        fonts_(fonts),
        canvas_(text) {}

  FigureCanvas compose() && {
    canvas_.add(ImageItem{{0, 0, size_.map_width, size_.map_height}, {}});
    if (grid_.options.bare) return std::move(canvas_);
    add_lines();
    add_highlights();
    if (panel_.profiles) profile_right_ = add_profiles(canvas_, *panel_.profiles, profile_style());
    add_labels();
    add_axis_names();
    add_title();
    if (panel_.has_bar) {
      const double right = std::max(size_.map_width + std::round(28 * unit()), profile_right_ + 16 * unit());
      const double below = panel_.profiles ? canvas_.bounds().bottom : size_.map_height;
      add_bar(canvas_, panel_, grid_, sizes_, fonts_, {0, 0, size_.map_width, size_.map_height}, right,
              below + std::round(20 * unit()));
    }
    return std::move(canvas_);
  }

 private:
  double unit() const { return sizes_.unit; }
  double row_pitch() const { return size_.map_height / static_cast<double>(panel_.row_count()); }
  double column_pitch() const { return size_.map_width / static_cast<double>(panel_.column_count()); }

  void add_lines() {
    const double right = size_.map_width, bottom = size_.map_height, s = sizes_.stroke;
    if (panel_.labelled && size_.whole && std::min(row_pitch(), column_pitch()) >= kGridCell * unit()) {
      for (Index j = 1; j < panel_.column_count(); ++j) {
        const double x = static_cast<double>(j) * column_pitch() - s / 2;
        canvas_.add(LineItem{{x, 0}, {x, bottom}, s, theme_.grid});
      }
      for (Index i = 1; i < panel_.row_count(); ++i) {
        const double y = static_cast<double>(i) * row_pitch() - s / 2;
        canvas_.add(LineItem{{0, y}, {right, y}, s, theme_.grid});
      }
    }
    for (const double y : {-s / 2, bottom + s / 2})
      canvas_.add(LineItem{{-s, y}, {right + s, y}, s, theme_.line});
    for (const double x : {-s / 2, right + s / 2}) canvas_.add(LineItem{{x, 0}, {x, bottom}, s, theme_.line});
  }

  // Around each run of neighbours, so that two rows side by side are one frame.
  void add_highlights() {
    const double s = 2 * sizes_.stroke;
    const auto frame = [&](const Box& box) {
      for (const double y : {box.top, box.bottom})
        canvas_.add(LineItem{{box.left - s / 2, y}, {box.right + s / 2, y}, s, theme_.highlight});
      for (const double x : {box.left, box.right})
        canvas_.add(LineItem{{x, box.top}, {x, box.bottom}, s, theme_.highlight});
    };
    for (const RowRange& run : runs(grid_.options.highlight_rows, panel_.first_row, panel_.row_count())) {
      frame({0, static_cast<double>(run.begin) * row_pitch(), size_.map_width,
             static_cast<double>(run.end) * row_pitch()});
    }
    if (info(panel_.map->stage).columns != Columns::keys) return;
    for (const RowRange& run :
         runs(grid_.options.highlight_columns, panel_.first_column, panel_.column_count())) {
      frame({static_cast<double>(run.begin) * column_pitch(), 0,
             static_cast<double>(run.end) * column_pitch(), size_.map_height});
    }
  }

  static std::vector<RowRange> runs(std::vector<Index> cells, Index first, Index count) {
    std::ranges::sort(cells);
    std::vector<RowRange> found;
    for (const Index index : cells) {
      const Index cell = index - first;
      if (cell < 0 || cell >= count) continue;
      if (!found.empty() && found.back().end >= cell) {
        found.back().end = cell + 1;
      } else {
        found.push_back({cell, cell + 1});
      }
    }
    return found;
  }

  // Labels of a map that must keep to a size take no more than their part of it.
  double longest_label(double units, int side) const {
    const double usual = units * unit();
    return side > 0 ? std::min(usual, 0.3 * side) : usual;
  }

  LabelAxis axis(Index count, double pitch, const std::vector<std::string>& texts) const {
    LabelAxis result;
    result.count = count;
    result.pitch = pitch;
    result.texts = texts;
    result.style = fonts_.label;
    result.unit = unit();
    result.stroke = sizes_.stroke;
    result.tick_color = theme_.line;
    if (sizes_.label_px == 0) result.style.size_px = std::clamp(0.6 * pitch, 11 * unit(), 15 * unit());
    result.style.tabular = result.is_numeric();
    return result;
  }

  void add_labels() {
    const StageMap& map = *panel_.map;
    const FigureOptions& options = grid_.options;
    if (!panel_.labelled) return;
    const bool flagged =
        std::ranges::any_of(map.row_flags, [](RowFlag flag) { return flag != RowFlag::normal; });
    const double clear = flagged ? std::round(12 * unit()) : 0;
    // A map that was reduced has a mark for each of its own rows.
    const double pitch = size_.map_height / static_cast<double>(map.rows);
    add_row_marks(canvas_, map.row_flags, pitch, clear, options.theme);
    if (!grid_.labels) return;
    LabelAxis rows = axis(panel_.row_count(), row_pitch(), panel_.row_labels);
    rows.first = panel_.first_row;
    rows.choice = options.row_labels;
    rows.strong = options.highlight_rows;
    rows.most_px = longest_label(180, sizes_.width);
    if (names_rows_) add_row_labels(canvas_, rows, clear);
    const bool tokens = info(map.stage).columns == Columns::keys;
    LabelAxis columns = axis(panel_.column_count(), column_pitch(), tokens ? panel_.column_labels : kNone);
    columns.first = panel_.first_column;
    columns.choice = options.column_labels;
    if (tokens) columns.strong = options.highlight_columns;
    columns.angle = options.label_angle;
    columns.most_px = longest_label(140, sizes_.height > 0 ? sizes_.height : sizes_.width);
    add_column_labels(canvas_, columns);
  }

  void add_axis_names() {
    const double away = 12 * unit() + canvas_.text().line_metrics(fonts_.axis).height() / 2;
    const double top = canvas_.bounds().top;
    if (names_rows_ && !panel_.row_axis.empty()) {
      canvas_.add_turned_text(fitted(panel_.row_axis, fonts_.axis, size_.map_height), fonts_.axis,
                              {canvas_.bounds().left - away, size_.map_height / 2}, Align::center, 90);
    }
    if (!panel_.column_axis.empty()) {
      canvas_.add_text(fitted(panel_.column_axis, fonts_.axis, size_.map_width), fonts_.axis,
                       {size_.map_width / 2, std::min(top, canvas_.bounds().top) - away}, Align::center);
    }
    if (!panel_.side.empty()) {
      const double gap = 8 * unit() + canvas_.text().line_metrics(fonts_.label).height() / 2;
      canvas_.add_turned_text(canvas_.text().fit(panel_.side, fonts_.label, size_.map_height), fonts_.label,
                              {canvas_.bounds().left - gap, size_.map_height / 2}, Align::center, 90);
    }
  }

  // A name may be longer than a small map, but in a size that is asked for, or beside other maps.
  std::string fitted(const std::string& name, const TextStyle& style, double side) {
    const bool alone = grid_.panels.size() == 1 && sizes_.width == 0 && sizes_.height == 0;
    return canvas_.text().fit(name, style,
                              alone ? std::max(side, 420 * unit()) : std::max(side, 90 * unit()));
  }

  void add_title() {
    if (panel_.title.empty()) return;
    TextStyle style = fonts_.axis;
    style.color = panel_.dimmed ? theme_.quiet : theme_.ink;
    const double away = 7 * unit() + canvas_.text().line_metrics(style).height() / 2;
    const double room = std::max(size_.map_width, 40 * unit());
    const bool fits = canvas_.text().measure(panel_.title, style).width <= room;
    const std::string& words = fits || panel_.short_title.empty() ? panel_.title : panel_.short_title;
    canvas_.add_text(canvas_.text().fit(words, style, room), style, {0, canvas_.bounds().top - away},
                     Align::left);
  }

  ProfileStyle profile_style() const {
    return {size_.map_width, size_.map_height, unit(), sizes_.stroke, fonts_.number, theme_};
  }

  inline static const std::vector<std::string> kNone;

  const Panel& panel_;
  const PanelGrid& grid_;
  const bool names_rows_;
  const MapSize size_;
  const FigureSizes& sizes_;
  const FigureFonts& fonts_;
  FigureCanvas canvas_;
  double profile_right_ = 0;
  const FigureTheme theme_ = figure_theme(grid_.options.theme);
};

std::uint32_t mixed(std::uint32_t pixel, Rgb paper) {
  const Rgb color = unpack(pixel);
  const auto channel = [](std::uint8_t from, std::uint8_t to) {
    return static_cast<std::uint8_t>(std::lround(from + kDimmed * (to - from)));
  };
  return pack({channel(color.r, paper.r), channel(color.g, paper.g), channel(color.b, paper.b)});
}

}  // namespace

FigureCanvas lay_out_panel(const Panel& panel, const PanelGrid& grid, bool names_rows, const MapSize& size,
                           const FigureSizes& sizes, const FigureFonts& fonts, TextRenderer& text) {
  return PanelComposer(panel, grid, names_rows, size, sizes, fonts, text).compose();
}

PixelImage panel_pixels(const Panel& panel, const MapSize& size, Theme theme) {
  const auto shown =
      reduced_map(panel.map, static_cast<Index>(size.map_height), static_cast<Index>(size.map_width));
  PixelImage image = heatmap_pixels(*shown, panel.scale, theme);
  if (!panel.dimmed) return image;
  const Rgb paper = figure_theme(theme).paper;
  for (std::uint32_t& pixel : image.pixels) pixel = mixed(pixel, paper);
  return image;
}

void add_bar(FigureCanvas& canvas, const Panel& panel, const PanelGrid& grid, const FigureSizes& sizes,
             const FigureFonts& fonts, Box map, double right, double bottom) {
  const double unit = sizes.unit, width = map.right - map.left, height = map.bottom - map.top;
  const BarPlace place = grid.options.color_bar;
  if (place == BarPlace::none) return;
  const FigureTheme theme = figure_theme(grid.options.theme);
  const ColorBar bar{panel.scale, panel.value_name, fonts, theme, unit, sizes.stroke, grid.options.ticks};
  const bool several = grid.panels.size() > 1 && !grid.has_bar;
  const bool upright = place == BarPlace::right ||
                       (place == BarPlace::automatic && !several && height >= kLeastUpright * unit);
  if (upright) {
    const double most = several ? height : std::max(1.5 * width, 320 * unit);
    const double length = std::max(std::min(height, most), 60 * unit);
    add_upright_bar(canvas, bar, {right, map.top}, std::round(length));
  } else {
    const double length = std::clamp(width, several ? 60 * unit : 160 * unit, 320 * unit);
    add_lying_bar(canvas, bar, {map.left, bottom},
                  std::round(std::max(std::min(length, sizes.room(length)), 60 * unit)));
  }
}

}  // namespace attn

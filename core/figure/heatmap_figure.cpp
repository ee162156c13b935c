#include "core/figure/heatmap_figure.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/figure/heatmap_pixels.hpp"
#include "core/figure/layout/axis_labels.hpp"
#include "core/figure/layout/color_bar.hpp"
#include "core/figure/layout/legend.hpp"

namespace attn {
namespace {

constexpr Index kUsualExtent = 900;  // of the longer side of the map
constexpr Index kUsualCell = 48;
constexpr Index kLargestCell = 256;    // where the person asks for a size
constexpr Index kLeastExtent = 96;     // of the shorter side, by taller or wider cells
constexpr double kUnitExtent = 1400;   // larger maps have larger text
constexpr double kLeastUpright = 130;  // a shorter map has its colour bar below
constexpr double kGridCell = 14;       // from this size of cells on there are lines between them

// The sizes that everything else follows from.
struct Plan {
  Index cell_width = 1, cell_height = 1;
  double map_width = 1, map_height = 1;
  double unit = 1;
};

Plan make_plan(const StageMap& map, Index extent, Index largest_cell) {
  const auto [shorter, longer] = std::minmax(map.rows, map.columns);
  const Index cell = std::clamp((extent + longer / 2) / longer, Index{1}, largest_cell);
  const Index across = std::max(cell, std::min(kUsualCell, (kLeastExtent + shorter - 1) / shorter));
  Plan plan;
  plan.cell_width = map.columns == longer ? cell : across;
  plan.cell_height = map.rows == longer ? cell : across;
  plan.map_width = static_cast<double>(plan.cell_width * map.columns);
  plan.map_height = static_cast<double>(plan.cell_height * map.rows);
  plan.unit = std::max(1.0, std::max(plan.map_width, plan.map_height) / kUnitExtent);
  return plan;
}

class Composer {
 public:
  Composer(const HeatmapFigure& input, const CellKinds& kinds, const Plan& plan, TextRenderer& text)
      : input_(input), kinds_(kinds), plan_(plan), canvas_(text) {}

  DisplayList compose(int least_width, int least_height) && {
    add_map();
    add_labels();
    add_axis_names();
    add_bar();
    add_legend(canvas_, legend_entries(kinds_, input_.map.row_flags, input_.options.theme), fonts_.caption,
               {0, canvas_.bounds().bottom + 18 * plan_.unit}, std::max(plan_.map_width, 320 * plan_.unit));
    add_words();
    return std::move(canvas_).finish(theme_.paper, std::round(24 * plan_.unit), least_width, least_height);
  }

 private:
  void add_map() {
    const double right = plan_.map_width, bottom = plan_.map_height;
    canvas_.add(ImageItem{{0, 0, right, bottom}, {}});
    add_grid();
    for (const double y : {-0.5, bottom + 0.5})
      canvas_.add(LineItem{{-1, y}, {right + 1, y}, 1, theme_.line});
    for (const double x : {-0.5, right + 0.5}) canvas_.add(LineItem{{x, 0}, {x, bottom}, 1, theme_.line});
  }

  void add_grid() {
    if (static_cast<double>(std::min(plan_.cell_width, plan_.cell_height)) < kGridCell) return;
    for (Index j = 1; j < input_.map.columns; ++j) {
      const double x = static_cast<double>(j * plan_.cell_width) - 0.5;
      canvas_.add(LineItem{{x, 0}, {x, plan_.map_height}, 1, theme_.grid});
    }
    for (Index i = 1; i < input_.map.rows; ++i) {
      const double y = static_cast<double>(i * plan_.cell_height) - 0.5;
      canvas_.add(LineItem{{0, y}, {plan_.map_width, y}, 1, theme_.grid});
    }
  }

  LabelAxis axis(Index count, Index cell, std::span<const std::string> texts, double most_px) const {
    LabelAxis result{count,      static_cast<double>(cell), texts,      fonts_.label,
                     plan_.unit, most_px * plan_.unit,      theme_.line};
    result.style.size_px = std::clamp(0.6 * static_cast<double>(cell), 11.0, 15.0) * plan_.unit;
    result.style.tabular = result.is_numeric();
    return result;
  }

  void add_labels() {
    const StageMap& map = input_.map;
    const bool flagged = std::any_of(map.row_flags.begin(), map.row_flags.end(),
                                     [](RowFlag flag) { return flag != RowFlag::normal; });
    const double clear = flagged ? std::round(12 * plan_.unit) : 0;
    add_row_marks(canvas_, map.row_flags, static_cast<double>(plan_.cell_height), clear,
                  input_.options.theme);
    if (!input_.view.labels) return;
    add_row_labels(canvas_, axis(map.rows, plan_.cell_height, input_.row_labels, 180), clear);
    const bool tokens = info(map.stage).columns == Columns::keys;
    add_column_labels(canvas_, axis(map.columns, plan_.cell_width,
                                    tokens ? input_.column_labels : std::span<const std::string>{}, 140));
  }

  void add_axis_names() {
    const StageInfo& stage = info(input_.map.stage);
    const bool rows_are_keys = stage.stage == Stage::k || stage.stage == Stage::v;
    const std::string rows = !input_.row_axis.empty() ? input_.row_axis : rows_are_keys ? "keys" : "queries";
    const std::string columns = !input_.column_axis.empty()      ? input_.column_axis
                                : stage.columns == Columns::keys ? "keys"
                                                                 : "dimension";
    const double away = 12 * plan_.unit + canvas_.text().line_metrics(fonts_.axis).height() / 2;
    const double top = canvas_.bounds().top, longest = 420 * plan_.unit;
    canvas_.add_turned_text(canvas_.text().fit(rows, fonts_.axis, std::max(plan_.map_height, longest)),
                            fonts_.axis, {canvas_.bounds().left - away, plan_.map_height / 2}, Align::center,
                            90);
    canvas_.add_text(canvas_.text().fit(columns, fonts_.axis, std::max(plan_.map_width, longest)),
                     fonts_.axis, {plan_.map_width / 2, std::min(top, canvas_.bounds().top) - away},
                     Align::center);
  }

  void add_bar() {
    const std::string_view stage = info(input_.map.stage).name;
    const ColorBar bar{color_scale(input_.view, input_.map),
                       input_.value_name.empty() ? std::string(stage) : input_.value_name, fonts_, theme_,
                       plan_.unit};
    if (plan_.map_height >= kLeastUpright * plan_.unit) {
      const double length = std::min(plan_.map_height, std::max(plan_.map_width, 320 * plan_.unit));
      add_upright_bar(canvas_, bar, {plan_.map_width + std::round(28 * plan_.unit), 0}, std::round(length));
    } else {
      const double length = std::clamp(plan_.map_width, 160 * plan_.unit, 320 * plan_.unit);
      add_lying_bar(canvas_, bar, {0, plan_.map_height + std::round(20 * plan_.unit)}, std::round(length));
    }
  }

  void add_words() {
    const double width = std::max(canvas_.bounds().right, 480 * plan_.unit);
    const double line = canvas_.text().line_metrics(fonts_.caption).height() * 1.25;
    double y = canvas_.bounds().bottom + 18 * plan_.unit;
    for (const std::string& words : wrapped(visible(input_.caption), fonts_.caption, width, canvas_.text())) {
      canvas_.add_text(words, fonts_.caption, {0, y + line / 2}, Align::left);
      y += line;
    }
    const std::string title =
        canvas_.text().fit(input_.options.title.value_or(input_.title), fonts_.title, width);
    const double away = 16 * plan_.unit + canvas_.text().line_metrics(fonts_.title).height() / 2;
    if (!title.empty()) canvas_.add_text(title, fonts_.title, {0, canvas_.bounds().top - away}, Align::left);
  }

  const HeatmapFigure& input_;
  const CellKinds& kinds_;
  const Plan plan_;
  FigureCanvas canvas_;
  const FigureTheme theme_ = figure_theme(input_.options.theme);
  const FigureFonts fonts_ = figure_fonts(theme_, plan_.unit, 15 * plan_.unit);
};

tl::unexpected<Error> refusal(ErrorCode code, std::string expected, std::string found, std::string hint) {
  return tl::unexpected(Error{code, {}, {}, std::move(expected), std::move(found), std::move(hint)});
}

// The largest figure within the size that is asked for.
Result<DisplayList> fitted(const HeatmapFigure& input, const CellKinds& kinds, TextRenderer& text) {
  const int width = input.options.width.value_or(0), height = input.options.height.value_or(0);
  const auto compose = [&](Index extent) {
    return Composer(input, kinds, make_plan(input.map, extent, kLargestCell), text).compose(width, height);
  };
  const auto fits = [&](const DisplayList& list) {
    return (!input.options.width || list.width <= width) && (!input.options.height || list.height <= height);
  };
  DisplayList best = compose(1);
  if (!fits(best)) {
    return refusal(
        ErrorCode::value, fmt::format("a figure of at least {} × {} pixels", best.width, best.height),
        fmt::format("width {}, height {}", width, height), "Ask for a larger one, or leave the size out.");
  }
  Index low = 1, high = std::max(width, height) + Index{1};
  while (high - low > 1) {
    const Index middle = low + (high - low) / 2;
    DisplayList list = compose(middle);
    const bool fit = fits(list);
    (fit ? low : high) = middle;
    if (fit) best = std::move(list);
  }
  return best;
}

}  // namespace

Result<DisplayList> heatmap_figure(const HeatmapFigure& input, TextRenderer& text) {
  const StageMap& map = input.map;
  if (map.rows < 1 || map.columns < 1) {
    return refusal(ErrorCode::value, "a map with cells", "a map without", "");
  }
  if (map.rows > kMaxFigureCells || map.columns > kMaxFigureCells) {
    return refusal(ErrorCode::limit,
                   fmt::format("a map of at most {0} × {0} cells", grouped(kMaxFigureCells)),
                   fmt::format("{} × {}", map.rows, map.columns), "Export a part of it, or the numbers.");
  }
  const CellKinds kinds = map.kinds;
  Result<DisplayList> list =
      input.options.width || input.options.height
          ? fitted(input, kinds, text)
          : Composer(input, kinds, make_plan(map, kUsualExtent, kUsualCell), text).compose(0, 0);
  if (!list) return list;
  std::get<ImageItem>(list->items.front()).image =
      heatmap_pixels(map, color_scale(input.view, map), input.options.theme);
  list->title = input.options.title.value_or(input.title);
  return list;
}

}  // namespace attn

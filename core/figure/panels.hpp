#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/attention/settings.hpp"
#include "core/base/progress.hpp"
#include "core/engine/stage_map.hpp"
#include "core/figure/color_scale.hpp"
#include "core/figure/display_list.hpp"
#include "core/figure/figure_options.hpp"
#include "core/figure/map_profiles.hpp"

namespace attn {

/// One map of a figure with the words of its own.
struct Panel {
  std::shared_ptr<const StageMap> map;  ///< none: its place in the grid stays free
  /// Of the whole map, where `map` is a reduction of it; 0: as `map` has them.
  Index rows = 0, columns = 0;
  std::optional<Profiles> profiles;       ///< of the whole map; none: they are not shown
  Index first_row = 0, first_column = 0;  ///< what the map's first cell is in the document
  std::string title;                      ///< above it
  std::string short_title;                ///< in its place where it has no room; empty: it loses its middle
  std::string side;                       ///< left of it: the name of its row of the grid
  /// Tokens as the document has them; where their number is not the map's, indices are shown.
  std::vector<std::string> row_labels, column_labels;
  bool labelled = true;  ///< its cells have labels and marks
  std::string row_axis, column_axis;
  std::string value_name;  ///< at its colour bar
  /// Panels of one number have one range of values, in all frames of a sweep, unless the options ask for a
  /// range for each.
  std::size_t range = 0;
  bool is_difference = false;  ///< its range is symmetric about 0, whatever the view says
  ColorScale scale;            ///< set_scales() sets it
  bool has_bar = true;         ///< one of its own
  bool dimmed = false;         ///< a silent head

  [[nodiscard]] Index row_count() const { return rows > 0 ? rows : map->rows; }
  [[nodiscard]] Index column_count() const { return columns > 0 ? columns : map->columns; }
};

/// A figure before it has sizes: maps in a grid and the words around them.
struct PanelGrid {
  std::vector<Panel> panels;  ///< row by row; one at least has a map
  std::size_t columns = 1;    ///< fewer where `may_wrap` and a size leaves no room for so many
  std::string title, caption;
  std::string row_axis, column_axis;  ///< around the whole grid
  bool has_bar = false;               ///< one for all panels, of the first one's scale
  bool labels = true;
  bool may_wrap = false;  ///< no panel says what its column is
  FigureOptions options;
};

/// Gives the panels of all frames their colours: one scale for those of one range, or `own` for each. An
/// explicit range of the view holds for all but differences.
void set_scales(std::span<PanelGrid> frames, const View& view, bool own);

/// Maps with more cells a side are refused.
inline constexpr Index kMaxFigureCells = 8192;

/// Places everything: title, axis names, labels (fewer where cells are close), maps with cells of whole
/// pixels where the size allows it, marks beside flagged rows, profiles, a legend of what is special in the
/// maps, colour bars, the caption. Without a size the canvas is as large as its parts need, at 96 dpi about
/// 900 to 1,400 pixels, less for small maps; with one the maps fill it. Maps that have more cells than pixels
/// are drawn by reduced_map(). No two texts overlap, and none leaves the canvas; long ones lose their middle.
/// The first images of the list are the maps. A function of its arguments and the installed fonts alone.
/// Errors: limit (more than kMaxFigureCells rows or columns; larger than any picture), value (a map without
/// cells; a size that the words alone do not fit), cancelled.
[[nodiscard]] Result<DisplayList> lay_out(PanelGrid grid, TextRenderer& text,
                                          const Progress* progress = nullptr);

}  // namespace attn

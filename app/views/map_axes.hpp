#pragma once

#include <string>
#include <string_view>

#include "app/views/map_geometry.hpp"
#include "app/widgets/ui.hpp"

namespace attn::app {

/// What stands beside row i and above column j of the shown map: a token, or an index where the axis has
/// none.
[[nodiscard]] std::string row_text(const AppState& state, const StageMap& map, Index row);
[[nodiscard]] std::string column_text(const AppState& state, const StageMap& map, Index column);

/// The row's flag; normal where the stage has none.
[[nodiscard]] RowFlag flag_of(const StageMap& map, Index row);

/// What a row and a column of this map are: `query`, `key`, `dimension`.
[[nodiscard]] std::string_view row_kind(const StageMap& map);
[[nodiscard]] std::string_view column_kind(const StageMap& map);

/// Room that the labels want, in ImGui's units.
struct AxisRoom {
  float left = 0, top = 0;
};
[[nodiscard]] AxisRoom axis_room(const AppState& state, Ui& ui, const StageMap& map);

/// Labels of the visible rows and columns, thinned where they are dense; the row and column of `cursor` in
/// the chosen colour. Rows that are flagged have
/// the colour of their flag.
void draw_axes(const AppState& state, Ui& ui, const StageMap& map, const MapGeometry& geometry,
               const std::optional<Cell>& cursor);

}  // namespace attn::app

#include "core/figure/map_source.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/figure/map_profiles.hpp"
#include "core/figure/reduced_map.hpp"

namespace attn {
namespace {

bool rows_are_keys(Stage stage) {
  return stage == Stage::k || stage == Stage::v;
}

// The region of a view in a map: its queries and its keys, wherever they stand.
std::pair<RowRange, RowRange> parts_of(const Region& region, const StageMap& map) {
  const RowRange queries{static_cast<Index>(region.row_from), static_cast<Index>(region.row_to)};
  const RowRange keys{static_cast<Index>(region.column_from), static_cast<Index>(region.column_to)};
  const bool columns_are_keys = info(map.stage).columns == Columns::keys;
  return {rows_are_keys(map.stage) ? keys : queries, columns_are_keys ? keys : RowRange{0, map.columns}};
}

std::vector<std::string> labels_of(const std::vector<std::string>& tokens, RowRange part) {
  if (part.end > std::ssize(tokens)) return {};
  return {tokens.begin() + part.begin, tokens.begin() + part.end};
}

}  // namespace

void MapSource::expect(std::size_t maps) {
  expected_ = std::max<std::size_t>(1, maps);
  if (progress_ != nullptr) progress_->total = expected_ * frames_;
}

Result<void> MapSource::use(std::size_t layer, const SettingsStack& settings) {
  auto resolved = resolve_settings(*job_.document, layer, settings);
  if (!resolved) return tl::unexpected(resolved.error());
  settings_ = std::move(*resolved);
  return graph_.set(job_.document, *settings_);
}

Result<std::size_t> MapSource::heads(Stage stage) const {
  const auto shape = graph_.equation().shape(stage);
  if (!shape) return tl::unexpected(shape.error());
  // Keys and values are shown for each query head that meets them.
  return static_cast<std::size_t>(shape->heads > 1 ? graph_.equation().inputs().heads : 1);
}

Result<Panel> MapSource::panel(Stage stage, const HeadChoice& head) {
  auto panel = whole_panel(stage, head);
  if (panel) finish(*panel);
  return panel;
}

void MapSource::finish(Panel& panel) const {
  const double share = kMostCells / static_cast<double>(expected_ * frames_);
  const auto edge = std::max<Index>(16, static_cast<Index>(std::sqrt(share)));
  const bool keeps = expected_ * frames_ == 1;
  const Index rows = keeps ? panel.map->rows : edge, columns = keeps ? panel.map->columns : edge;
  if (job_.options.profiles) panel.profiles = profiles_of(*panel.map, rows, columns);
  panel.map = reduced_map(panel.map, rows, columns);
}

Result<Panel> MapSource::whole_panel(Stage stage, const HeadChoice& head) {
  Progress inner;
  if (progress_ != nullptr) inner.outdated = [this] { return progress_->stopped(); };
  auto whole = graph_.map(stage, head, &inner);
  if (!whole) return tl::unexpected(whole.error());
  std::shared_ptr<const StageMap> map = std::move(*whole);
  Panel panel;
  RowRange rows{0, map->rows}, columns{0, map->columns};
  if (job_.view.region) {
    std::tie(rows, columns) = parts_of(*job_.view.region, *map);
    if (rows.end > map->rows || columns.end > map->columns) {
      return setting_error("/settings/view/region",
                           fmt::format("a region within {} × {} cells", map->rows, map->columns),
                           fmt::format("[{}, {}, {}, {}]", rows.begin, rows.end, columns.begin, columns.end));
    }
    map = part_of_map(*map, rows, columns);
  }
  const Layer& layer = job_.document->layers[settings_->layer];
  const Sequence& keys = job_.document->key_of(layer);
  const bool tokens = info(stage).columns == Columns::keys;
  panel.first_row = rows.begin;
  panel.first_column = columns.begin;
  panel.row_labels =
      labels_of(rows_are_keys(stage) ? keys.tokens : job_.document->query_of(layer).tokens, rows);
  if (tokens) panel.column_labels = labels_of(keys.tokens, columns);
  panel.row_axis = job_.options.row_axis.value_or(rows_are_keys(stage) ? "keys" : "queries");
  panel.column_axis = job_.options.column_axis.value_or(tokens ? "keys" : "dimension");
  panel.value_name = job_.options.value_name.value_or(std::string(info(stage).name));
  panel.rows = map->rows;
  panel.columns = map->columns;
  panel.map = std::move(map);
  if (progress_ != nullptr) ++progress_->done;
  return panel;
}

}  // namespace attn

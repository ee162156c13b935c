#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/attention/settings.hpp"
#include "core/document/document.hpp"
#include "core/engine/latest_worker.hpp"
#include "core/engine/stage_graph.hpp"
#include "core/engine/stage_map.hpp"

namespace attn {

/// Settings in force, one a layer; shared, so that a request is made and compared at once however many there
/// are.
using LayerSettings = std::shared_ptr<const std::vector<Settings>>;

/// Every head of every layer, small. Values only, so that it can be compared and sent to another thread.
struct SheetRequest {
  std::shared_ptr<const Document> document;
  LayerSettings settings;  ///< never null; their views are not looked at
  Stage stage = Stage::weights;
  bool own_range = false;  ///< each head's values divided by its largest; else one range for all
  std::uint64_t revision = 0;
};

/// All heads side by side in one map, so that one draw call shows them: layer l's head h stands at row l,
/// column h, each `edge` × `edge` cells with `gap` cells between neighbours.
struct HeadSheet {
  std::uint64_t revision = 0;
  std::shared_ptr<const StageMap> map;
  Index edge = 0, gap = 0;
  Index layers = 0, heads = 0;  ///< heads: of the layer with the most
  std::size_t done = 0, total = 0;

  /// Of cell (0, 0) of a head's picture, in the map.
  [[nodiscard]] Index row_of(Index layer) const { return layer * (edge + gap); }
  [[nodiscard]] Index column_of(Index head) const { return head * (edge + gap); }
};

/// One head's map as `edge` × `edge` cells: larger maps keep their mass (summed over keys, averaged over
/// queries; signed stages: averaged over both), smaller ones repeat cells. A cell is masked where all of its
/// parts are.
struct Thumbnail {
  std::vector<float> values;
  std::vector<CellClass> classes;
};
[[nodiscard]] Thumbnail thumbnail_of(const StageMap& map, Index edge);

/// Computes the sheet head by head; publishes what is there about ten times a second, and the whole at the
/// end. Heads whose settings are refused stay empty. `graph` goes from layer to layer: one layer's heads are
/// not projected and packed anew for the next sheet.
void compute_sheet(const SheetRequest& request, StageGraph& graph,
                   const std::function<void(HeadSheet)>& publish, const std::function<bool()>& outdated);

using SheetWorker = LatestWorker<SheetRequest, HeadSheet>;

}  // namespace attn

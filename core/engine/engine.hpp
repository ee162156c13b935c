#pragma once

#include <memory>
#include <optional>

#include "core/attention/equation.hpp"
#include "core/engine/map_request.hpp"
#include "core/engine/stage_graph.hpp"

namespace attn {

/// Answers requests, and keeps what the next one is likely to need again: the steps of the equation, and the
/// last map.
class Engine {
 public:
  explicit Engine(std::size_t threads) : graph_(threads) {}

  /// The map and the probed row. Never throws for what a document or a setting holds.
  [[nodiscard]] MapResult answer(const MapRequest& request, Progress* progress = nullptr);

 private:
  /// Makes `graph_` and `map_` those of the request, where they are not.
  [[nodiscard]] Result<void> prepare(const MapRequest& request, Progress* progress, MapResult& result);

  StageGraph graph_;
  std::optional<MapRequest> mapped_;  ///< what `map_` shows
  std::shared_ptr<const StageMap> map_;
  std::shared_ptr<const Trace> trace_;  ///< of how `map_` was made
};

/// One row of one head at every stage. Joined heads have their means, maxima or minima.
[[nodiscard]] RowProbe probe_row(const Equation& equation, const HeadChoice& head, Index row);

}  // namespace attn

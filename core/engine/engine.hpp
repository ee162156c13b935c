#pragma once

#include <memory>
#include <optional>

#include "core/attention/equation.hpp"
#include "core/engine/map_request.hpp"

namespace attn {

/// Answers requests, and keeps what the next one is likely to need again: the projected heads of the layer,
/// and the last map. Which path computes a stage is decided here, by the settings alone; today there is one,
/// the reference.
class Engine {
 public:
  explicit Engine(std::size_t threads) : threads_(threads) {}

  /// The map and the probed row. Never throws for what a document or a setting holds.
  [[nodiscard]] MapResult answer(const MapRequest& request, Progress* progress = nullptr);

 private:
  /// Makes `equation_` and `map_` those of the request, where they are not.
  [[nodiscard]] Result<void> prepare(const MapRequest& request, Progress* progress, MapResult& result);
  [[nodiscard]] Result<std::shared_ptr<const LayerInputs>> inputs_for(const MapRequest& request);

  std::size_t threads_;
  std::shared_ptr<const LayerInputs> inputs_;
  std::optional<Settings> inputs_settings_;  ///< that `inputs_` were made with
  std::optional<Equation> equation_;         ///< of `mapped_`
  std::optional<MapRequest> mapped_;         ///< what `map_` shows
  std::shared_ptr<const StageMap> map_;
};

/// One row of one head at every stage. Joined heads have their means, maxima or minima.
[[nodiscard]] RowProbe probe_row(const Equation& equation, const HeadChoice& head, Index row);

}  // namespace attn

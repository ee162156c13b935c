#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/attention/settings.hpp"
#include "core/base/error.hpp"
#include "core/base/progress.hpp"
#include "core/document/document.hpp"
#include "core/engine/head_choice.hpp"
#include "core/engine/stage_map.hpp"
#include "core/engine/trace.hpp"

namespace attn {

/// What the window wants to see. Values only, so that it can be compared and sent to another thread.
struct MapRequest {
  std::shared_ptr<const Document> document;
  Settings settings;  ///< `settings.layer` picks the layer, `settings.view.stage` the stage
  HeadChoice head;
  std::optional<Index> probe_row;  ///< a row whose numbers are wanted at every stage
  std::uint64_t revision = 0;      ///< handed back with the result
};

/// One row of one head through the stages, in double: what stands behind the cells under the cursor.
struct RowProbe {
  Index row = 0;
  std::vector<double> scores;  ///< empty for saved weights
  std::vector<double> logits;  ///< −∞ where masked
  std::vector<double> weights;
  std::vector<bool> allowed;
  RowFlag flag = RowFlag::normal;
};

/// What came of a request. A refused request leaves the picture that is shown as it is.
struct MapResult {
  std::uint64_t revision = 0;
  std::shared_ptr<const StageMap> map;    ///< null where `error` is set
  std::shared_ptr<const RowProbe> probe;  ///< null where none was asked for
  std::shared_ptr<const Trace> trace;     ///< how the map was made
  std::vector<MaskTerm> masks;            ///< the masks in force
  bool renormalised = false;              ///< saved weights, changed by a knob
  std::vector<std::string> synthetic;     ///< parameters that nobody gives, drawn from the seed
  std::optional<Error> error;
  double milliseconds = 0;  ///< spent on the map; 0 where it was at hand
};

/// The whole map of `stage`, in tiles: by `fast` where it is given, uses the equation and serves the stage,
/// else by the reference. Errors: as `stage_array`; cancelled, where `progress` says so.
[[nodiscard]] Result<std::shared_ptr<const StageMap>> stage_map(const class Equation& equation, Stage stage,
                                                                const HeadChoice& head, std::size_t threads,
                                                                Progress* progress = nullptr,
                                                                class FastPath* fast = nullptr);

}  // namespace attn

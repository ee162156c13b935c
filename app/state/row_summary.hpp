#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/engine/map_request.hpp"

namespace attn::app {

/// What the window says of a probed row: worked out once a row, so that no frame walks its keys.
struct RowSummary {
  std::shared_ptr<const RowProbe> of;
  std::vector<std::size_t>
      heaviest;  ///< keys, heaviest first, the first of equals before the next; at most 8
  double sum = 0;
  double entropy = 0;  ///< −Σ p ln p, in nats
  std::size_t allowed = 0;
  std::optional<Index> column;  ///< that `rank` is of
  std::size_t rank = 0;         ///< of that column's weight in the row, from 1
};

/// The summary of `probe` with the rank of `column`; what `before` knows already is taken over.
[[nodiscard]] RowSummary row_summary(RowSummary before, const std::shared_ptr<const RowProbe>& probe,
                                     std::optional<Index> column);

}  // namespace attn::app

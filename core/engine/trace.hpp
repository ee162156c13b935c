#pragma once

#include <string>
#include <vector>

namespace attn {

/// What one step of an answer did.
struct TraceStep {
  std::string name;         ///< inputs, masks, scores, …
  double milliseconds = 0;  ///< of all threads together
  bool reused = false;      ///< all of it was at hand
  std::string detail;       ///< how much was computed, in words

  [[nodiscard]] bool operator==(const TraceStep&) const = default;
};
using Trace = std::vector<TraceStep>;

/// A table for people, a line a step.
[[nodiscard]] std::string trace_table(const Trace& trace);

}  // namespace attn

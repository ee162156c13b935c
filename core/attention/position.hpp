#pragma once

#include <span>
#include <string>

#include "core/attention/layer_facts.hpp"
#include "core/attention/parameter.hpp"
#include "core/base/matrix.hpp"

namespace attn {

/// One row of the table of positions: how the place of a token enters q and k.
struct PositionKind : KindInfo {
  /// Adds to embeddings n × d_model, in place; or nullptr.
  void (*on_embeddings)(Matrix& x, std::span<const std::int64_t> positions) = nullptr;
  /// Turns one head's q or k n × d, in place; or nullptr.
  void (*on_head)(Matrix& x, std::span<const std::int64_t> positions,
                  const nlohmann::json& parameters) = nullptr;
};
[[nodiscard]] std::span<const PositionKind> position_kinds();

/// Why this layer cannot have the position, or empty.
[[nodiscard]] std::string_view position_refusal(const PositionKind& kind, const LayerFacts& facts);

/// The sequence's positions, or 0, 1, …
[[nodiscard]] std::vector<std::int64_t> positions_of(const Sequence& sequence);

}  // namespace attn

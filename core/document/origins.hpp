#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/document/fields.hpp"

namespace attn {

/// Where a layer starts.
using Origin = decltype(Layer::origin);

/// Reads the one origin of a layer. Shapes are brought to those of document.hpp and weight matrices to x·W,
/// but given weights stay as they are, of rank 2 to 5: their outer axes mean different things in different
/// places. Errors: value (two origins), type (half an origin), and those of its tensors.
[[nodiscard]] Result<Origin> read_origin(const Fields& layer, std::vector<Note>& notes);

/// Which of its names a layer's given weights have.
[[nodiscard]] std::string weights_key(const Fields& layer);

/// n_q and n_k.
struct TokenCounts {
  std::size_t query = 0;
  std::size_t key = 0;
};

/// The counts that the origin's own tensors have; nothing where it is made of embeddings.
[[nodiscard]] std::optional<TokenCounts> token_counts(const Origin& origin);

}  // namespace attn

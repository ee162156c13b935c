#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/document/fields.hpp"

namespace attn {

/// A layer as its fields say, before its sequences are known.
struct LayerDraft {
  Layer layer;  ///< all but query, key, value, heads and kv_heads
  std::string place;
  std::string weights_key;                       ///< under which given weights stand
  std::optional<std::string> query, key, value;  ///< names of sequences
  std::optional<std::size_t> heads, kv_heads;
};

/// One layer's fields. Given weights are brought to B × H × n_q × n_k; `is_shorthand`: they may have an axis
/// of layers in front, and then there are several drafts, and `settings` are the document's. Errors: as
/// `read_layers`.
[[nodiscard]] Result<std::vector<LayerDraft>> read_layer(const Fields& fields, bool is_shorthand,
                                                         std::vector<Note>& notes);

/// H and H_kv, from the tensors where these have an axis of heads, else as given, else `default_heads`.
/// Errors: shape (given and tensors disagree), value (H is no multiple of H_kv).
[[nodiscard]] Result<void> settle_heads(LayerDraft& draft, std::size_t default_heads);

}  // namespace attn

#pragma once

#include <span>
#include <string>

#include "core/base/error.hpp"
#include "core/document/document.hpp"

namespace attn {

/// Where a layer's parts stand in the document.
struct LayerPlace {
  std::string pointer;      ///< of the layer
  std::string weights_key;  ///< under which given weights stand
};

/// Whether the shapes of a layer whose sequences and heads are settled agree with these and with one another.
/// Errors: shape, value (heads that do not divide a width), type (an output projection without what it
/// needs).
[[nodiscard]] Result<void> check_layer(const Layer& layer, std::span<const Sequence> sequences,
                                       const LayerPlace& place);

}  // namespace attn

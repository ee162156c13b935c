#pragma once

#include <optional>
#include <vector>

#include "core/document/fields.hpp"

namespace attn {

/// The layer's `score`: {"kind", parameters}; lists, and objects with numbers in them, are tensors. Which
/// kinds and parameters there are is not known here. Nothing where the key is absent. Errors: type, and as
/// `take_tensor`.
[[nodiscard]] Result<std::optional<LayerScore>> read_layer_score(const Fields& layer,
                                                                 std::vector<Note>& notes);

}  // namespace attn

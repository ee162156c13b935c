#pragma once

#include <string>
#include <vector>

#include "core/document/fields.hpp"
#include "core/document/tensor.hpp"
#include "core/document/tensor_field.hpp"
#include "core/document/tensors/dtype.hpp"

namespace attn {

/// Whether an object that stands for a tensor says where its numbers are in place of saying them.
[[nodiscard]] bool is_tensor_reference(const Fields& fields);

/// The tensor of {"base64", "dtype", "shape"}, or of {"file"} with "name" where the file holds several and
/// "slice" for a part of it. NaN and the infinities may stand in it; a single number is a tensor of shape
/// {1}. A long one stays in its file where `rule` lets it; whoever calls checks what else `rule` says of
/// numbers that are at hand. Errors: type, value, shape, limit, and the file's own (their place is the
/// pointer, then the file, then the place in it). Notes integers that float32 rounds, numbers that vanish in
/// it, and keys that are not read.
[[nodiscard]] Result<Tensor> take_tensor_reference(const Fields& fields, const TensorRule& rule,
                                                   std::vector<Note>& notes);

/// Notes at `place` what the way to float32 cost: integers that were rounded, numbers that vanished.
void note_conversion(const Conversion& conversion, const std::string& place, std::vector<Note>& notes);

/// The whole numbers from 1 under `shape`; {1} for an empty list. Errors: type, value, shape.
[[nodiscard]] Result<std::vector<std::size_t>> take_shape(const Fields& fields);

/// Numbers of `shape`; nothing where an axis is empty or the product does not fit.
[[nodiscard]] std::optional<std::size_t> tensor_size(const std::vector<std::size_t>& shape);

}  // namespace attn

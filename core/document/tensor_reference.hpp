#pragma once

#include <string>
#include <vector>

#include "core/document/fields.hpp"
#include "core/document/tensor.hpp"

namespace attn {

/// Whether an object that stands for a tensor says where its numbers are in place of saying them.
[[nodiscard]] bool is_tensor_reference(const Fields& fields);

/// The tensor of {"base64", "dtype", "shape"}, or of {"file"} with "name" where the file holds several and
/// "slice" for a part of it. NaN and the infinities may stand in it; a single number is a tensor of shape
/// {1}. Errors: type, value, shape, limit, and the file's own (their place is the pointer, then the file,
/// then the place in it). Notes integers that float32 rounds, numbers that vanish in it, and keys that are
/// not read.
[[nodiscard]] Result<Tensor> take_tensor_reference(const Fields& fields, std::vector<Note>& notes);

/// The whole numbers from 1 under `shape`; {1} for an empty list. Errors: type, value, shape.
[[nodiscard]] Result<std::vector<std::size_t>> take_shape(const Fields& fields);

/// Numbers of `shape`; nothing where an axis is empty or the product does not fit.
[[nodiscard]] std::optional<std::size_t> tensor_size(const std::vector<std::size_t>& shape);

}  // namespace attn

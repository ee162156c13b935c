#pragma once

#include <memory>
#include <string>

#include "core/document/tensors/stored_array.hpp"

namespace attn {

/// The array of .npy bytes (numpy's format, versions 1 to 3): the header is one Python dict of descr,
/// fortran_order and shape, and as many numbers as the shape wants follow it, no fewer and no more. `entry`
/// is the place of an entry in an archive, empty for a file. Errors: syntax, type (objects, structures,
/// texts, complex numbers), shape, limit; places are `header byte N`, N from the start of the bytes.
[[nodiscard]] Result<StoredArray> read_npy_header(std::shared_ptr<ByteSource> bytes,
                                                  const std::string& entry = {});

}  // namespace attn

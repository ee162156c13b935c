#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/progress.hpp"
#include "core/document/tensors/byte_source.hpp"
#include "core/document/tensors/dtype.hpp"

namespace attn {

/// An array that lies in a file, ready to be read. Its bytes are all there: whoever makes one has compared
/// the shape with the size.
struct StoredArray {
  const Dtype* dtype = nullptr;
  bool swapped = false;            ///< big-endian
  bool fortran = false;            ///< the first axis runs fastest
  std::vector<std::size_t> shape;  ///< at most 8 axes; empty for a single number
  std::uint64_t begin = 0;         ///< of the first number in `bytes`
  std::shared_ptr<ByteSource> bytes;
  std::string place;        ///< of the array in its file: `header byte 0`, `tensor "q"`
  std::string shape_place;  ///< where its shape is written
};

/// Indices [from, to) of one axis.
struct AxisRange {
  std::size_t from = 0;
  std::size_t to = 0;
};

/// Numbers in C order.
struct ReadNumbers {
  std::vector<std::size_t> shape;
  std::vector<float> values;
  Conversion conversion;
  std::uint64_t bytes = 0;  ///< that were read for them
};

/// Product of lengths, or nothing where it exceeds 64 bits.
[[nodiscard]] std::optional<std::uint64_t> checked_product(const std::vector<std::size_t>& lengths);

/// Reads the part of `array` that `ranges` (one an axis, none empty) leave, block by block, converted on the
/// way: no more of the file than that part where it is a range of the axes that are outermost in the file.
/// `progress` counts numbers, and is asked before each block. Errors: io, syntax; value for numbers outside
/// float32, with the index in the array; cancelled.
[[nodiscard]] Result<ReadNumbers> read_numbers(const StoredArray& array, const std::vector<AxisRange>& ranges,
                                               Progress* progress = nullptr);

}  // namespace attn

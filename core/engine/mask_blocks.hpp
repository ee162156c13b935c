#pragma once

#include <cstdint>
#include <vector>

#include "core/attention/equation.hpp"
#include "core/kernels/packed.hpp"
#include "core/kernels/rows.hpp"

namespace attn {

/// Rows of a mask as the kernels read them: a byte a key, and what each block of keys is as a whole.
class MaskBlocks {
 public:
  MaskBlocks() = default;
  MaskBlocks(MaskBlocks&&) = default;
  MaskBlocks& operator=(MaskBlocks&&) = default;
  MaskBlocks(const MaskBlocks&) = delete;  // rows_ points into its own vectors
  MaskBlocks& operator=(const MaskBlocks&) = delete;

  /// All of `columns` keys allowed, in every row.
  [[nodiscard]] static MaskBlocks all(Index columns);
  /// The mask of `head`, rows `rows`.
  [[nodiscard]] static MaskBlocks of(const Equation& equation, Index head, RowRange rows,
                                     std::size_t threads = 1);

  /// Row i of the map, one of those that it was made for.
  [[nodiscard]] const kernels::RowMask& row(Index i) const { return rows_[place(i)]; }
  /// No row of `rows` allows a key of the block.
  [[nodiscard]] bool skips(RowRange rows, std::size_t block) const;

  [[nodiscard]] std::size_t blocks() const { return blocks_; }
  [[nodiscard]] std::size_t bytes() const { return allowed_.size() + classes_.size(); }

  /// Says anew what the blocks of one row are, after its bytes were changed.
  static void classify(const std::uint8_t* allowed, std::size_t blocks, kernels::BlockClass* classes);

 private:
  MaskBlocks(Index first, Index rows, Index columns, bool one_row);
  [[nodiscard]] std::size_t place(Index i) const {
    return one_row_ ? 0 : static_cast<std::size_t>(i - first_);
  }

  Index first_ = 0;
  bool one_row_ = false;
  std::size_t blocks_ = 0;
  std::vector<std::uint8_t> allowed_;
  std::vector<kernels::BlockClass> classes_;
  /// Made once: a struct that is put together from numbers and read as a whole right away waits until all
  /// that was written before it, the last row's weights too, has reached the memory.
  std::vector<kernels::RowMask> rows_;
};

}  // namespace attn

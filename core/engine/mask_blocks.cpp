#include "core/engine/mask_blocks.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "core/base/parallel.hpp"

namespace attn {

using kernels::BlockClass;
using kernels::kBlock;

namespace {

constexpr Index kPiece = 64;  // rows that one thread asks the masks about

}  // namespace

void MaskBlocks::classify(const std::uint8_t* allowed, std::size_t blocks, BlockClass* classes) {
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::span block(allowed + b * kBlock, kBlock);
    const auto count = std::accumulate(block.begin(), block.end(), std::size_t{0});
    classes[b] = count == 0 ? BlockClass::skip : count == kBlock ? BlockClass::full : BlockClass::edge;
  }
}

MaskBlocks::MaskBlocks(Index first, Index rows, Index columns, bool one_row)
    : first_(first), one_row_(one_row), blocks_(kernels::blocks_of(static_cast<std::size_t>(columns))) {
  const auto count = static_cast<std::size_t>(rows);
  allowed_.assign(count * blocks_ * kBlock, 0);
  classes_.resize(count * blocks_);
  rows_.reserve(count);
  for (std::size_t row = 0; row < count; ++row) {
    const std::size_t at = row * blocks_;
    rows_.push_back({classes_.data() + at, allowed_.data() + at * kBlock, blocks_});
  }
}

MaskBlocks MaskBlocks::all(Index columns) {
  MaskBlocks mask(0, 1, columns, true);
  std::fill_n(mask.allowed_.begin(), columns, std::uint8_t{1});
  classify(mask.allowed_.data(), mask.blocks_, mask.classes_.data());
  return mask;
}

MaskBlocks MaskBlocks::of(const Equation& equation, Index head, RowRange rows, std::size_t threads) {
  const LayerInputs& inputs = equation.inputs();
  if (equation.terms().masks.empty() && inputs.origin != Origin::scores) return all(inputs.n_k);
  MaskBlocks mask(rows.begin, rows.size(), inputs.n_k, false);
  const Index pieces = (rows.size() + kPiece - 1) / kPiece;
  parallel_for(static_cast<std::size_t>(pieces), threads, [&](std::size_t piece) {
    const Index first = rows.begin + static_cast<Index>(piece) * kPiece;
    const RowRange band{first, std::min(first + kPiece, rows.end)};
    const MaskMatrix allowed = equation.mask(head, band);
    for (Index row = 0; row < band.size(); ++row) {
      const std::size_t at = mask.place(first + row);
      std::uint8_t* bytes = mask.allowed_.data() + at * mask.blocks_ * kBlock;
      std::copy_n(allowed.row(row).data(), inputs.n_k, bytes);
      classify(bytes, mask.blocks_, mask.classes_.data() + at * mask.blocks_);
    }
  });
  return mask;
}

bool MaskBlocks::skips(RowRange rows, std::size_t block) const {
  for (Index i = rows.begin; i < rows.end; ++i) {
    if (classes_[place(i) * blocks_ + block] != BlockClass::skip) return false;
    if (one_row_) break;
  }
  return true;
}

}  // namespace attn

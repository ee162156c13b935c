#pragma once

#include <cstddef>
#include <cstdint>

namespace attn::kernels {

/// What the masks say of kBlock keys of one row.
enum class BlockClass : std::uint8_t {
  skip,  ///< no key is allowed: nothing is computed, the weights are 0
  full,  ///< all are
  edge,  ///< some are: the row's own cells say which
};

/// One row of a mask. Keys beyond the last one are not allowed, so the last block of a row whose length is no
/// multiple of kBlock is an edge.
struct RowMask {
  const BlockClass* classes = nullptr;    ///< one a block
  const std::uint8_t* allowed = nullptr;  ///< 1 or 0 a key, whole blocks
  std::size_t blocks = 0;
};

/// Smallest and largest of the allowed numbers. Without any: min > max.
struct Extent {
  float min = 0, max = 0;
  bool finite = true;  ///< no NaN, no infinity among them
};
[[nodiscard]] Extent extent(const float* x, const RowMask& mask);

/// From scores to logits, cell by cell, in this order: · scale, soft cap, + bias, / temperature.
struct LogitTerms {
  float scale = 1;
  float cap = 0;  ///< c of c · tanh(x / c), 0: none
  bool cap_after_bias = false;
  const float* bias = nullptr;  ///< of this row, or nullptr
  float slope = 0;              ///< of ALiBi: slope · (j − i), or −slope · |i − j|
  float query = 0;              ///< i
  bool symmetric = false;
  float factor = 1;  ///< 1 / temperature
};
/// Cells of skipped blocks are left alone; cells that are not allowed hold anything. x and out may be the
/// same.
void logits(const float* x, const LogitTerms& terms, const RowMask& mask, float* out);

/// e^(factor · x) · 2^−shift, masked cells 0, and their sum. `shift` is the whole number next to the largest
/// t = factor · log2 e · x, and |t| < 2²⁰ for all allowed x. A result below 2⁻¹²⁶ is 0. Greatest error 3e-7
/// relative; the sum adds blocks in double, in their order. Skipped blocks are not written. x and out may be
/// the same.
struct Exponent {
  double factor = 1;
  float shift = 0;
};
[[nodiscard]] double exponentials(const float* x, const Exponent& exponent, const RowMask& mask, float* out);

/// out = factor · x, 0 where blocks are skipped; the first `count` numbers. x and out may be the same.
void scale(const float* x, float factor, const RowMask& mask, std::size_t count, float* out);
/// The same, past the caches, for what is not read again soon. The thread calls `finish_writes` before
/// another one reads.
void scale_away(const float* x, float factor, const RowMask& mask, std::size_t count, float* out);
void finish_writes();

/// How a score ends: x, tanh x, [x]₊, −x^(power / 2).
enum class Ending { none, tanh, relu, negative_power };
/// Over `blocks` whole blocks, in place.
void end_scores(Ending ending, float power, float* x, std::size_t blocks);

/// joined = joined + x, or the larger or smaller of the two (a NaN wins), over `blocks` whole
/// blocks.
enum class Join { sum, max, min };
void join(Join kind, const float* x, std::size_t blocks, float* joined);

}  // namespace attn::kernels

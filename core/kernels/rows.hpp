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
/// same. Greatest error: 4u (|scale · x| + |bias|) · factor, u = 2⁻²⁴, and 3e-7 · cap · factor with a cap.
void logits(const float* x, const LogitTerms& terms, const RowMask& mask, float* out);

/// e^(factor · x) · 2^−shift, masked cells 0, and their sum. `shift` is the whole number next to the largest
/// t = factor · log2 e · x; |t| < 2²⁰ for all allowed x; factor is 0 or 2⁻¹⁰⁰ ≤ |factor| < 2¹²⁷. A result
/// below 2^−125.5 is 0. Greatest error 3e-7 relative. The sum, 4e-7 relative: numbers of a block in float,
/// blocks in double, in their order. Skipped blocks are not written. x and out may be the same. With
/// a positive factor, −∞ is taken too and gives 0.
struct Exponent {
  double factor = 1;
  float shift = 0;
};
[[nodiscard]] double exponentials(const float* x, const Exponent& exponent, const RowMask& mask, float* out);

/// out = factor · x, 0 where blocks are skipped; `count` numbers, of which the last block may have fewer than
/// kBlock. x and out may be the same.
void scale(const float* x, float factor, const RowMask& mask, std::size_t count, float* out);
/// The same, past the caches, for what is not read again soon. The thread calls `finish_writes` before
/// another one reads.
void scale_away(const float* x, float factor, const RowMask& mask, std::size_t count, float* out);
void finish_writes();

/// How a score ends: x, tanh x, [x]₊, −x^(power / 2).
enum class Ending { none, tanh, relu, negative_power };
/// Over `blocks` whole blocks, in place.
void end_scores(Ending ending, float power, float* x, std::size_t blocks);

/// joined = joined + y, or the larger or smaller of the two (a NaN wins), y = factor · x, 0 where blocks are
/// skipped; whole blocks.
enum class Join { sum, max, min };
void join(Join kind, const float* x, float factor, const RowMask& mask, float* joined);

}  // namespace attn::kernels

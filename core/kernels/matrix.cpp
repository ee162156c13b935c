#include "core/kernels/matrix.hpp"

#include <algorithm>

#include "core/kernels/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/matrix.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.
#include <hwy/highway.h>

#include "core/kernels/exp-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace attn::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Registers: kTile rows × kVectors vectors of sums, and kVectors of the packed side; the rows' own numbers
// are broadcast from memory. 32 registers hold 6 × 4, 16 hold 6 × 2.
constexpr std::size_t kTile = 6;
template <class D>
constexpr std::size_t kVectors = HWY_TARGET == HWY_AVX3 ? 4 : 2;

struct Dot {
  static constexpr std::size_t kNumbers = 1;
  template <class V>
  static HWY_INLINE V step(V sum, V q, V k, V) {
    return hn::MulAdd(q, k, sum);
  }
};
struct SquaredDistance {
  static constexpr std::size_t kNumbers = 1;
  template <class V>
  static HWY_INLINE V step(V sum, V q, V k, V) {
    const V difference = hn::Sub(q, k);
    return hn::MulAdd(difference, difference, sum);
  }
};
struct Additive {
  static constexpr std::size_t kNumbers = 2;
  template <class V>
  static HWY_INLINE V step(V sum, V q, V k, V v) {
    return hn::MulAdd(v, tanh(hn::Add(q, k)), sum);
  }
};

// `rows` (at most kTile, known to the compiler) × kVectors vectors of one block.
template <class Step, std::size_t rows, class D, class T>
HWY_INLINE void tile(D d, const T* HWY_RESTRICT left, std::size_t step, const T* HWY_RESTRICT right,
                     std::size_t depth, T* HWY_RESTRICT out, std::size_t out_step) {
  using V = hn::Vec<D>;
  constexpr std::size_t n = kVectors<D>;
  const std::size_t lanes = hn::Lanes(d);
  V sums[rows][n];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < rows; ++r) {
#pragma GCC unroll 4
    for (std::size_t c = 0; c < n; ++c) sums[r][c] = hn::Zero(d);
  }
  for (std::size_t p = 0; p < depth; ++p) {
    V k[n];
#pragma GCC unroll 4
    for (std::size_t c = 0; c < n; ++c) k[c] = hn::Load(d, right + p * kBlock + c * lanes);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < rows; ++r) {
      const V q = hn::Set(d, left[r * step + p]);
      const V v = Step::kNumbers == 1 ? q : hn::Set(d, left[r * step + depth + p]);
#pragma GCC unroll 4
      for (std::size_t c = 0; c < n; ++c) sums[r][c] = Step::step(sums[r][c], q, k[c], v);
    }
  }
#pragma GCC unroll 8
  for (std::size_t r = 0; r < rows; ++r) {
#pragma GCC unroll 4
    for (std::size_t c = 0; c < n; ++c) hn::StoreU(sums[r][c], d, out + r * out_step + c * lanes);
  }
}

template <class Step, std::size_t rows, class T>
HWY_INLINE void block_rows(const T* left, std::size_t step, const T* right, std::size_t depth, T* out,
                           std::size_t out_step) {
  const hn::ScalableTag<T> d;
  const std::size_t width = kVectors<decltype(d)> * hn::Lanes(d);
  for (std::size_t c = 0; c < kBlock; c += width) {
    tile<Step, rows>(d, left, step, right + c, depth, out + c, out_step);
  }
}

// `count` rows, at most kTile.
template <class Step, std::size_t rows, class T>
HWY_INLINE void some_rows(std::size_t count, const T* left, std::size_t step, const T* right,
                          std::size_t depth, T* out, std::size_t out_step) {
  if (count == rows) return block_rows<Step, rows>(left, step, right, depth, out, out_step);
  if constexpr (rows > 1) some_rows<Step, rows - 1>(count, left, step, right, depth, out, out_step);
}

template <class Step, class T>
void blocks(const Rows<const T>& left, const Packed<T>& right, std::size_t first, std::size_t last,
            const Rows<T>& out) {
  for (std::size_t b = first; b < last; ++b) {
    for (std::size_t i = 0; i < left.count; i += kTile) {
      some_rows<Step, kTile>(std::min(kTile, left.count - i), left.data + i * left.step, left.step,
                             right.block(b), right.depth, out.data + i * out.step + b * kBlock, out.step);
    }
  }
}

void pairs_float(Pair pair, const Rows<const float>& left, const Packed<float>& right, std::size_t first,
                 std::size_t last, const Rows<float>& out) {
  switch (pair) {
    case Pair::dot:
      return blocks<Dot>(left, right, first, last, out);
    case Pair::squared_distance:
      return blocks<SquaredDistance>(left, right, first, last, out);
    case Pair::additive:
      return blocks<Additive>(left, right, first, last, out);
  }
}

void multiply_double(const Rows<const double>& left, const Packed<double>& right, const Rows<double>& out) {
#if HWY_HAVE_FLOAT64
  blocks<Dot>(left, right, 0, blocks_of(right.columns), out);
#endif
}

}  // namespace attn::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attn::kernels {
HWY_EXPORT(pairs_float);
HWY_EXPORT(multiply_double);

void pairs(Pair pair, Rows<const float> left, const Packed<float>& right, std::size_t first, std::size_t last,
           Rows<float> out) {
  HWY_DYNAMIC_DISPATCH(pairs_float)(pair, left, right, first, last, out);
}

void multiply(Rows<const float> left, const Packed<float>& right, Rows<float> out) {
  pairs(Pair::dot, left, right, 0, blocks_of(right.columns), out);
}

void multiply(Rows<const double> left, const Packed<double>& right, Rows<double> out) {
  HWY_DYNAMIC_DISPATCH(multiply_double)(left, right, out);
}
}  // namespace attn::kernels
#endif

// Walking the vectors of a row, for each target: included inside foreach_target, hence guarded the way
// Highway wants it.
#if defined(ATTN_KERNELS_ROW_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTN_KERNELS_ROW_INL
#undef ATTN_KERNELS_ROW_INL
#else
#define ATTN_KERNELS_ROW_INL
#endif

#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "core/kernels/exp-inl.hpp"
#include "core/kernels/packed.hpp"
#include "core/kernels/rows.hpp"

HWY_BEFORE_NAMESPACE();
namespace attn::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
using Mask = hn::Mask<D>;

// The lower and the upper half of the lanes in double, and back. A single lane has no upper half.
#if HWY_TARGET == HWY_SCALAR
using Wide = hn::Rebind<double, D>;
HWY_INLINE hn::Vec<Wide> lower(V x) {
  return hn::PromoteTo(Wide(), x);
}
HWY_INLINE hn::Vec<Wide> upper(V) {
  return hn::Zero(Wide());
}
HWY_INLINE V narrow(hn::Vec<Wide> low, hn::Vec<Wide>) {
  return hn::DemoteTo(D(), low);
}
#else
using Wide = hn::Repartition<double, D>;
using Half = hn::Half<D>;
HWY_INLINE hn::Vec<Wide> lower(V x) {
  return hn::PromoteTo(Wide(), hn::LowerHalf(Half(), x));
}
HWY_INLINE hn::Vec<Wide> upper(V x) {
  return hn::PromoteTo(Wide(), hn::UpperHalf(Half(), x));
}
HWY_INLINE V narrow(hn::Vec<Wide> low, hn::Vec<Wide> high) {
  return hn::Combine(D(), hn::DemoteTo(Half(), high), hn::DemoteTo(Half(), low));
}
#endif

// Which lanes of a vector count: the answers of a block whose keys are all allowed, and of an edge.
struct AllLanes {
  HWY_INLINE V only(std::size_t, V x) const { return x; }
  HWY_INLINE V choose(std::size_t, V x, V) const { return x; }
};
struct AllowedLanes {
  const std::uint8_t* allowed;
  HWY_INLINE Mask at(std::size_t place) const {
    const hn::RebindToSigned<D> di;
    const hn::Rebind<std::uint8_t, D> bytes;
    const auto ones = hn::PromoteTo(di, hn::LoadU(bytes, allowed + place));
    return hn::RebindMask(D(), hn::Gt(ones, hn::Zero(di)));
  }
  HWY_INLINE V only(std::size_t place, V x) const { return hn::IfThenElseZero(at(place), x); }
  HWY_INLINE V choose(std::size_t place, V x, V otherwise) const {
    return hn::IfThenElse(at(place), x, otherwise);
  }
};

// Calls block(first key, lanes) for each block that is not skipped, in order.
template <class Block>
HWY_INLINE void each_block(const RowMask& mask, Block block) {
  for (std::size_t b = 0; b < mask.blocks; ++b) {
    if (mask.classes[b] == BlockClass::full) {
      block(b * kBlock, AllLanes());
    } else if (mask.classes[b] == BlockClass::edge) {
      block(b * kBlock, AllowedLanes{mask.allowed});
    }
  }
}

// vector(place) of all vectors of a block, folded four side by side, so that none waits for the one before.
template <class Fold, class Vector>
HWY_INLINE V fold_block(std::size_t first, Fold fold, Vector vector) {
  static_assert(4 * hn::MaxLanes(D()) <= kBlock);
  const std::size_t lanes = hn::Lanes(D());
  V v0 = vector(first);
  V v1 = vector(first + lanes);
  V v2 = vector(first + 2 * lanes);
  V v3 = vector(first + 3 * lanes);
  for (std::size_t at = first + 4 * lanes; at < first + kBlock; at += 4 * lanes) {
    v0 = fold(v0, vector(at));
    v1 = fold(v1, vector(at + lanes));
    v2 = fold(v2, vector(at + 2 * lanes));
    v3 = fold(v3, vector(at + 3 * lanes));
  }
  return fold(fold(v0, v1), fold(v2, v3));
}
HWY_INLINE V add(V a, V b) {
  return hn::Add(a, b);
}

// 2^t, t = c · x − shift, c = factor · log2 e: t = n + r, n whole, as y = kRound + n and r.
struct Power {
  V y, r;
};
#if HWY_NATIVE_FMA
// c stands as two floats, and whole numbers are exact, so that r comes out of fused multiply-adds, rounded
// once, however large c · x is. `bias` is kRound − shift, exact too.
class PowerOf {
 public:
  HWY_INLINE PowerOf(double c, float shift) {
    const auto high = static_cast<float>(c);
    high_ = hn::Set(D(), high);
    low_ = hn::Set(D(), static_cast<float>(c - static_cast<double>(high)));
    bias_ = hn::Set(D(), kRound - shift);
  }
  HWY_INLINE Power operator()(V x) const {
    const V y = hn::MulAdd(x, high_, bias_);
    return {y, hn::MulAdd(x, low_, hn::MulSub(x, high_, hn::Sub(y, bias_)))};
  }

 private:
  V high_, low_, bias_;
};
#else
// Without them, in double.
class PowerOf {
 public:
  HWY_INLINE PowerOf(double c, float shift)
      : c_(hn::Set(Wide(), c)), shift_(hn::Set(Wide(), static_cast<double>(shift))) {}
  HWY_INLINE Power operator()(V x) const {
    const auto t0 = hn::Sub(hn::Mul(c_, lower(x)), shift_);
    const auto t1 = hn::Sub(hn::Mul(c_, upper(x)), shift_);
    const auto n0 = hn::Round(t0);
    const auto n1 = hn::Round(t1);
    return {hn::Add(narrow(n0, n1), hn::Set(D(), kRound)), narrow(hn::Sub(t0, n0), hn::Sub(t1, n1))};
  }

 private:
  hn::Vec<Wide> c_, shift_;
};
#endif

}  // namespace attn::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif

#include "core/kernels/rows.hpp"

#include <algorithm>
#include <limits>
#include <numbers>

#include "core/kernels/packed.hpp"
#include "core/kernels/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/rows.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.
#include <hwy/highway.h>

#include "core/kernels/exp-inl.hpp"

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

void extent_row(const float* HWY_RESTRICT x, const RowMask& mask, Extent& result) {
  const D d;
  const V zero = hn::Zero(d);
  const V infinity = hn::Set(d, std::numeric_limits<float>::infinity());
  const V minus_infinity = hn::Neg(infinity);
  V low = infinity;
  V high = minus_infinity;
  V odd = zero;  // until a NaN or an infinity comes by
  each_block(mask, [&](std::size_t first, auto lanes) {
    const auto load = [&](std::size_t at) { return hn::LoadU(d, x + at); };
    const auto least = [](V a, V b) { return hn::Min(a, b); };
    const auto most = [](V a, V b) { return hn::Max(a, b); };
    low = hn::Min(
        low, fold_block(first, least, [&](std::size_t at) { return lanes.choose(at, load(at), infinity); }));
    high = hn::Max(high, fold_block(first, most, [&](std::size_t at) {
                     return lanes.choose(at, load(at), minus_infinity);
                   }));
    odd = hn::Add(
        odd, fold_block(first, add, [&](std::size_t at) { return hn::Mul(lanes.only(at, load(at)), zero); }));
  });
  result = {hn::GetLane(hn::MinOfLanes(d, low)), hn::GetLane(hn::MaxOfLanes(d, high)),
            hn::AllTrue(d, hn::Eq(odd, zero))};
}

// bias_of(place) is the bias of a vector of keys; capped or not is known to the compiler.
template <bool kCap, class Bias>
HWY_INLINE void logits_with(const float* x, const LogitTerms& terms, const RowMask& mask, float* out,
                            Bias bias_of) {
  const D d;
  const V scale = hn::Set(d, terms.scale);
  const V factor = hn::Set(d, terms.factor);
  const V cap = hn::Set(d, terms.cap);
  const V per_cap = hn::Set(d, kCap ? 1 / terms.cap : 0);
  const auto cell = [&](std::size_t at) {
    V v = hn::Mul(hn::LoadU(d, x + at), scale);
    if (kCap && !terms.cap_after_bias) v = hn::Mul(cap, tanh(hn::Mul(v, per_cap)));
    v = hn::Add(v, bias_of(at));
    if (kCap && terms.cap_after_bias) v = hn::Mul(cap, tanh(hn::Mul(v, per_cap)));
    hn::StoreU(hn::Mul(v, factor), d, out + at);
  };
  each_block(mask, [&](std::size_t first, auto) {
    for (std::size_t c = 0; c < kBlock; c += hn::Lanes(d)) cell(first + c);
  });
}

template <bool kCap>
HWY_INLINE void logits_capped(const float* x, const LogitTerms& terms, const RowMask& mask, float* out) {
  const D d;
  if (terms.bias != nullptr) {
    return logits_with<kCap>(x, terms, mask, out,
                             [&](std::size_t at) { return hn::LoadU(d, terms.bias + at); });
  }
  if (terms.slope == 0)
    return logits_with<kCap>(x, terms, mask, out, [&](std::size_t) { return hn::Zero(d); });
  const V slope = hn::Set(d, terms.slope);
  const V query = hn::Set(d, terms.query);
  const auto distance = [&](std::size_t at) { return hn::Sub(hn::Iota(d, static_cast<float>(at)), query); };
  if (!terms.symmetric) {
    return logits_with<kCap>(x, terms, mask, out,
                             [&](std::size_t at) { return hn::Mul(slope, distance(at)); });
  }
  logits_with<kCap>(x, terms, mask, out,
                    [&](std::size_t at) { return hn::Neg(hn::Mul(slope, hn::Abs(distance(at)))); });
}

void logits_row(const float* x, const LogitTerms& terms, const RowMask& mask, float* out) {
  if (terms.cap != 0) return logits_capped<true>(x, terms, mask, out);
  logits_capped<false>(x, terms, mask, out);
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

double exponentials_row(const float* x, const Exponent& exponent, const RowMask& mask, float* out) {
  const D d;
  const PowerOf power(exponent.factor * std::numbers::log2e, exponent.shift);
  const V smallest = hn::Set(d, kRound - 125);
  const Wide wide;
  auto sum = hn::Zero(wide);
  each_block(mask, [&](std::size_t first, auto lanes) {
    const V of_block = fold_block(first, add, [&](std::size_t at) {
      const Power p = power(hn::LoadU(d, x + at));
      const V e = times_power(exp2_fraction(p.r), p.y);
      const V kept = lanes.only(at, hn::IfThenElseZero(hn::Ge(p.y, smallest), e));
      hn::StoreU(kept, d, out + at);
      return kept;
    });
    sum = hn::Add(sum, hn::Add(lower(of_block), upper(of_block)));
  });
  return hn::GetLane(hn::SumOfLanes(wide, sum));
}

// out[j] = of(j), of_vector(j) being `lanes` of them, for j in [first, last): whole lines of 64 bytes go past
// the caches, as a map is larger than they are.
template <class One, class Vector>
HWY_INLINE void write(std::size_t first, std::size_t last, float* out, One one, Vector vector) {
  constexpr std::size_t kLine = 16;
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t j = first;
  for (; j < last && reinterpret_cast<std::uintptr_t>(out + j) % 64 != 0; ++j) out[j] = one(j);
  for (; j + kLine <= last; j += kLine) {
    for (std::size_t c = 0; c < kLine; c += lanes) hn::Stream(vector(j + c), d, out + j + c);
  }
  for (; j < last; ++j) out[j] = one(j);
}

void scale_row(const float* x, float factor, const RowMask& mask, std::size_t count, float* out) {
  const D d;
  const V f = hn::Set(d, factor);
  const auto skipped = [&](std::size_t b) { return mask.classes[b] == BlockClass::skip; };
  for (std::size_t b = 0; b < mask.blocks;) {
    const std::size_t from = b;
    while (b < mask.blocks && skipped(b) == skipped(from)) ++b;
    const std::size_t first = from * kBlock;
    const std::size_t last = std::min(b * kBlock, count);
    if (skipped(from)) {
      write(
          first, last, out, [](std::size_t) { return 0.0F; }, [&](std::size_t) { return hn::Zero(d); });
    } else {
      write(
          first, last, out, [&](std::size_t j) { return factor * x[j]; },
          [&](std::size_t j) { return hn::Mul(f, hn::LoadU(d, x + j)); });
    }
  }
}

}  // namespace attn::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attn::kernels {
HWY_EXPORT(extent_row);
HWY_EXPORT(logits_row);
HWY_EXPORT(exponentials_row);
HWY_EXPORT(scale_row);

Extent extent(const float* x, const RowMask& mask) {
  Extent result;
  HWY_DYNAMIC_DISPATCH(extent_row)(x, mask, result);
  return result;
}

void logits(const float* x, const LogitTerms& terms, const RowMask& mask, float* out) {
  HWY_DYNAMIC_DISPATCH(logits_row)(x, terms, mask, out);
}

double exponentials(const float* x, const Exponent& exponent, const RowMask& mask, float* out) {
  return HWY_DYNAMIC_DISPATCH(exponentials_row)(x, exponent, mask, out);
}

void scale(const float* x, float factor, const RowMask& mask, std::size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(scale_row)(x, factor, mask, count, out);
}
}  // namespace attn::kernels
#endif

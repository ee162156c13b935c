#include "core/kernels/rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/kernels/packed.hpp"
#include "core/kernels/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/rows.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "core/kernels/exp-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace attn::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
using Mask = hn::Mask<D>;

// Lanes of `allowed` that hold 1.
HWY_INLINE Mask allowed_lanes(D d, const std::uint8_t* allowed) {
  const hn::RebindToSigned<D> di;
  const hn::Rebind<std::uint8_t, D> bytes;
  return hn::RebindMask(d, hn::Gt(hn::PromoteTo(di, hn::LoadU(bytes, allowed)), hn::Zero(di)));
}

// The lanes in double, the upper half added to the lower one.
#if HWY_TARGET == HWY_SCALAR
using Wide = hn::Rebind<double, D>;
#else
using Wide = hn::Repartition<double, D>;
#endif
HWY_INLINE hn::Vec<Wide> in_double(V x) {
  const Wide d;
#if HWY_TARGET == HWY_SCALAR
  return hn::PromoteTo(d, x);
#else
  const hn::Half<D> half;
  return hn::Add(hn::PromoteTo(d, hn::LowerHalf(half, x)), hn::PromoteTo(d, hn::UpperHalf(half, x)));
#endif
}

// Calls full(place) or edge(place, lanes) for each vector of the row that is not skipped, in order, and
// `block()` after each block.
template <class Full, class Edge, class Block>
HWY_INLINE void each_vector(const RowMask& mask, Full full, Edge edge, Block block) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t b = 0; b < mask.blocks; ++b) {
    if (mask.classes[b] == BlockClass::skip) continue;
    const std::size_t first = b * kBlock;
    if (mask.classes[b] == BlockClass::full) {
#pragma GCC unroll 4
      for (std::size_t c = 0; c < kBlock; c += lanes) full(first + c);
    } else {
#pragma GCC unroll 4
      for (std::size_t c = 0; c < kBlock; c += lanes) {
        edge(first + c, allowed_lanes(d, mask.allowed + first + c));
      }
    }
    block();
  }
}

void extent_row(const float* HWY_RESTRICT x, const RowMask& mask, Extent& result) {
  const D d;
  V low = hn::Set(d, std::numeric_limits<float>::infinity());
  V high = hn::Neg(low);
  // Zero unless a NaN or an infinity came by.
  V odd = hn::Zero(d);
  each_vector(
      mask,
      [&](std::size_t at) {
        const V v = hn::LoadU(d, x + at);
        low = hn::Min(low, v);
        high = hn::Max(high, v);
        odd = hn::MulAdd(v, hn::Zero(d), odd);
      },
      [&](std::size_t at, Mask lanes) {
        const V v = hn::LoadU(d, x + at);
        low = hn::IfThenElse(lanes, hn::Min(low, v), low);
        high = hn::IfThenElse(lanes, hn::Max(high, v), high);
        odd = hn::IfThenElse(lanes, hn::MulAdd(v, hn::Zero(d), odd), odd);
      },
      [] {});
  result = {hn::GetLane(hn::MinOfLanes(d, low)), hn::GetLane(hn::MaxOfLanes(d, high)),
            hn::AllTrue(d, hn::Eq(odd, hn::Zero(d)))};
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
  each_vector(
      mask, cell, [&](std::size_t at, Mask) { cell(at); }, [] {});
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

// The result is 2^t, t = c · x − shift, c = factor · log2 e. c stands as two floats and shift is a whole
// number, so that the fraction of t comes out of one fused multiply-add, rounded once, however large t is.
double exponentials_row(const float* x, const Exponent& exponent, const RowMask& mask, float* out) {
  const D d;
  const double c = exponent.factor * std::numbers::log2e;
  const auto c_high = static_cast<float>(c);
  const auto c_low = static_cast<float>(c - static_cast<double>(c_high));
  const V high = hn::Set(d, c_high);
  const V low = hn::Set(d, c_low);
  const V shift = hn::Set(d, exponent.shift);
  const V round = hn::Set(d, kRound);
  const auto power = [&](std::size_t at) {
    const V v = hn::LoadU(d, x + at);
    // Below −126 the result is no normal number any more; the clamp keeps the exponent from wrapping.
    const V t = hn::Max(hn::MulSub(v, high, shift), hn::Set(d, -150.0F));
    const V n = hn::Sub(hn::Add(t, round), round);
    const V r = hn::MulAdd(v, low, hn::MulSub(v, high, hn::Add(shift, n)));
    return hn::IfThenElseZero(hn::Ge(n, hn::Set(d, -126.0F)), times_power(exp2_fraction(r), n));
  };
  const Wide wide;
  auto sum = hn::Zero(wide);
  V of_block = hn::Zero(d);
  each_vector(
      mask,
      [&](std::size_t at) {
        const V e = power(at);
        of_block = hn::Add(of_block, e);
        hn::StoreU(e, d, out + at);
      },
      [&](std::size_t at, Mask lanes) {
        const V e = hn::IfThenElseZero(lanes, power(at));
        of_block = hn::Add(of_block, e);
        hn::StoreU(e, d, out + at);
      },
      [&] {
        sum = hn::Add(sum, in_double(of_block));
        of_block = hn::Zero(d);
      });
  return hn::GetLane(hn::SumOfLanes(wide, sum));
}

template <bool kAway>
HWY_INLINE void store(V x, float* out) {
  if constexpr (kAway) {
    hn::Stream(x, D(), out);
  } else {
    hn::StoreU(x, D(), out);
  }
}

template <bool kAway>
HWY_INLINE void scale_blocks(const float* x, float factor, const RowMask& mask, std::size_t count,
                             float* out) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const V f = hn::Set(d, factor);
  for (std::size_t b = 0; b < mask.blocks; ++b) {
    const std::size_t first = b * kBlock;
    const std::size_t width = std::min(kBlock, count - first);
    const bool skipped = mask.classes[b] == BlockClass::skip;
    if (width < kBlock) {
      for (std::size_t c = 0; c < width; ++c) out[first + c] = skipped ? 0 : factor * x[first + c];
    } else if (skipped) {
#pragma GCC unroll 4
      for (std::size_t c = 0; c < kBlock; c += lanes) store<kAway>(hn::Zero(d), out + first + c);
    } else {
#pragma GCC unroll 4
      for (std::size_t c = 0; c < kBlock; c += lanes) {
        store<kAway>(hn::Mul(f, hn::LoadU(d, x + first + c)), out + first + c);
      }
    }
  }
}

void scale_row(const float* x, float factor, const RowMask& mask, std::size_t count, float* out, bool away) {
  // Stores past the caches are for whole vectors at their places.
  if (away && reinterpret_cast<std::uintptr_t>(out) % (kBlock * sizeof(float) / 4) == 0) {
    return scale_blocks<true>(x, factor, mask, count, out);
  }
  scale_blocks<false>(x, factor, mask, count, out);
}

template <class Cell>
HWY_INLINE void each_cell(float* x, std::size_t blocks, Cell cell) {
  const D d;
  for (std::size_t at = 0; at < blocks * kBlock; at += hn::Lanes(d)) {
    hn::StoreU(cell(hn::LoadU(d, x + at), at), d, x + at);
  }
}

void end_row(Ending ending, float power, float* x, std::size_t blocks) {
  const D d;
  switch (ending) {
    case Ending::none:
      return;
    case Ending::tanh:
      return each_cell(x, blocks, [](V v, std::size_t) { return tanh(v); });
    case Ending::relu:
      return each_cell(x, blocks, [&](V v, std::size_t) { return hn::Max(v, hn::Zero(d)); });
    case Ending::negative_power:
      if (power == 2) return each_cell(x, blocks, [](V v, std::size_t) { return hn::Neg(v); });
      if (power == 1) return each_cell(x, blocks, [](V v, std::size_t) { return hn::Neg(hn::Sqrt(v)); });
      for (std::size_t at = 0; at < blocks * kBlock; ++at) x[at] = -std::pow(x[at], power / 2);
  }
}

// The NaN of the two where there is one: the least and the largest of a machine lose it, or not.
HWY_INLINE V or_nan(V a, V b, V otherwise) {
  return hn::IfThenElse(hn::Ne(a, a), a, hn::IfThenElse(hn::Ne(b, b), b, otherwise));
}

void join_row(Join kind, const float* x, std::size_t blocks, float* joined) {
  const D d;
  const auto with = [&](auto both) {
    each_cell(joined, blocks, [&](V v, std::size_t at) { return both(v, hn::LoadU(d, x + at)); });
  };
  switch (kind) {
    case Join::sum:
      return with([](V a, V b) { return hn::Add(a, b); });
    case Join::max:
      return with([](V a, V b) { return or_nan(a, b, hn::Max(a, b)); });
    case Join::min:
      return with([](V a, V b) { return or_nan(a, b, hn::Min(a, b)); });
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
HWY_EXPORT(end_row);
HWY_EXPORT(join_row);

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
  HWY_DYNAMIC_DISPATCH(scale_row)(x, factor, mask, count, out, false);
}

void scale_away(const float* x, float factor, const RowMask& mask, std::size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(scale_row)(x, factor, mask, count, out, true);
}

void end_scores(Ending ending, float power, float* x, std::size_t blocks) {
  HWY_DYNAMIC_DISPATCH(end_row)(ending, power, x, blocks);
}

void join(Join kind, const float* x, std::size_t blocks, float* joined) {
  HWY_DYNAMIC_DISPATCH(join_row)(kind, x, blocks, joined);
}

void finish_writes() {
  hwy::FlushStream();
}
}  // namespace attn::kernels
#endif

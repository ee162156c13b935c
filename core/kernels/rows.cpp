#include "core/kernels/rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/kernels/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/rows.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "core/kernels/row-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace attn::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

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

// out[j] = one(j), vector(j) being `lanes` of them, for j in [first, last). Away: whole lines of 64 bytes go
// past the caches, as a map is larger than they are.
template <bool kAway, class One, class Vector>
HWY_INLINE void write(std::size_t first, std::size_t last, float* out, One one, Vector vector) {
  constexpr std::size_t kLine = 16;
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t j = first;
  for (; kAway && j < last && reinterpret_cast<std::uintptr_t>(out + j) % 64 != 0; ++j) out[j] = one(j);
  for (; j + kLine <= last; j += kLine) {
    for (std::size_t c = 0; c < kLine; c += lanes) {
      if constexpr (kAway) {
        hn::Stream(vector(j + c), d, out + j + c);
      } else {
        hn::StoreU(vector(j + c), d, out + j + c);
      }
    }
  }
  for (; j < last; ++j) out[j] = one(j);
}

template <bool kAway>
HWY_INLINE void scale_blocks(const float* x, float factor, const RowMask& mask, std::size_t count,
                             float* out) {
  const D d;
  const V f = hn::Set(d, factor);
  const auto skipped = [&](std::size_t b) { return mask.classes[b] == BlockClass::skip; };
  for (std::size_t b = 0; b < mask.blocks;) {
    const std::size_t from = b;
    while (b < mask.blocks && skipped(b) == skipped(from)) ++b;
    const std::size_t first = from * kBlock;
    const std::size_t last = std::min(b * kBlock, count);
    if (skipped(from)) {
      write<kAway>(
          first, last, out, [](std::size_t) { return 0.0F; }, [&](std::size_t) { return hn::Zero(d); });
    } else {
      write<kAway>(
          first, last, out, [&](std::size_t j) { return factor * x[j]; },
          [&](std::size_t j) { return hn::Mul(f, hn::LoadU(d, x + j)); });
    }
  }
}

void scale_row(const float* x, float factor, const RowMask& mask, std::size_t count, float* out, bool away) {
  away ? scale_blocks<true>(x, factor, mask, count, out) : scale_blocks<false>(x, factor, mask, count, out);
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

template <class Both>
HWY_INLINE void join_blocks(const float* x, float factor, const RowMask& mask, float* joined, bool all,
                            Both both) {
  const D d;
  const V f = hn::Set(d, factor);
  for (std::size_t b = 0; b < mask.blocks; ++b) {
    const bool skipped = mask.classes[b] == BlockClass::skip;
    if (skipped && !all) continue;
    for (std::size_t at = b * kBlock; at < (b + 1) * kBlock; at += hn::Lanes(d)) {
      const V y = skipped ? hn::Zero(d) : hn::Mul(f, hn::LoadU(d, x + at));
      hn::StoreU(both(hn::LoadU(d, joined + at), y), d, joined + at);
    }
  }
}

void join_row(Join kind, const float* x, float factor, const RowMask& mask, float* joined) {
  switch (kind) {
    case Join::sum:
      return join_blocks(x, factor, mask, joined, false, [](V a, V b) { return hn::Add(a, b); });
    case Join::max:
      return join_blocks(x, factor, mask, joined, true, [](V a, V b) { return or_nan(a, b, hn::Max(a, b)); });
    case Join::min:
      return join_blocks(x, factor, mask, joined, true, [](V a, V b) { return or_nan(a, b, hn::Min(a, b)); });
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

void join(Join kind, const float* x, float factor, const RowMask& mask, float* joined) {
  HWY_DYNAMIC_DISPATCH(join_row)(kind, x, factor, mask, joined);
}

void finish_writes() {
  hwy::FlushStream();
}
}  // namespace attn::kernels
#endif

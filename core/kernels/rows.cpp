#include "core/kernels/rows.hpp"

#include <algorithm>
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

// e^(factor · x) · 2^−shift of one row, block by block, and their sum.
class Exponentials {
 public:
  HWY_INLINE Exponentials(const float* x, const Exponent& exponent, const RowMask& mask, float* out)
      : power_(exponent.factor * std::numbers::log2e, exponent.shift), x_(x), mask_(mask), out_(out) {}

  HWY_INLINE void block(std::size_t b) {
    if (mask_.classes[b] == BlockClass::full) {
      block(b * kBlock, AllLanes());
    } else if (mask_.classes[b] == BlockClass::edge) {
      block(b * kBlock, AllowedLanes{mask_.allowed});
    }
  }
  HWY_INLINE double sum() const { return hn::GetLane(hn::SumOfLanes(Wide(), sum_)); }

 private:
  template <class Lanes>
  HWY_INLINE void block(std::size_t first, Lanes lanes) {
    const D d;
    const V smallest = hn::Set(d, kRound - 125);
    const V of_block = fold_block(first, add, [&](std::size_t at) {
      const Power p = power_(hn::LoadU(d, x_ + at));
      const V e = times_power(exp2_fraction(p.r), p.y);
      const V kept = lanes.only(at, hn::IfThenElseZero(hn::Ge(p.y, smallest), e));
      hn::StoreU(kept, d, out_ + at);
      return kept;
    });
    sum_ = hn::Add(sum_, hn::Add(lower(of_block), upper(of_block)));
  }

  PowerOf power_;
  const float* x_;
  const RowMask& mask_;
  float* out_;
  hn::Vec<Wide> sum_ = hn::Zero(Wide());
};

double exponentials_row(const float* x, const Exponent& exponent, const RowMask& mask, float* out) {
  Exponentials row(x, exponent, mask, out);
  for (std::size_t b = 0; b < mask.blocks; ++b) row.block(b);
  return row.sum();
}

// out = factor · x, 0 where blocks are skipped, piece by piece. Whole lines of 64 bytes go past the caches,
// as a map is larger than they are.
class Scaled {
 public:
  HWY_INLINE Scaled(const float* x, float factor, const RowMask& mask, std::size_t count, float* out)
      : x_(x), factor_(factor), mask_(&mask), count_(count), out_(out) {}

  // All lines that end before key `end`.
  HWY_INLINE void write_lines(std::size_t end) {
    if (end < count_) write(end - reinterpret_cast<std::uintptr_t>(out_ + end) % 64 / sizeof(float));
  }
  HWY_INLINE void write_rest() { write(count_); }

 private:
  HWY_INLINE bool skipped(std::size_t j) const { return mask_->classes[j / kBlock] == BlockClass::skip; }

  HWY_INLINE void write(std::size_t end) {
    const D d;
    const V f = hn::Set(d, factor_);
    while (at_ < end) {
      const bool zero = skipped(at_);
      std::size_t last = at_;
      while (last < end && skipped(last) == zero) last = (last / kBlock + 1) * kBlock;
      last = std::min(last, end);
      if (zero) {
        write(
            last, [](std::size_t) { return 0.0F; }, [&](std::size_t) { return hn::Zero(d); });
      } else {
        write(
            last, [&](std::size_t j) { return factor_ * x_[j]; },
            [&](std::size_t j) { return hn::Mul(f, hn::LoadU(d, x_ + j)); });
      }
    }
  }

  template <class One, class Vector>
  HWY_INLINE void write(std::size_t end, One one, Vector vector) {
    constexpr std::size_t kLine = 64 / sizeof(float);
    const D d;
    std::size_t j = at_;
    for (; j < end && reinterpret_cast<std::uintptr_t>(out_ + j) % 64 != 0; ++j) out_[j] = one(j);
    for (; j + kLine <= end; j += kLine) {
      for (std::size_t c = 0; c < kLine; c += hn::Lanes(d)) hn::Stream(vector(j + c), d, out_ + j + c);
    }
    for (; j < end; ++j) out_[j] = one(j);
    at_ = end;
  }

  const float* x_;
  float factor_;
  const RowMask* mask_;
  std::size_t count_;
  float* out_;
  std::size_t at_ = 0;
};

void scale_row(const float* x, float factor, const RowMask& mask, std::size_t count, float* out) {
  Scaled(x, factor, mask, count, out).write_rest();
}

void softmax_rows(const SoftmaxRow* rows, std::size_t count) {
  Scaled before(nullptr, 0, rows[0].mask, 0, nullptr);
  for (std::size_t r = 0; r < count; ++r) {
    const SoftmaxRow& row = rows[r];
    Exponentials exponentials(row.x, row.exponent, row.mask, row.x);
    for (std::size_t b = 0; b < row.mask.blocks; ++b) {
      exponentials.block(b);
      before.write_lines((b + 1) * kBlock);
    }
    before.write_rest();
    const double sum = exponentials.sum() + row.extra;
    before = Scaled(row.x, static_cast<float>(1 / sum), row.mask, row.count, row.out);
  }
  before.write_rest();
}

}  // namespace attn::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attn::kernels {
HWY_EXPORT(extent_row);
HWY_EXPORT(logits_row);
HWY_EXPORT(exponentials_row);
HWY_EXPORT(scale_row);
HWY_EXPORT(softmax_rows);

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

void flush_writes() {
  hwy::FlushStream();
}

void softmax(std::span<const SoftmaxRow> rows) {
  if (!rows.empty()) HWY_DYNAMIC_DISPATCH(softmax_rows)(rows.data(), rows.size());
}
}  // namespace attn::kernels
#endif

#include "core/kernels/normalizers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/kernels/entmax.hpp"
#include "core/kernels/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/normalizers.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.
#include <hwy/highway.h>

#include "core/kernels/row-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace attn::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

// out = of(x), masked cells 0, in the blocks that are not skipped; returns the sum.
template <class Of>
HWY_INLINE double map_row(const float* x, const RowMask& mask, float* out, Of of) {
  const D d;
  const Wide wide;
  auto sum = hn::Zero(wide);
  each_block(mask, [&](std::size_t first, auto lanes) {
    const V of_block = fold_block(first, add, [&](std::size_t at) {
      const V v = lanes.only(at, of(hn::LoadU(d, x + at)));
      hn::StoreU(v, d, out + at);
      return v;
    });
    sum = hn::Add(sum, hn::Add(lower(of_block), upper(of_block)));
  });
  return hn::GetLane(hn::SumOfLanes(wide, sum));
}

// 1 / (1 + factor · 2^t), t = −log2 e · x − shift. Where |t| > 125 it is 1 or 0.
void sigmoid_row(const float* x, float shift, float factor, const RowMask& mask, float* out) {
  const D d;
  const V one = hn::Set(d, 1.0F), f = hn::Set(d, factor);
  const V bound = hn::Set(d, 0x1p19F), minus_bound = hn::Set(d, -0x1p19F);
  const V low = hn::Set(d, kRound - 125), high = hn::Set(d, kRound + 125);
  const PowerOf power(-std::numbers::log2e, shift);
  static_cast<void>(map_row(x, mask, out, [&](V v) {
    const Power p = power(hn::Min(hn::Max(v, minus_bound), bound));
    const V e = hn::Mul(times_power(exp2_fraction(p.r), p.y), f);
    const V weight = hn::Div(one, hn::Add(one, hn::IfThenElseZero(hn::Ge(p.y, low), e)));
    return hn::IfThenElseZero(hn::Le(p.y, high), weight);
  }));
}

double positive_row(const float* x, float factor, const RowMask& mask, float* out) {
  const D d;
  const V zero = hn::Zero(d), f = hn::Set(d, factor);
  return map_row(x, mask, out, [&](V v) { return hn::Mul(f, hn::Max(v, zero)); });
}

void allowed_row(const float* x, const RowMask& mask, float* out) {
  static_cast<void>(map_row(x, mask, out, [](V v) { return v; }));
}

// Floats in the order of their bits, −0 right before 0; its own inverse.
HWY_INLINE std::int32_t turned(std::int32_t bits) {
  return bits ^ ((bits >> 31) & 0x7fffffff);
}
HWY_INLINE std::int32_t place_of(float x) {
  return turned(std::bit_cast<std::int32_t>(x));
}
HWY_INLINE float at_place(std::int32_t place) {
  return std::bit_cast<float>(turned(place));
}

HWY_INLINE std::size_t count_at_least(const float* x, float least, const RowMask& mask) {
  const D d;
  const V bound = hn::Set(d, least);
  const V none = hn::Set(d, kMinusInfinity);
  std::size_t count = 0;
  each_block(mask, [&](std::size_t first, auto lanes) {
    for (std::size_t at = first; at < first + kBlock; at += hn::Lanes(d)) {
      count += hn::CountTrue(d, hn::Ge(lanes.choose(at, hn::LoadU(d, x + at), none), bound));
    }
  });
  return count;
}

// out = x where it is one of the k largest, else −∞. Their bound is searched by halving the floats between
// the row's extremes: at most 32 counts, and fewer as soon as one is k.
void keep_largest_row(const float* x, std::size_t k, const Extent& extent, const RowMask& mask, float* out) {
  const D d;
  std::int64_t low = place_of(extent.min), high = std::int64_t{place_of(extent.max)} + 1;
  std::size_t kept = count_at_least(x, extent.min, mask);
  while (kept > k && high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    const std::size_t count = count_at_least(x, at_place(static_cast<std::int32_t>(middle)), mask);
    if (count >= k) {
      low = middle;
      kept = count;
    } else {
      high = middle;
    }
  }
  const float least = at_place(static_cast<std::int32_t>(low));
  const V bound = hn::Set(d, least);
  const V none = hn::Set(d, kMinusInfinity);
  each_block(mask, [&](std::size_t first, auto lanes) {
    for (std::size_t at = first; at < first + kBlock; at += hn::Lanes(d)) {
      const V v = lanes.choose(at, hn::LoadU(d, x + at), none);
      hn::StoreU(hn::IfThenElse(hn::Ge(v, bound), v, none), d, out + at);
    }
  });
  // Too many are equal to the bound: the last ones go.
  for (std::size_t j = mask.blocks * kBlock; kept > k; --j) {
    if (mask.classes[(j - 1) / kBlock] == BlockClass::skip || out[j - 1] != least) continue;
    out[j - 1] = kMinusInfinity;
    --kept;
  }
}

}  // namespace attn::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attn::kernels {
HWY_EXPORT(sigmoid_row);
HWY_EXPORT(positive_row);
HWY_EXPORT(allowed_row);
HWY_EXPORT(keep_largest_row);
namespace {

// Beyond, |log2 e · x| might reach 2²⁰, and a bias of that size takes part in the same sum.
constexpr double kLargestLogit = 0x1p19, kLargestBias = 0x1p18;

struct Row {
  const float* x;
  const Extent& extent;
  const RowMask& mask;
  std::size_t n;
  NormalizerScratch& scratch;
  float* out;
};

float whole(double x) {
  return static_cast<float>(std::nearbyint(x));
}

// x, which may be the scratch, has the largest number of the row.
void softmax_of(const float* x, std::optional<double> sink, const Row& row) {
  const double top = row.extent.max;
  const double largest = std::max(top, sink.value_or(top));
  const float shift = whole(std::numbers::log2e * largest);
  float* e = row.scratch.values.data();
  double sum = exponentials(x, {1, shift}, row.mask, e);
  if (sink) sum += std::exp2(std::numbers::log2e * *sink - static_cast<double>(shift));
  scale(e, static_cast<float>(1 / sum), row.mask, row.n, row.out);
}

bool softmax(const NormalizerJob& job, const Row& row) {
  softmax_of(row.x, job.sink, row);
  return true;
}

bool double_softmax(const NormalizerJob&, const Row& row) {
  float* e = row.scratch.values.data();
  const double inner =
      exponentials(row.x, {1, whole(std::numbers::log2e * static_cast<double>(row.extent.max))}, row.mask, e);
  // The first softmax is e / inner, at most 1, so its exponential is not far from 2 and from 1.
  const double sum = exponentials(e, {1 / inner, 1}, row.mask, e);
  scale(e, static_cast<float>(1 / sum), row.mask, row.n, row.out);
  return true;
}

bool entmax(const NormalizerJob& job, const Row& row) {
  if (job.alpha == 1) {
    softmax_of(row.x, std::nullopt, row);
  } else {
    kernels::entmax(job.alpha, row.x, row.extent.max, row.mask, row.n, row.scratch, row.out);
  }
  return true;
}

bool top_k(const NormalizerJob& job, const Row& row) {
  float* kept = row.scratch.values.data();
  HWY_DYNAMIC_DISPATCH(keep_largest_row)(row.x, job.k, row.extent, row.mask, kept);
  softmax_of(kept, std::nullopt, row);
  return true;
}

bool sigmoid(const NormalizerJob& job, const Row& row) {
  const double t = -std::numbers::log2e * job.bias;
  float* weights = row.scratch.values.data();
  // The exponent is −log2 e · x + t: what is whole of t shifts it, the rest multiplies.
  HWY_DYNAMIC_DISPATCH(sigmoid_row)
  (row.x, -whole(t), static_cast<float>(std::exp2(t - std::nearbyint(t))), row.mask, weights);
  scale(weights, 1, row.mask, row.n, row.out);
  return true;
}

bool positive_share(const NormalizerJob&, const Row& row) {
  if (row.extent.max <= 0) {
    std::fill_n(row.out, row.n, 0.0F);
    return false;
  }
  // By a power of two the largest comes near 1, so that no sum overflows.
  const int exponent = std::clamp(-std::ilogb(row.extent.max), -126, 127);
  float* shares = row.scratch.values.data();
  const double sum = HWY_DYNAMIC_DISPATCH(positive_row)(row.x, std::ldexp(1.0F, exponent), row.mask, shares);
  scale(shares, static_cast<float>(1 / sum), row.mask, row.n, row.out);
  return true;
}

bool identity(const NormalizerJob&, const Row& row) {
  float* allowed = row.scratch.values.data();
  HWY_DYNAMIC_DISPATCH(allowed_row)(row.x, row.mask, allowed);
  scale(allowed, 1, row.mask, row.n, row.out);
  return true;
}

struct Kind {
  Normalizer kind;
  bool (*normalize)(const NormalizerJob& job, const Row& row);
  bool exponentials;  ///< of the logits are summed
};
constexpr std::array kKinds{
    Kind{Normalizer::softmax, softmax, true},    Kind{Normalizer::double_softmax, double_softmax, true},
    Kind{Normalizer::entmax, entmax, false},     Kind{Normalizer::top_k, top_k, true},
    Kind{Normalizer::sigmoid, sigmoid, false},   Kind{Normalizer::positive_share, positive_share, false},
    Kind{Normalizer::identity, identity, false},
};
const Kind& kind_of(const NormalizerJob& job) {
  return *std::ranges::find(kKinds, job.kind, &Kind::kind);
}

}  // namespace

bool can_normalize(const NormalizerJob& job, const Extent& extent) {
  const auto small = [](double x) { return std::abs(x) <= kLargestLogit; };
  if (!extent.finite || extent.min > extent.max) return false;
  if (job.kind == Normalizer::sigmoid) return std::abs(job.bias) <= kLargestBias;
  if (job.kind == Normalizer::entmax && job.alpha != 1) return job.alpha > 1 + 0x1p-24;
  const bool sums = kind_of(job).exponentials || job.kind == Normalizer::entmax;
  return !sums || (small(extent.min) && small(extent.max) && small(job.sink.value_or(0)));
}

bool normalize(const NormalizerJob& job, const float* x, const Extent& extent, const RowMask& mask,
               std::size_t n, NormalizerScratch& scratch, float* out) {
  return kind_of(job).normalize(job, {x, extent, mask, n, scratch, out});
}
}  // namespace attn::kernels
#endif

#include "core/kernels/entmax.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/kernels/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/entmax.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "core/kernels/row-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace attn::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Wide = hn::ScalableTag<double>;
using W = hn::Vec<Wide>;

// Copies the allowed cells that are at least `least`, and their keys, without gaps; returns how many.
HWY_INLINE std::size_t collect(const float* x, float least, const RowMask& mask, NormalizerScratch& scratch) {
  const D d;
  const hn::RebindToUnsigned<D> du;
  const V none = hn::Set(d, -std::numeric_limits<float>::infinity());
  const V bound = hn::Set(d, least);
  std::size_t count = 0;
  each_block(mask, [&](std::size_t first, auto lanes) {
    for (std::size_t at = first; at < first + kBlock; at += hn::Lanes(d)) {
      const V v = lanes.choose(at, hn::LoadU(d, x + at), none);
      const Mask found = hn::Ge(v, bound);
      if (hn::AllFalse(d, found)) continue;
      hn::CompressStore(v, found, d, scratch.values.data() + count);
      count += hn::CompressStore(hn::Iota(du, static_cast<std::uint32_t>(at)), hn::RebindMask(du, found), du,
                                 scratch.keys.data() + count);
    }
  });
  // Up to whole vectors, what no τ gives weight.
  for (std::size_t i = count; i < count + hn::Lanes(Wide()); ++i) {
    scratch.values.data()[i] = -std::numeric_limits<float>::infinity();
  }
  return count;
}

// w^power for w > 0, and its derivative over `power`.
struct Linear {
  static HWY_INLINE W share(W w, W) { return w; }
  static HWY_INLINE W derivative(W, W) { return hn::Set(Wide(), 1.0); }
};
struct Square {
  static HWY_INLINE W share(W w, W) { return hn::Mul(w, w); }
  static HWY_INLINE W derivative(W w, W) { return w; }
};
struct General {
  static HWY_INLINE W share(W w, W power) {
    const Wide d;
    return hn::Exp(d, hn::Mul(power, hn::Log(d, w)));
  }
  static HWY_INLINE W derivative(W w, W share) { return hn::Div(share, w); }
};

// The collected cells: z = slope · (x − top), and a cell's share is [z − τ]₊^power.
template <class Share>
class Candidates {
 public:
  HWY_INLINE Candidates(double slope, float top, float* values, std::size_t count)
      : slope_(slope), top_(static_cast<double>(top)), values_(values), count_(count) {}

  struct Sums {
    double shares = 0;
    double derivative = 0;  ///< by −τ
  };
  HWY_INLINE Sums sums(double tau) const {
    const Wide d;
    W shares = hn::Zero(d), derivative = hn::Zero(d);
    each(tau, [&](std::size_t, W w, W share, auto positive) {
      shares = hn::Add(shares, share);
      derivative = hn::Add(derivative, hn::IfThenElseZero(positive, Share::derivative(w, share)));
    });
    return {hn::GetLane(hn::SumOfLanes(d, shares)), hn::GetLane(hn::SumOfLanes(d, derivative)) / slope_};
  }

  // In place of the logits; returns their sum.
  HWY_INLINE double write_shares(double tau) {
    const Wide d;
    const hn::Rebind<float, Wide> narrow;
    W sum = hn::Zero(d);
    each(tau, [&](std::size_t i, W, W share, auto) {
      sum = hn::Add(sum, share);
      hn::StoreU(hn::DemoteTo(narrow, share), narrow, values_ + i);
    });
    return hn::GetLane(hn::SumOfLanes(d, sum));
  }

 private:
  template <class Each>
  HWY_INLINE void each(double tau, Each each_vector) const {
    const Wide d;
    const hn::Rebind<float, Wide> narrow;
    const W slope = hn::Set(d, slope_), power = hn::Set(d, 1 / slope_);
    const W top = hn::Set(d, top_), threshold = hn::Set(d, tau);
    for (std::size_t i = 0; i < count_; i += hn::Lanes(d)) {
      const W x = hn::PromoteTo(d, hn::LoadU(narrow, values_ + i));
      const W w = hn::Sub(hn::Mul(slope, hn::Sub(x, top)), threshold);
      const auto positive = hn::Gt(w, hn::Zero(d));
      const W base = hn::IfThenElse(positive, w, hn::Set(d, 1.0));
      each_vector(i, base, hn::IfThenElseZero(positive, Share::share(base, power)), positive);
    }
  }

  double slope_, top_;
  float* values_;
  std::size_t count_;
};

// The sum of shares falls with τ; at −1 the largest cell alone has share 1.
template <class Cells>
HWY_INLINE double by_newton(const Cells& cells, double from) {
  double tau = from;
  while (true) {
    const auto [shares, derivative] = cells.sums(tau);
    const double next = tau + (shares - 1) / derivative;
    if (shares - 1 < 1e-12 || !(next > tau)) return tau;
    tau = next;
  }
}
template <class Cells>
HWY_INLINE double by_bisection(const Cells& cells) {
  double low = -1, high = 0;
  while (true) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return low;
    (cells.sums(middle).shares >= 1 ? low : high) = middle;
  }
}

// A τ that is not beyond the root, for power ≥ 1: the mean of n shares is at least the share of the mean, so
// they sum to 1 or more where n (mean − τ)^power = 1.
HWY_INLINE double below_root(double slope, float top, float* values, std::size_t count) {
  const auto above = Candidates<Linear>(slope, top, values, count).sums(-1);
  const double n = above.derivative * slope;
  return std::max(-1.0, above.shares / n - 1 - std::pow(n, -slope));
}

template <class Share>
HWY_INLINE double shares(double slope, float top, float* values, std::size_t count) {
  Candidates<Share> cells(slope, top, values, count);
  const double tau =
      slope <= 1 ? by_newton(cells, below_root(slope, top, values, count)) : by_bisection(cells);
  return cells.write_shares(tau);
}

double collected_shares(double alpha, const float* x, float top, const RowMask& mask,
                        NormalizerScratch& scratch, std::size_t& count) {
  const double slope = alpha - 1;
  // A little more than can have weight: rounding must not lose any.
  const double least =
      static_cast<double>(top) - (1 + 1e-6) / slope - std::fabs(static_cast<double>(top)) * 1e-6;
  constexpr float kLowest = std::numeric_limits<float>::lowest();
  count = collect(x, static_cast<float>(std::max(least, static_cast<double>(kLowest))), mask, scratch);
  float* values = scratch.values.data();
  if (alpha == 2) return shares<Linear>(slope, top, values, count);
  if (alpha == 1.5) return shares<Square>(slope, top, values, count);
  return shares<General>(slope, top, values, count);
}

}  // namespace attn::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attn::kernels {
HWY_EXPORT(collected_shares);

void entmax(double alpha, const float* x, float top, const RowMask& mask, std::size_t n,
            NormalizerScratch& scratch, float* out) {
  std::size_t count = 0;
  const double per_sum = 1 / HWY_DYNAMIC_DISPATCH(collected_shares)(alpha, x, top, mask, scratch, count);
  std::fill_n(out, n, 0.0F);
  for (std::size_t i = 0; i < count; ++i) {
    out[scratch.keys.data()[i]] = static_cast<float>(static_cast<double>(scratch.values.data()[i]) * per_sum);
  }
}
}  // namespace attn::kernels
#endif

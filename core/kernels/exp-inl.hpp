// Exponentials in float32, for each target: included inside foreach_target, hence guarded the way Highway
// wants it.
#if defined(ATTN_KERNELS_EXP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTN_KERNELS_EXP_INL
#undef ATTN_KERNELS_EXP_INL
#else
#define ATTN_KERNELS_EXP_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace attn::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Adding and taking away 1.5 · 2²³ rounds to a whole number, for |x| < 2²²; between the two the number stands
// in the last bits.
constexpr float kRound = 12582912.0F;

// 2^r for |r| ≤ 0.53 (a rounding away from the next whole number at worst): a polynomial of degree 5 with
// c0 = 1, fitted to the least greatest relative error (1.4e-7); with rounding 2.2e-7.
template <class V>
HWY_INLINE V exp2_fraction(V r) {
  const hn::DFromV<V> d;
  V p = hn::MulAdd(r, hn::Set(d, 1.32557389e-3F), hn::Set(d, 9.67852958e-3F));
  p = hn::MulAdd(r, p, hn::Set(d, 5.55082411e-2F));
  p = hn::MulAdd(r, p, hn::Set(d, 2.40221277e-1F));
  p = hn::MulAdd(r, p, hn::Set(d, 6.93146884e-1F));
  return hn::MulAdd(r, p, hn::Set(d, 1.0F));
}

// x · 2^n for x near 1 and y = kRound + n, n whole, such that the result is a normal number: n stands in the
// last bits of y, and is added to the exponent.
template <class V>
HWY_INLINE V times_power(V x, V y) {
  const hn::DFromV<V> d;
  const hn::RebindToSigned<decltype(d)> di;
  return hn::BitCast(d, hn::Add(hn::BitCast(di, x), hn::ShiftLeft<23>(hn::BitCast(di, y))));
}

// tanh(x), absolute error below 2e-7: 1 − 2 / (1 + e^(2x)), e^(2x) held below 2⁶⁰.
template <class V>
HWY_INLINE V tanh(V x) {
  const hn::DFromV<V> d;
  const V round = hn::Set(d, kRound);
  const V t = hn::Min(hn::Max(hn::Mul(x, hn::Set(d, 2.885390082F)), hn::Set(d, -60.0F)), hn::Set(d, 60.0F));
  const V y = hn::Add(t, round);
  const V e = times_power(exp2_fraction(hn::Sub(t, hn::Sub(y, round))), y);
  return hn::Sub(hn::Set(d, 1.0F), hn::Div(hn::Set(d, 2.0F), hn::Add(e, hn::Set(d, 1.0F))));
}

}  // namespace attn::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif

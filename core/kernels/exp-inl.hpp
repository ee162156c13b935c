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

// 2^r for r in [−0.5, 0.5]: a polynomial of degree 5 with c0 = 1, fitted to the least greatest relative error
// (9.2e-8); with rounding 1.7e-7.
template <class V>
HWY_INLINE V exp2_fraction(V r) {
  const hn::DFromV<V> d;
  V p = hn::MulAdd(r, hn::Set(d, 1.3264727e-3F), hn::Set(d, 9.6715127e-3F));
  p = hn::MulAdd(r, p, hn::Set(d, 5.5507337e-2F));
  p = hn::MulAdd(r, p, hn::Set(d, 2.4022242e-1F));
  p = hn::MulAdd(r, p, hn::Set(d, 6.9314698e-1F));
  return hn::MulAdd(r, p, hn::Set(d, 1.0F));
}

// x · 2^n for whole n in [−126, 127] and x near 1: n is added to the exponent.
template <class V>
HWY_INLINE V times_power(V x, V n) {
  const hn::DFromV<V> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto shifted = hn::ShiftLeft<23>(hn::BitCast(di, hn::Add(n, hn::Set(d, kRound))));
  return hn::BitCast(d, hn::Add(hn::BitCast(di, x), shifted));
}

// tanh(x), absolute error below 2e-7: 1 − 2 / (1 + e^(2x)), e^(2x) held below 2⁶⁰.
template <class V>
HWY_INLINE V tanh(V x) {
  const hn::DFromV<V> d;
  const V magic = hn::Set(d, kRound);
  const V y = hn::Min(hn::Max(hn::Mul(x, hn::Set(d, 2.885390082F)), hn::Set(d, -60.0F)), hn::Set(d, 60.0F));
  const V n = hn::Sub(hn::Add(y, magic), magic);
  const V e = times_power(exp2_fraction(hn::Sub(y, n)), n);
  return hn::Sub(hn::Set(d, 1.0F), hn::Div(hn::Set(d, 2.0F), hn::Add(e, hn::Set(d, 1.0F))));
}

}  // namespace attn::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif

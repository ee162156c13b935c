#pragma once

#include <cstddef>

#include "core/kernels/normalizers.hpp"
#include "core/kernels/rows.hpp"

namespace attn::kernels {

/// entmax of a row (Peters, Niculae, Martins 2019), α > 1; `top` is its largest logit. Only cells less than
/// 1 / (α − 1) below it can have weight: they are collected, and the rest is work in double on those. τ by
/// Newton's method from below, which for α ≤ 2 never passes the root; above, by bisection to the last bit, as
/// the reference has it.
void entmax(double alpha, const float* x, float top, const RowMask& mask, std::size_t n,
            NormalizerScratch& scratch, float* out);

}  // namespace attn::kernels

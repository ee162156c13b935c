#pragma once

#include <cstddef>

#include "core/kernels/packed.hpp"

namespace attn::kernels {

/// Rows of a left side, row-major: row i starts at data + i · step.
template <class T>
struct Rows {
  T* data = nullptr;
  std::size_t count = 0;
  std::size_t step = 0;
};

/// What is made of row q_i (of `left`) and column k_j (of the packed side), d numbers each.
enum class Pair {
  dot,               ///< Σ_d q_d k_d
  squared_distance,  ///< Σ_d (q_d − k_d)²
  additive,          ///< Σ_d v_d tanh(q_d + k_d), v being the d numbers after q in its row
};

/// out(i, j) for all rows i of `left` and the columns j of blocks [first, last); `out` has a row for each of
/// `left`, and room for whole blocks. Each number is one chain of multiply-adds over d in order, so its bits
/// depend on its own q and k alone. Greatest error, u = 2⁻²⁴: of a dot product d · u · Σ |q_d k_d|, of a
/// squared distance (d + 2) · u · Σ (q_d − k_d)², of additive (d · u + 2.5e-7) · Σ |v_d|.
void pairs(Pair pair, Rows<const float> left, const Packed<float>& right, std::size_t first, std::size_t last,
           Rows<float> out);

/// out = left · right, all columns; `out` has room for whole blocks. Greatest error d · u · Σ |a_d b_d|, u =
/// 2⁻²⁴ or 2⁻⁵³.
void multiply(Rows<const float> left, const Packed<float>& right, Rows<float> out);
void multiply(Rows<const double> left, const Packed<double>& right, Rows<double> out);

}  // namespace attn::kernels

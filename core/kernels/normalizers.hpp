#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/kernels/packed.hpp"
#include "core/kernels/rows.hpp"

namespace attn::kernels {

/// What makes a row of logits x into weights.
enum class Normalizer : std::uint8_t {
  softmax,         ///< e^x / Σ e^x, the sum with e^sink if there is one
  double_softmax,  ///< softmax(softmax(x)), masked cells in neither sum
  entmax,  ///< [(α − 1) x − τ]₊^(1/(α − 1)), τ so that they sum to 1; α = 1 is softmax, 2 sparsemax
  top_k,           ///< softmax over the k largest, of equal ones those of the lower keys
  sigmoid,         ///< 1 / (1 + e^−(x + bias))
  positive_share,  ///< [x]₊ / Σ [x]₊
  identity,        ///< x
};

struct NormalizerJob {
  Normalizer kind = Normalizer::softmax;
  std::optional<double> sink = std::nullopt;  ///< of softmax: a logit beside the row
  double alpha = 1.5;                         ///< of entmax, 1 or more
  double bias = 0;                            ///< of sigmoid
  std::size_t k = 1;                          ///< of top_k, 1 or more
};

/// What a thread needs to work on rows of so many blocks.
struct NormalizerScratch {
  explicit NormalizerScratch(std::size_t blocks)
      : values((blocks + 1) * kBlock), keys((blocks + 1) * kBlock) {}
  Buffer<float> values;
  Buffer<std::uint32_t> keys;
};

/// Whether `normalize` takes rows of this extent: finite, and |x| ≤ 2¹⁹ (the sink too) where exponentials are
/// summed; |bias| ≤ 2¹⁸; no α between 1 and 1 + 2⁻²⁴. The rest is for the reference.
[[nodiscard]] bool can_normalize(const NormalizerJob& job, const Extent& extent);

/// Weights of one row of n keys, one at least allowed; `extent` is that of the logits. Masked cells become
/// exactly 0. False: the row turns out empty (all 0). Greatest error against the same in double: 1e-6
/// relative where the weight is 2⁻¹²⁴ or more; of entmax 1e-7 p + 1e-9. x and out do not overlap.
bool normalize(const NormalizerJob& job, const float* x, const Extent& extent, const RowMask& mask,
               std::size_t n, NormalizerScratch& scratch, float* out);

}  // namespace attn::kernels

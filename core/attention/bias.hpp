#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/attention/layer_facts.hpp"
#include "core/attention/parameter.hpp"
#include "core/base/matrix.hpp"

namespace attn {

/// Adds b(h, i, j) to row i of head h, for every key j.
using BiasRow = std::function<void(Index head, Index i, std::span<double> row)>;

/// A bias ready to be added.
struct CompiledBias {
  BiasRow add;
  std::vector<std::string> synthetic = {};  ///< parameters drawn from the seed
  /// Where the bias is slope_h · (j − i), or −slope_h · |i − j| if symmetric: a slope a head; else empty.
  std::vector<double> slopes = {};
  bool symmetric = false;
};

/// One row of the table of biases.
struct BiasKind : KindInfo {
  /// Why this layer cannot have the bias, or empty.
  std::string_view (*refusal)(const LayerFacts& facts) = nullptr;
  /// The bias for checked parameters; `facts` outlive it. Errors: setting or shape, at `place`.
  Result<CompiledBias> (*make)(const BiasKind& kind, const nlohmann::json& parameters,
                               const LayerFacts& facts, std::uint64_t seed,
                               const std::string& place) = nullptr;
};
[[nodiscard]] std::span<const BiasKind> bias_kinds();

/// Reads a list of biases. Errors: setting, with the place in the list.
[[nodiscard]] Result<std::vector<Term>> read_biases(const nlohmann::json& list, const std::string& place);
[[nodiscard]] nlohmann::json biases_to_json(const std::vector<Term>& biases);

/// The biases in force where the settings name none: the document's, if there is one.
[[nodiscard]] std::vector<Term> default_biases(const LayerFacts& facts);

[[nodiscard]] Result<std::vector<CompiledBias>> compile_biases(const std::vector<Term>& biases,
                                                               const LayerFacts& facts, std::uint64_t seed);

/// ALiBi's slope of each head: 2^(−8(h+1)/H) for H a power of two; else those of the power P below, followed
/// by 2^(−4(2m+1)/P), m = 0, 1, … (Press, Smith, Lewis 2022).
[[nodiscard]] std::vector<double> alibi_slopes(Index heads);

/// The bucket of the distance d = j − i in T5 (Raffel et al. 2020): exact near 0, logarithmic up to
/// max_distance.
[[nodiscard]] Index t5_bucket(Index distance, Index buckets, Index max_distance, bool bidirectional);

}  // namespace attn

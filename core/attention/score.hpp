#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/attention/layer_facts.hpp"
#include "core/attention/parameter.hpp"
#include "core/attention/tensor_parameter.hpp"
#include "core/base/matrix.hpp"

namespace attn {

/// Queries and keys as a score compares them: what depends on one of the two alone is done once.
struct ScoreInputs {
  std::vector<Matrix> q;  ///< H × (n_q × width); none: the layer's own q
  std::vector<Matrix> k;  ///< H or H_kv × (n_k × width); none: the layer's own k
};

/// The parameters of one score, ready for use.
struct ScoreParameters {
  nlohmann::json scalars;  ///< every parameter that is no tensor
  TensorParameters tensors;
};

/// What a score makes of q' and k', the prepared query and key, d numbers each (additive's q' is followed by
/// its v): the part that costs n_q · n_k · d. `ending` makes the score of it.
enum class PairForm {
  dot,               ///< Σ q'_d k'_d
  sum,               ///< q' + k', one number each
  squared_distance,  ///< Σ (q'_d − k'_d)²
  additive,          ///< Σ v_d tanh(q'_d + k'_d)
};
/// The end of a score: x as it is, tanh x, [x]₊, or −x^(power / 2).
struct ScoreEnding {
  enum class Kind { none, tanh, relu, negative_power } kind = Kind::none;
  double power = 2;
};

/// score(q_i, k_j) from what `prepare` made of them.
using PairScore = double (*)(const double* q, const double* k, std::size_t width,
                             const ScoreParameters& parameters);

/// One row of the table of scores.
struct ScoreKind : KindInfo {
  bool needs_equal_widths = true;  ///< d_q = d_k
  /// nullptr: q and k as they are.
  ScoreInputs (*prepare)(const std::vector<Matrix>& q, const std::vector<Matrix>& k,
                         const ScoreParameters& parameters) = nullptr;
  PairScore pair = nullptr;
  PairForm form = PairForm::dot;  ///< of `pair`
};
[[nodiscard]] std::span<const ScoreKind> score_kinds();

/// A score made ready for a layer.
struct CompiledScore {
  const ScoreKind* kind = nullptr;
  ScoreParameters parameters;
  std::shared_ptr<const ScoreInputs> inputs;  ///< null until it is prepared

  [[nodiscard]] ScoreEnding ending() const;
};

/// The score in force as one term: what the settings leave out comes from the layer's own score of the same
/// kind, then from the defaults. Errors: setting, in the layer's score.
[[nodiscard]] Result<Term> score_in_force(const std::optional<nlohmann::json>& setting,
                                          const LayerFacts& facts);

/// The score in force with its parameters; what neither settings nor layer give is drawn from `seed`. Nothing
/// is prepared yet. Errors: setting, shape.
[[nodiscard]] Result<CompiledScore> compile_score(const std::optional<nlohmann::json>& setting,
                                                  const LayerFacts& facts, std::uint64_t seed);

/// Does once what depends on one query or one key alone.
void prepare_score(CompiledScore& score, const std::vector<Matrix>& q, const std::vector<Matrix>& k);

/// The kind that is in force: of the settings, else the layer's, else dot.
[[nodiscard]] std::string score_kind_in_force(const std::optional<nlohmann::json>& setting,
                                              const Layer& layer);

/// Some parameter of the layer's own score has an axis of heads.
[[nodiscard]] bool score_has_head_axis(const LayerScore& score);

/// Why this layer can have no score of its own, or not this one; or empty.
[[nodiscard]] std::string score_refusal(const ScoreKind& kind, const LayerFacts& facts);

}  // namespace attn

#pragma once

#include <memory>
#include <vector>

#include "core/attention/bias.hpp"
#include "core/attention/layer_inputs.hpp"
#include "core/attention/mask.hpp"
#include "core/attention/normalizer.hpp"
#include "core/attention/score.hpp"
#include "core/attention/settings.hpp"
#include "core/attention/stage.hpp"
#include "core/base/matrix.hpp"

namespace attn {

/// A stage's array for one layer: `heads` × `rows` × `columns`.
struct StageShape {
  Index heads = 0, rows = 0, columns = 0;
};

/// The terms of the equation for one layer, checked and ready; nothing is computed yet.
struct CompiledTerms {
  double scale = 1;
  std::optional<CompiledScore> score;  ///< of layers that have queries and keys
  std::vector<CompiledBias> biases;
  std::vector<MaskTerm> mask_terms;
  CompiledMasks masks;
  const NormalizerKind* normalizer = nullptr;
  std::vector<std::string> synthetic;  ///< names of parameters drawn from the seed
};

/// Checks what can only be checked together: every term against the layer, its parameters against the widths,
/// heads named by gates and temperatures. `facts` outlive the terms. Errors: setting; shape, for a parameter
/// of the wrong size.
[[nodiscard]] Result<CompiledTerms> compile_terms(const LayerFacts& facts, const Settings& settings);

/// One head's rows at one stage.
struct Band {
  Matrix values;               ///< rows × columns of the stage
  MaskMatrix allowed;          ///< where the columns are keys: cells that take part; else 0 × 0
  std::vector<RowFlag> flags;  ///< a row each, from the weights on; else empty
};

/// Why this layer has no such stage, or empty. `facts` need no inputs.
[[nodiscard]] std::string_view stage_refusal(Stage stage, const LayerFacts& facts);

/// The equation of FORMAT.md §1 for one layer under one setting, in double: the reference, and the judge of
/// every faster path. Each stage is a short function of the one before it; rows are independent, so any band
/// may be asked for, and its bits do not depend on which.
class Equation {
 public:
  /// What `previous` prepared is used again where it is still right. Errors: those of `compile_terms`.
  [[nodiscard]] static Result<Equation> make(std::shared_ptr<const LayerInputs> inputs, Settings settings,
                                             const Equation* previous = nullptr);

  /// Why this layer has no such stage, as an error about `stage`; nothing where it has.
  [[nodiscard]] Result<StageShape> shape(Stage stage) const;

  /// Which of the stage's heads belongs to a query head: its key head for k and v, the only one of the
  /// output.
  [[nodiscard]] Index head_of_stage(Stage stage, Index head) const;

  /// Rows `rows` of `stage` for `head`; `shape(stage)` has a value, and rows and head are inside it.
  [[nodiscard]] Band band(Stage stage, Index head, RowRange rows) const;

  /// Where query i may attend to key j: the masks, and −∞ of saved scores.
  [[nodiscard]] MaskMatrix mask(Index head, RowRange rows) const;

  /// Rows `rows` of the output from the contexts of all heads side by side: times W_o, + b_o, dropout.
  [[nodiscard]] Matrix output_of(Matrix heads_beside, RowRange rows,
                                 const Project& projection = project) const;

  [[nodiscard]] const LayerInputs& inputs() const { return *inputs_; }
  [[nodiscard]] const std::shared_ptr<const LayerInputs>& shared_inputs() const { return inputs_; }
  [[nodiscard]] const CompiledTerms& terms() const { return terms_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  /// The masks in force: the settings' list, or the document's defaults.
  [[nodiscard]] const std::vector<MaskTerm>& masks() const { return terms_.mask_terms; }
  /// Saved weights that no knob touches pass through bit for bit; false once they are renormalised.
  [[nodiscard]] bool passes_weights_through(Index head) const;
  /// Names of parameters that neither document nor settings give, drawn from the seed.
  [[nodiscard]] const std::vector<std::string>& synthetic_parameters() const { return terms_.synthetic; }

 private:
  class WholeHeads;

  Equation() = default;
  void prepare_columns(const Term& normalizer);
  [[nodiscard]] Matrix scores(Index head, RowRange rows) const;
  [[nodiscard]] Matrix scaled(Index head, RowRange rows) const;
  [[nodiscard]] Matrix capped(Index head, RowRange rows) const;
  [[nodiscard]] Matrix biased(Index head, RowRange rows) const;
  [[nodiscard]] Band logits(Index head, RowRange rows) const;
  [[nodiscard]] Band features(Index head, RowRange rows) const;
  [[nodiscard]] Band weights(Index head, RowRange rows) const;
  [[nodiscard]] Band weights_by_columns(Index head) const;
  [[nodiscard]] Band dropped(Index head, RowRange rows) const;
  [[nodiscard]] Band contributions(Index head, RowRange rows) const;
  [[nodiscard]] Band context(Index head, RowRange rows) const;
  [[nodiscard]] Matrix output(RowRange rows) const;

  std::shared_ptr<const LayerInputs> inputs_;
  Settings settings_;
  CompiledTerms terms_;
  std::shared_ptr<WholeHeads> columns_;  ///< where columns are normalised, which takes all rows at once
};

}  // namespace attn

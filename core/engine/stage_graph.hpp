#pragma once

#include <memory>
#include <optional>

#include "core/engine/fast_path.hpp"
#include "core/engine/map_request.hpp"
#include "core/engine/stage_array.hpp"

namespace attn {

/// One layer under one setting after another: each step (projected heads, prepared queries and keys, masks,
/// scores) is kept as long as what it was made of stays the same, so that a new temperature multiplies no
/// matrices. Used by one thread at a time; works on several.
class StageGraph {
 public:
  enum class Precision {
    kernels,  ///< float32 where the kernels serve, else double
    exact,    ///< double, by the reference
  };
  explicit StageGraph(std::size_t threads, Precision precision = Precision::kernels,
                      std::size_t score_budget = FastPath::kScoreBudget);

  /// What follows is about this layer (`settings.layer`) under these settings. Heads that stay in files are
  /// read when `map` or `array` wants them. After an error: about nothing. Errors: those of `layer_inputs`
  /// and `Equation::make`.
  [[nodiscard]] Result<void> set(const std::shared_ptr<const Document>& document, const Settings& settings,
                                 Progress* progress = nullptr);
  /// Of the last `set` without an error.
  [[nodiscard]] const Equation& equation() const { return *equation_; }

  [[nodiscard]] Result<std::shared_ptr<const StageMap>> map(Stage stage, const HeadChoice& head,
                                                            Progress* progress = nullptr);
  [[nodiscard]] Result<StageArray> array(Stage stage, const std::optional<HeadChoice>& choice,
                                         Progress* progress = nullptr);

  /// What was done, and what was at hand, since `set`.
  [[nodiscard]] Trace trace() const;

 private:
  [[nodiscard]] Result<void> make_inputs(const std::shared_ptr<const Document>& document,
                                         const Settings& settings, const InputsWanted& wanted,
                                         Progress* progress);
  [[nodiscard]] Result<void> make_equation(const Settings& settings);
  /// Brings the heads to hand that the stage of this choice is made of.
  [[nodiscard]] Result<void> read(Stage stage, const std::optional<HeadChoice>& choice, Progress* progress);
  [[nodiscard]] FastPath* fast() { return precision_ == Precision::kernels ? &fast_ : nullptr; }

  std::size_t threads_;
  Precision precision_;
  std::shared_ptr<const LayerInputs> inputs_;
  std::optional<Settings> inputs_settings_;  ///< that `inputs_` were made with
  std::optional<Equation> equation_;
  FastPath fast_;
  Trace steps_;
};

}  // namespace attn

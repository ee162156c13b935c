#pragma once

#include <optional>
#include <vector>

#include "core/attention/equation.hpp"
#include "core/engine/head_choice.hpp"

namespace attn {

/// Rows of one head, or of all heads joined cell by cell: mean, max or min over the heads that the stage has.
/// A joined cell is allowed where any head allows it; a joined row is flagged where any head's row is.
[[nodiscard]] Band choice_band(const Equation& equation, Stage stage, const HeadChoice& choice,
                               RowRange rows);

/// Joins the next head's rows to those before it; the mean is a sum until it is divided.
void join_into(Band& joined, const Band& next, HeadChoice::Join join);

/// The cells of `band`, one of `stage`, that a person sees as masked are those that this leaves out. It is
/// `band.allowed`, but for saved weights: there a 0 is a value of the file like any other, and masked is what
/// the masks say.
[[nodiscard]] MaskMatrix shown_allowed(const Equation& equation, Stage stage, const HeadChoice& choice,
                                       RowRange rows, const Band& band);

/// A stage's numbers in C order.
struct StageArray {
  std::vector<std::size_t> shape;  ///< H × rows × columns, or rows × columns for one head or a join
  std::vector<double> values;
};

/// All of `stage`: every head where `choice` is nothing; by `fast` where it is given, uses the equation and
/// serves the stage, else by the reference. The numbers do not depend on `threads`. Errors: setting, where
/// the layer has no such stage or head; limit, where the array would not fit into memory.
[[nodiscard]] Result<StageArray> stage_array(const Equation& equation, Stage stage,
                                             const std::optional<HeadChoice>& choice, std::size_t threads,
                                             class FastPath* fast = nullptr);

}  // namespace attn

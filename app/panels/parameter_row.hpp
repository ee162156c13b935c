#pragma once

#include <optional>
#include <string>

#include "app/state/action.hpp"
#include "app/widgets/ui.hpp"
#include "core/attention/parameter.hpp"

namespace attn::app {

/// A control for one parameter of a term, made from its row in the table. Changes `value` to another that the
/// parameter accepts, and says so; `mark` names the control for tests.
[[nodiscard]] std::optional<Gesture> parameter_row(Ui& ui, const Parameter& parameter, nlohmann::json& value,
                                                   const std::string& mark);

/// The controls of all parameters of `kind`; `parameters` changes as above.
[[nodiscard]] std::optional<Gesture> parameter_rows(Ui& ui, const KindInfo& kind, nlohmann::json& parameters,
                                                    const std::string& mark);

/// A drag of the item drawn last is live until it is released.
[[nodiscard]] Gesture gesture_of_item();

/// A number that is dragged or typed, to the digits that are shown.
[[nodiscard]] std::optional<Gesture> number_drag(double& number, double min, double max);

}  // namespace attn::app

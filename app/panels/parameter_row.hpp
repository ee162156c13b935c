#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "app/state/action.hpp"
#include "app/widgets/ui.hpp"
#include "core/attention/parameter.hpp"

namespace attn::app {

/// Why the layer cannot have a value that the parameter itself would take, or empty.
using Accepts = std::function<std::string(const nlohmann::json& value)>;

/// What a control made of a value.
struct Edit {
  nlohmann::json value;
  Gesture gesture = Gesture::committed;
};

/// A control for one parameter of a term, made from its row in the table. Gives another value that the
/// parameter and `accepts` take; a typed text that they refuse stays in its field with the reason below.
/// `mark` names the control for tests. What nobody changes is not copied: parameters may be large.
[[nodiscard]] std::optional<Edit> parameter_row(Ui& ui, const Parameter& parameter,
                                                const nlohmann::json& value, const std::string& mark,
                                                const Accepts& accepts = {});

/// The controls of all parameters of `kind`. Gives all of them with the one that changed, and `accepts` is
/// asked about all of them.
[[nodiscard]] std::optional<Edit> parameter_rows(Ui& ui, const KindInfo& kind,
                                                 const nlohmann::json& parameters, const std::string& mark,
                                                 const Accepts& accepts = {});

/// A seed, of any size.
[[nodiscard]] std::optional<Gesture> seed_row(Ui& ui, std::uint64_t& seed, const std::string& mark,
                                              std::string_view meaning);

/// A drag of the item drawn last is live until it is released.
[[nodiscard]] Gesture gesture_of_item();

/// A number that is dragged, to the digits that are shown, or typed.
[[nodiscard]] std::optional<Gesture> number_drag(double& number, double min, double max);

}  // namespace attn::app

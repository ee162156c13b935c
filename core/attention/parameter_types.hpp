#pragma once

#include <string>

#include "core/attention/parameter.hpp"

namespace attn {

/// What a type of parameter accepts, and how that is said to people and to a schema.
struct ParameterTypeRow {
  ParameterType type;
  bool (*accepts)(const Parameter& parameter, const nlohmann::json& value);
  std::string (*allowed)(const Parameter& parameter);
  nlohmann::json (*schema)(const Parameter& parameter);
};
[[nodiscard]] const ParameterTypeRow& type_row(const Parameter& parameter);

}  // namespace attn

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/error.hpp"

namespace attn {

enum class ParameterType {
  integer,
  number,
  boolean,
  choice,           ///< one of `choices`
  integer_or_null,  ///< null = unbounded
};

/// One parameter of a mask, bias, score or normaliser. The settings reader, its messages, the panels and the
/// help are made from rows like this.
struct Parameter {
  std::string_view name;
  ParameterType type = ParameterType::number;
  double min = 0, max = 0;
  std::string_view fallback;  ///< the default, as JSON text
  std::span<const std::string_view> choices;
  std::string_view meaning;
};

/// A kind (of mask, of bias …) with validated parameters, defaults filled in.
struct Term {
  std::string kind;
  nlohmann::json parameters = nlohmann::json::object();

  [[nodiscard]] bool operator==(const Term&) const = default;
};

/// Reads one value of `parameter`. Errors: setting, with `place` and what is allowed.
[[nodiscard]] Result<nlohmann::json> read_parameter(const Parameter& parameter, const nlohmann::json& value,
                                                    const std::string& place);

/// Reads an object `{"kind": …, parameter: …}` whose parameters are `parameters` (and `common`, read by the
/// caller). Errors: setting, naming the nearest known parameter.
[[nodiscard]] Result<Term> read_term(const nlohmann::json& object, std::string_view kind,
                                     std::span<const Parameter> parameters,
                                     std::span<const std::string_view> common, const std::string& place);

/// `expected …` for a value in settings at `place`.
[[nodiscard]] tl::unexpected<Error> setting_error(std::string place, std::string expected, std::string found,
                                                  std::string hint = {});

/// A JSON value for a message: short, on one line.
[[nodiscard]] std::string json_excerpt(const nlohmann::json& value);

}  // namespace attn

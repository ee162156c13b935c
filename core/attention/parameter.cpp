#include "core/attention/parameter.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn {
namespace {

std::string allowed_values(const Parameter& parameter) {
  const std::string range = fmt::format("from {:g} to {:g}", parameter.min, parameter.max);
  switch (parameter.type) {
    case ParameterType::integer:
      return "a whole number " + range;
    case ParameterType::integer_or_null:
      return "a whole number " + range + ", or null";
    case ParameterType::number:
      return "a number " + range;
    case ParameterType::boolean:
      return "true or false";
    case ParameterType::choice: {
      std::vector<std::string> names;
      for (const std::string_view choice : parameter.choices) names.push_back(fmt::format("\"{}\"", choice));
      return join_or(names);
    }
  }
  return {};
}

bool accepts(const Parameter& parameter, const nlohmann::json& value) {
  const auto in_range = [&] {
    const double number = value.get<double>();
    return number >= parameter.min && number <= parameter.max;
  };
  switch (parameter.type) {
    case ParameterType::integer_or_null:
      if (value.is_null()) return true;
      [[fallthrough]];
    case ParameterType::integer:
      return value.is_number() && in_range() && std::floor(value.get<double>()) == value.get<double>();
    case ParameterType::number:
      return value.is_number() && in_range();
    case ParameterType::boolean:
      return value.is_boolean();
    case ParameterType::choice:
      return value.is_string() && std::ranges::find(parameter.choices, value.get_ref<const std::string&>()) !=
                                      parameter.choices.end();
  }
  return false;
}

}  // namespace

tl::unexpected<Error> setting_error(std::string place, std::string expected, std::string found,
                                    std::string hint) {
  return tl::unexpected(Error{
      ErrorCode::setting, {}, std::move(place), std::move(expected), std::move(found), std::move(hint)});
}

std::string json_excerpt(const nlohmann::json& value) {
  return shorten_middle(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), 60);
}

Result<nlohmann::json> read_parameter(const Parameter& parameter, const nlohmann::json& value,
                                      const std::string& place) {
  if (!accepts(parameter, value)) {
    return setting_error(place, allowed_values(parameter), json_excerpt(value),
                         fmt::format("{}: {}.", parameter.name, parameter.meaning));
  }
  const bool whole =
      parameter.type == ParameterType::integer || parameter.type == ParameterType::integer_or_null;
  if (whole && value.is_number()) return nlohmann::json(static_cast<std::int64_t>(value.get<double>()));
  return value;
}

Result<Term> read_term(const nlohmann::json& object, std::string_view kind,
                       std::span<const Parameter> parameters, std::span<const std::string_view> common,
                       const std::string& place) {
  Term term{std::string(kind)};
  std::vector<std::string> known{"kind"};
  for (const std::string_view name : common) known.emplace_back(name);
  for (const Parameter& parameter : parameters) known.emplace_back(parameter.name);
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::string near = nearest_name(name, known);
    return setting_error(place + "/" + name, fmt::format("a parameter of {}: {}", kind, join_or(known)),
                         fmt::format("\"{}\"", name),
                         near.empty() ? "" : fmt::format("Did you mean \"{}\"?", near));
  }
  for (const Parameter& parameter : parameters) {
    const std::string name(parameter.name);
    if (!object.contains(name)) {
      term.parameters[name] = nlohmann::json::parse(parameter.fallback);
      continue;
    }
    auto value = read_parameter(parameter, object.at(name), place + "/" + name);
    if (!value) return tl::unexpected(value.error());
    term.parameters[name] = std::move(*value);
  }
  return term;
}

}  // namespace attn

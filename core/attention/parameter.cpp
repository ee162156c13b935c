#include "core/attention/parameter.hpp"

#include <initializer_list>

#include <fmt/format.h>

#include "core/attention/expression.hpp"
#include "core/attention/parameter_types.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;

// The kinds that have a parameter of this name: a person may have forgotten to choose one.
std::string owners_hint(const Kinds& kinds, std::string_view name) {
  std::vector<std::string> owners;
  for (const KindInfo* kind : kinds) {
    if (std::ranges::find(kind->parameters, name, &Parameter::name) != kind->parameters.end())
      owners.emplace_back(kind->name);
  }
  return owners.empty() ? "" : fmt::format("{} is a parameter of {}.", name, join_or(owners));
}

bool takes_null(const Parameter& parameter) {
  return parameter.fallback == "null" && parameter.type != ParameterType::integer_or_null;
}

std::string explanation(const Parameter& parameter) {
  return parameter.meaning.empty() ? "" : fmt::format("{}: {}.", parameter.name, parameter.meaning);
}

// What helps where `value` is refused at `place`.
std::string refusal_hint(const Parameter& parameter, const Json& value, const std::string& place) {
  if (parameter.type != ParameterType::text || value.is_structured() || value.is_string())
    return explanation(parameter);
  // A shell takes one pair of quotes away.
  const char* shell = place.starts_with("--") ? "'" : "";
  return fmt::format("In quotes it is a text: {}\"{}\"{}.", shell, value.dump(), shell);
}

}  // namespace

tl::unexpected<Error> setting_error(std::string place, std::string expected, std::string found,
                                    std::string hint) {
  return tl::unexpected(Error{
      ErrorCode::setting, {}, std::move(place), std::move(expected), std::move(found), std::move(hint)});
}

tl::unexpected<Error> unknown_name(std::string place, const std::vector<std::string>& names,
                                   const std::string& found) {
  const std::string near = nearest_name(found, names);
  return setting_error(std::move(place), join_or(names), fmt::format("\"{}\"", shorten_middle(found, 60)),
                       near.empty() ? "" : fmt::format("Did you mean \"{}\"?", near));
}

std::string json_excerpt(const Json& value) {
  return shorten_middle(value.dump(-1, ' ', false, Json::error_handler_t::replace), 60);
}

std::string allowed_values(const Parameter& parameter) {
  return type_row(parameter).allowed(parameter) + (takes_null(parameter) ? ", or null" : "");
}

std::string default_words(const Parameter& parameter) {
  if (!parameter.fallback.empty()) return fmt::format("{} by default", parameter.fallback);
  if (parameter.optional) return "0 by default";
  return parameter.type == ParameterType::tensor ? "drawn from seed by default" : "must be given";
}

Json parameter_schema(const Parameter& parameter) {
  Json schema = type_row(parameter).schema(parameter);
  if (takes_null(parameter)) schema = {{"anyOf", {std::move(schema), {{"type", "null"}}}}};
  schema["description"] = std::string(parameter.meaning);
  if (!parameter.fallback.empty()) schema["default"] = Json::parse(parameter.fallback);
  return schema;
}

Result<Json> read_parameter(const Parameter& parameter, const Json& value, const std::string& place) {
  if (value.is_null() && takes_null(parameter)) return value;
  if (!type_row(parameter).accepts(parameter, value)) {
    return setting_error(place, allowed_values(parameter), json_excerpt(value),
                         refusal_hint(parameter, value, place));
  }
  if (parameter.type == ParameterType::expression) {
    auto compiled = Expression::compile(value.get<std::string>(), place);
    if (!compiled) return tl::unexpected(compiled.error());
  }
  const auto is_one_of = [&](std::initializer_list<ParameterType> types) {
    return std::ranges::find(types, parameter.type) != types.end();
  };
  if (parameter.type == ParameterType::object) {
    return read_object(parameter.parts(), value, fmt::format("a key of {}", parameter.name), place);
  }
  if (is_one_of({ParameterType::integer, ParameterType::integer_or_null, ParameterType::integer_or_choice}) &&
      value.is_number()) {
    return Json(static_cast<std::int64_t>(value.get<double>()));
  }
  if (is_one_of({ParameterType::integers, ParameterType::integers_or_choice}) && value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value) list.push_back(static_cast<std::int64_t>(item.get<double>()));
    return list;
  }
  return value;
}

Result<Json> read_object(std::span<const Parameter> parts, const Json& value, const std::string& what,
                         const std::string& place) {
  if (!value.is_object()) return setting_error(place, "an object", json_excerpt(value));
  Json object = Json::object();
  std::vector<std::string> known;
  for (const Parameter& part : parts) known.emplace_back(part.name);
  for (const auto& [name, item] : value.items()) {
    const auto part = std::ranges::find(parts, name, &Parameter::name);
    if (part == parts.end()) {
      auto error = unknown_name(place + "/" + name, known, name);
      error.value().expected = fmt::format("{}: {}", what, error.value().expected);
      return error;
    }
    auto read = read_parameter(*part, item, place + "/" + name);
    if (!read) return read;
    object[name] = std::move(*read);
  }
  return object;
}

Result<Term> read_term(const Json& value, const Kinds& kinds, std::span<const Parameter> common,
                       std::string_view noun, const std::string& place) {
  const Json object = value.is_string() ? Json{{"kind", value}} : value;
  if (!object.is_object() || !object.contains("kind") || !object.at("kind").is_string()) {
    return setting_error(place, fmt::format("{} such as {{\"kind\": \"{}\"}}", noun, kinds.front()->name),
                         json_excerpt(value));
  }
  Term term{object.at("kind").get<std::string>()};
  const auto kind = std::ranges::find(kinds, term.kind, [](const KindInfo* row) { return row->name; });
  if (kind == kinds.end()) {
    std::vector<std::string> names;
    for (const KindInfo* row : kinds) names.emplace_back(row->name);
    return unknown_name(place + (value.is_string() ? "" : "/kind"), names, term.kind);
  }
  std::vector<const Parameter*> parameters;
  for (const Parameter& parameter : (*kind)->parameters) parameters.push_back(&parameter);
  for (const Parameter& parameter : common) parameters.push_back(&parameter);
  std::vector<std::string> known{"kind"};
  for (const Parameter* parameter : parameters) known.emplace_back(parameter->name);
  for (const auto& [name, part] : object.items()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    auto error = unknown_name(place + "/" + name, known, name);
    error.value().expected = fmt::format("a parameter of {}: {}", term.kind, error.value().expected);
    if (error.value().hint.empty()) error.value().hint = owners_hint(kinds, name);
    return error;
  }
  for (const Parameter* parameter : parameters) {
    const std::string name(parameter->name);
    if (object.contains(name)) {
      auto read = read_parameter(*parameter, object.at(name), place + "/" + name);
      if (!read) return tl::unexpected(read.error());
      term.parameters[name] = std::move(*read);
    } else if (!parameter->fallback.empty()) {
      term.parameters[name] = Json::parse(parameter->fallback);
    } else if (parameter->type != ParameterType::tensor) {
      return setting_error(place, fmt::format("\"{}\": {}", name, allowed_values(*parameter)),
                           json_excerpt(object), explanation(*parameter));
    }
  }
  return term;
}

Json term_to_json(const Term& term, const Kinds& kinds, std::span<const Parameter> common) {
  Json object{{"kind", term.kind}};
  const auto put = [&](const Parameter& parameter) {
    const auto value = term.parameters.find(std::string(parameter.name));
    if (value == term.parameters.end()) return;
    if (parameter.fallback.empty() || *value != Json::parse(parameter.fallback))
      object[std::string(parameter.name)] = *value;
  };
  const auto kind = std::ranges::find(kinds, term.kind, [](const KindInfo* row) { return row->name; });
  for (const Parameter& parameter : (*kind)->parameters) put(parameter);
  for (const Parameter& parameter : common) put(parameter);
  return object;
}

Json starting_term(const KindInfo& kind) {
  Json object{{"kind", std::string(kind.name)}};
  for (const Parameter& parameter : kind.parameters) {
    if (!parameter.start.empty()) object[std::string(parameter.name)] = Json::parse(parameter.start);
  }
  return object;
}

}  // namespace attn

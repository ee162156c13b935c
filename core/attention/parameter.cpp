#include "core/attention/parameter.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/attention/expression.hpp"
#include "core/attention/tensor_parameter.hpp"
#include "core/base/length.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostTextBytes = 4000;

bool in_range(const Parameter& parameter, const Json& value) {
  if (!value.is_number()) return false;
  const double number = value.get<double>();
  return number >= parameter.min && number <= parameter.max;
}

bool is_whole(const Parameter& parameter, const Json& value) {
  return in_range(parameter, value) && std::floor(value.get<double>()) == value.get<double>();
}

bool is_choice(const Parameter& parameter, const Json& value) {
  return value.is_string() &&
         std::ranges::find(parameter.choices, value.get_ref<const std::string&>()) != parameter.choices.end();
}

template <bool (*accepts_item)(const Parameter&, const Json&)>
bool is_list(const Parameter& parameter, const Json& value) {
  return value.is_array() &&
         std::ranges::all_of(value, [&](const Json& item) { return accepts_item(parameter, item); });
}

bool is_range(const Json& value) {
  const auto is_index = [](const Json& end) {
    return end.is_number() && end.get<double>() >= 0 && end.get<double>() <= 1e9 &&
           std::floor(end.get<double>()) == end.get<double>();
  };
  return value.is_array() && value.size() == 2 && is_index(value[0]) && is_index(value[1]) &&
         value[0].get<double>() <= value[1].get<double>();
}

// {"rows": [from, to), "cols": [from, to), "allow": bool, "heads": [..]}; heads may be left out: all.
bool is_stroke(const Parameter&, const Json& value) {
  if (!value.is_object() || !value.contains("allow") || !value.at("allow").is_boolean()) return false;
  for (const auto& [name, part] : value.items()) {
    if (name == "rows" || name == "cols") {
      if (!is_range(part)) return false;
    } else if (name == "heads") {
      if (!is_list<is_whole>({.name = "heads", .max = 1e9}, part)) return false;
    } else if (name != "allow") {
      return false;
    }
  }
  return value.contains("rows") && value.contains("cols");
}

// One line, short enough to stand in a figure, in UTF-8: a settings file is, an argument need not be.
bool is_text(const Parameter&, const Json& value) {
  return value.is_string() && value.get_ref<const std::string&>().size() <= kMostTextBytes &&
         first_invalid_utf8(value.get_ref<const std::string&>()) == std::string::npos;
}

bool is_length(const Parameter& parameter, const Json& value) {
  if (value.is_number()) return in_range(parameter, value);
  if (!value.is_string()) return false;
  const auto length = length_from(value.get<std::string>());
  return length && length->number >= parameter.min && length->number <= parameter.max;
}

bool is_object(const Parameter&, const Json& value) {
  return value.is_object();  // read_parameter() reads its parts, each at its own place
}

// `9`, `1e9`, `9007199254740992`: all digits, but no row of zeros.
std::string bound_text(double bound) {
  const std::string whole = fmt::format("{:.0f}", bound);
  const std::size_t digits = whole.find_last_not_of('0') + 1;
  if (std::floor(bound) != bound || whole.size() - digits < 6) {
    return std::floor(bound) == bound ? whole : fmt::format("{}", bound);
  }
  return fmt::format("{}e{}", whole.substr(0, digits), whole.size() - digits);
}

std::string range_text(const Parameter& parameter) {
  if (parameter.min <= -kAnyNumber && parameter.max >= kAnyNumber) return "";
  if (parameter.max >= kAnyNumber) return " from " + bound_text(parameter.min);
  return " from " + bound_text(parameter.min) + " to " + bound_text(parameter.max);
}

std::string choices_text(const Parameter& parameter) {
  std::vector<std::string> names;
  for (const std::string_view choice : parameter.choices) names.push_back(fmt::format("\"{}\"", choice));
  return join_or(names);
}

Json bound_json(double bound) {
  return std::floor(bound) == bound ? Json(static_cast<std::int64_t>(bound)) : Json(bound);
}

Json number_schema(const Parameter& parameter, const char* type) {
  Json schema{{"type", type}};
  if (parameter.min > -kAnyNumber) schema["minimum"] = bound_json(parameter.min);
  if (parameter.max < kAnyNumber) schema["maximum"] = bound_json(parameter.max);
  return schema;
}

Json list_schema(Json items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

Json choice_schema(const Parameter& parameter) {
  Json names = Json::array();
  for (const std::string_view choice : parameter.choices) names.push_back(std::string(choice));
  return {{"enum", std::move(names)}};
}

Json text_schema() {
  return {{"type", "string"}, {"maxLength", kMostTextBytes}};
}

Json object_schema(const Parameter& parameter) {
  Json schema{{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
  for (const Parameter& part : parameter.parts())
    schema["properties"][std::string(part.name)] = parameter_schema(part);
  return schema;
}

std::string object_text(const Parameter& parameter) {
  std::vector<std::string> names;
  for (const Parameter& part : parameter.parts()) names.push_back(fmt::format("\"{}\"", part.name));
  return fmt::format("an object with {}", fmt::join(names, ", "));
}

Json stroke_schema() {
  const Json range = {{"type", "array"}, {"items", {{"type", "integer"}}}, {"minItems", 2}, {"maxItems", 2}};
  return {{"type", "object"},
          {"required", {"rows", "cols", "allow"}},
          {"properties",
           {{"rows", range},
            {"cols", range},
            {"allow", {{"type", "boolean"}}},
            {"heads", list_schema({{"type", "integer"}})}}},
          {"additionalProperties", false}};
}

// What each type of parameter accepts, and how that is said to people and to a schema.
struct TypeRow {
  ParameterType type;
  bool (*accepts)(const Parameter& parameter, const Json& value);
  std::string (*allowed)(const Parameter& parameter);
  Json (*schema)(const Parameter& parameter);
};
constexpr std::array kTypes{
    TypeRow{ParameterType::integer, is_whole,
            [](const Parameter& p) { return "a whole number" + range_text(p); },
            [](const Parameter& p) { return number_schema(p, "integer"); }},
    TypeRow{ParameterType::integer_or_null,
            [](const Parameter& p, const Json& value) { return value.is_null() || is_whole(p, value); },
            [](const Parameter& p) { return "a whole number" + range_text(p) + ", or null"; },
            [](const Parameter& p) {
              return Json{{"anyOf", {number_schema(p, "integer"), {{"type", "null"}}}}};
            }},
    TypeRow{ParameterType::number, in_range, [](const Parameter& p) { return "a number" + range_text(p); },
            [](const Parameter& p) { return number_schema(p, "number"); }},
    TypeRow{ParameterType::boolean, [](const Parameter&, const Json& value) { return value.is_boolean(); },
            [](const Parameter&) { return std::string("true or false"); },
            [](const Parameter&) {
              return Json{{"type", "boolean"}};
            }},
    TypeRow{ParameterType::choice, is_choice, choices_text, choice_schema},
    TypeRow{ParameterType::integers, is_list<is_whole>,
            [](const Parameter& p) { return "a list of whole numbers" + range_text(p); },
            [](const Parameter& p) { return list_schema(number_schema(p, "integer")); }},
    TypeRow{ParameterType::numbers, is_list<in_range>,
            [](const Parameter&) { return std::string("a list of numbers"); },
            [](const Parameter&) {
              return list_schema({{"type", "number"}});
            }},
    TypeRow{ParameterType::numbers_or_choice,
            [](const Parameter& p, const Json& value) {
              return is_choice(p, value) || is_list<in_range>(p, value);
            },
            [](const Parameter& p) { return choices_text(p) + ", or a list of numbers"; },
            [](const Parameter& p) {
              return Json{{"anyOf", {choice_schema(p), list_schema({{"type", "number"}})}}};
            }},
    TypeRow{ParameterType::expression, [](const Parameter&, const Json& value) { return value.is_string(); },
            [](const Parameter&) { return std::string("an expression such as \"k <= q\""); },
            [](const Parameter&) {
              return Json{{"type", "string"}, {"maxLength", kMaxExpressionLength}};
            }},
    TypeRow{ParameterType::strokes, is_list<is_stroke>,
            [](const Parameter&) {
              return std::string(R"(a list of {"rows": [from, to], "cols": [from, to], "allow": true})");
            },
            [](const Parameter&) { return list_schema(stroke_schema()); }},
    TypeRow{ParameterType::tensor,
            [](const Parameter&, const Json& value) { return tensor_from_json(value).has_value(); },
            [](const Parameter& p) {
              return p.axes.empty() ? std::string("a number, or one a head")
                                    : fmt::format("nested lists of numbers or {{\"shape\", \"data\"}}, {}",
                                                  axes_text(p));
            },
            [](const Parameter&) {
              return Json{{"type", {"number", "array", "object"}}};
            }},
    TypeRow{ParameterType::text, is_text, [](const Parameter&) { return std::string("a text"); },
            [](const Parameter&) { return text_schema(); }},
    TypeRow{ParameterType::texts, is_list<is_text>,
            [](const Parameter&) { return std::string("a list of texts"); },
            [](const Parameter&) { return list_schema(text_schema()); }},
    TypeRow{ParameterType::integer_or_choice,
            [](const Parameter& p, const Json& value) { return is_choice(p, value) || is_whole(p, value); },
            [](const Parameter& p) { return choices_text(p) + ", or a whole number" + range_text(p); },
            [](const Parameter& p) {
              return Json{{"anyOf", {choice_schema(p), number_schema(p, "integer")}}};
            }},
    TypeRow{
        ParameterType::integers_or_choice,
        [](const Parameter& p, const Json& value) {
          return is_choice(p, value) || is_list<is_whole>(p, value);
        },
        [](const Parameter& p) { return choices_text(p) + ", or a list of whole numbers" + range_text(p); },
        [](const Parameter& p) {
          return Json{{"anyOf", {choice_schema(p), list_schema(number_schema(p, "integer"))}}};
        }},
    TypeRow{ParameterType::choice_list, is_list<is_choice>,
            [](const Parameter& p) { return "a list of " + choices_text(p); },
            [](const Parameter& p) { return list_schema(choice_schema(p)); }},
    TypeRow{ParameterType::length, is_length,
            [](const Parameter&) {
              return fmt::format("pixels, or a length such as \"8.5cm\" ({})", length_units());
            },
            [](const Parameter& p) {
              return Json{
                  {"anyOf",
                   {number_schema(p, "number"), {{"type", "string"}, {"pattern", length_pattern()}}}}};
            }},
    TypeRow{ParameterType::object, is_object, object_text, object_schema},
};

// The kinds that have a parameter of this name: a person may have forgotten to choose one.
std::string owners_hint(const Kinds& kinds, std::string_view name) {
  std::vector<std::string> owners;
  for (const KindInfo* kind : kinds) {
    if (std::ranges::find(kind->parameters, name, &Parameter::name) != kind->parameters.end())
      owners.emplace_back(kind->name);
  }
  return owners.empty() ? "" : fmt::format("{} is a parameter of {}.", name, join_or(owners));
}

const TypeRow& row_of(const Parameter& parameter) {
  return *std::ranges::find(kTypes, parameter.type, &TypeRow::type);
}

bool takes_null(const Parameter& parameter) {
  return parameter.fallback == "null" && parameter.type != ParameterType::integer_or_null;
}

std::string explanation(const Parameter& parameter) {
  return parameter.meaning.empty() ? "" : fmt::format("{}: {}.", parameter.name, parameter.meaning);
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
  return row_of(parameter).allowed(parameter) + (takes_null(parameter) ? ", or null" : "");
}

std::string default_words(const Parameter& parameter) {
  if (!parameter.fallback.empty()) return fmt::format("{} by default", parameter.fallback);
  if (parameter.optional) return "0 by default";
  return parameter.type == ParameterType::tensor ? "drawn from seed by default" : "must be given";
}

Json parameter_schema(const Parameter& parameter) {
  Json schema = row_of(parameter).schema(parameter);
  if (takes_null(parameter)) schema = {{"anyOf", {std::move(schema), {{"type", "null"}}}}};
  schema["description"] = std::string(parameter.meaning);
  if (!parameter.fallback.empty()) schema["default"] = Json::parse(parameter.fallback);
  return schema;
}

Result<Json> read_parameter(const Parameter& parameter, const Json& value, const std::string& place) {
  if (value.is_null() && takes_null(parameter)) return value;
  if (!row_of(parameter).accepts(parameter, value)) {
    return setting_error(place, allowed_values(parameter), json_excerpt(value), explanation(parameter));
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

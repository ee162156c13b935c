#include "core/attention/parameter_types.hpp"

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

constexpr std::array kTypes{
    ParameterTypeRow{ParameterType::integer, is_whole,
                     [](const Parameter& p) { return "a whole number" + range_text(p); },
                     [](const Parameter& p) { return number_schema(p, "integer"); }},
    ParameterTypeRow{
        ParameterType::integer_or_null,
        [](const Parameter& p, const Json& value) { return value.is_null() || is_whole(p, value); },
        [](const Parameter& p) { return "a whole number" + range_text(p) + ", or null"; },
        [](const Parameter& p) {
          return Json{{"anyOf", {number_schema(p, "integer"), {{"type", "null"}}}}};
        }},
    ParameterTypeRow{ParameterType::number, in_range,
                     [](const Parameter& p) { return "a number" + range_text(p); },
                     [](const Parameter& p) { return number_schema(p, "number"); }},
    ParameterTypeRow{ParameterType::boolean,
                     [](const Parameter&, const Json& value) { return value.is_boolean(); },
                     [](const Parameter&) { return std::string("true or false"); },
                     [](const Parameter&) {
                       return Json{{"type", "boolean"}};
                     }},
    ParameterTypeRow{ParameterType::choice, is_choice, choices_text, choice_schema},
    ParameterTypeRow{ParameterType::integers, is_list<is_whole>,
                     [](const Parameter& p) { return "a list of whole numbers" + range_text(p); },
                     [](const Parameter& p) { return list_schema(number_schema(p, "integer")); }},
    ParameterTypeRow{ParameterType::numbers, is_list<in_range>,
                     [](const Parameter& p) { return "a list of numbers" + range_text(p); },
                     [](const Parameter& p) { return list_schema(number_schema(p, "number")); }},
    ParameterTypeRow{
        ParameterType::numbers_or_choice,
        [](const Parameter& p, const Json& value) {
          return is_choice(p, value) || is_list<in_range>(p, value);
        },
        [](const Parameter& p) { return choices_text(p) + ", or a list of numbers" + range_text(p); },
        [](const Parameter& p) {
          return Json{{"anyOf", {choice_schema(p), list_schema(number_schema(p, "number"))}}};
        }},
    ParameterTypeRow{ParameterType::expression,
                     [](const Parameter&, const Json& value) { return value.is_string(); },
                     [](const Parameter&) { return std::string("an expression such as \"k <= q\""); },
                     [](const Parameter&) {
                       return Json{{"type", "string"}, {"maxLength", kMaxExpressionLength}};
                     }},
    ParameterTypeRow{ParameterType::strokes, is_list<is_stroke>,
                     [](const Parameter&) {
                       return std::string(
                           R"(a list of {"rows": [from, to], "cols": [from, to], "allow": true})");
                     },
                     [](const Parameter&) { return list_schema(stroke_schema()); }},
    ParameterTypeRow{ParameterType::tensor,
                     [](const Parameter&, const Json& value) { return tensor_from_json(value).has_value(); },
                     [](const Parameter& p) {
                       return p.axes.empty()
                                  ? std::string("a number, or one a head")
                                  : fmt::format("nested lists of numbers or {{\"shape\", \"data\"}}, {}",
                                                axes_text(p));
                     },
                     [](const Parameter&) {
                       return Json{{"type", {"number", "array", "object"}}};
                     }},
    ParameterTypeRow{ParameterType::text, is_text, [](const Parameter&) { return std::string("a text"); },
                     [](const Parameter&) { return text_schema(); }},
    ParameterTypeRow{ParameterType::texts, is_list<is_text>,
                     [](const Parameter&) { return std::string("a list of texts"); },
                     [](const Parameter&) { return list_schema(text_schema()); }},
    ParameterTypeRow{
        ParameterType::integer_or_choice,
        [](const Parameter& p, const Json& value) { return is_choice(p, value) || is_whole(p, value); },
        [](const Parameter& p) { return choices_text(p) + ", or a whole number" + range_text(p); },
        [](const Parameter& p) {
          return Json{{"anyOf", {choice_schema(p), number_schema(p, "integer")}}};
        }},
    ParameterTypeRow{
        ParameterType::integers_or_choice,
        [](const Parameter& p, const Json& value) {
          return is_choice(p, value) || is_list<is_whole>(p, value);
        },
        [](const Parameter& p) { return choices_text(p) + ", or a list of whole numbers" + range_text(p); },
        [](const Parameter& p) {
          return Json{{"anyOf", {choice_schema(p), list_schema(number_schema(p, "integer"))}}};
        }},
    ParameterTypeRow{ParameterType::choice_list, is_list<is_choice>,
                     [](const Parameter& p) { return "a list of " + choices_text(p); },
                     [](const Parameter& p) { return list_schema(choice_schema(p)); }},
    ParameterTypeRow{
        ParameterType::length, is_length,
        [](const Parameter&) {
          return fmt::format("pixels, or a length such as \"8.5cm\" ({})", length_units());
        },
        [](const Parameter& p) {
          return Json{
              {"anyOf", {number_schema(p, "number"), {{"type", "string"}, {"pattern", length_pattern()}}}}};
        }},
    ParameterTypeRow{ParameterType::object, is_object, object_text, object_schema},
};

}  // namespace

const ParameterTypeRow& type_row(const Parameter& parameter) {
  return *std::ranges::find(kTypes, parameter.type, &ParameterTypeRow::type);
}

}  // namespace attn

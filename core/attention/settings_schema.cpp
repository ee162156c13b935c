#include "core/attention/settings_schema.hpp"

#include <fmt/format.h>

#include "core/attention/families.hpp"
#include "core/attention/scale.hpp"
#include "core/attention/settings.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;

// {"kind": "causal", its parameters}.
Json kind_schema(const KindInfo& kind, const Family& family) {
  const std::string words =
      kind.formula.empty() ? std::string(kind.meaning) : fmt::format("{}: {}", kind.formula, kind.meaning);
  Json schema{{"type", "object"},     {"title", std::string(kind.name)},
              {"description", words}, {"properties", {{"kind", {{"const", std::string(kind.name)}}}}},
              {"required", {"kind"}}, {"additionalProperties", false}};
  for (const std::span<const Parameter> parameters : {kind.parameters, family.common()}) {
    for (const Parameter& parameter : parameters) {
      schema["properties"][std::string(parameter.name)] = parameter_schema(parameter);
      if (parameter.fallback.empty() && parameter.type != ParameterType::tensor)
        schema["required"].push_back(std::string(parameter.name));
    }
  }
  return schema;
}

// One term of the family: a kind's bare name, or an object.
Json term_schema(const Family& family) {
  Json names = Json::array();
  Json forms = Json::array({nullptr});
  for (const KindInfo* kind : family.kinds()) {
    if (stands_alone(*kind)) names.push_back(std::string(kind->name));
    forms.push_back(kind_schema(*kind, family));
  }
  forms[0] = {{"enum", std::move(names)}};
  return {{"anyOf", std::move(forms)}};
}

Json scale_schema() {
  Json names = Json::array();
  for (const ScaleRow& row : scale_rows()) names.push_back(std::string(row.name));
  return {{"anyOf", {{{"enum", std::move(names)}}, {{"type", "number"}}}}};
}

Json stage_schema() {
  Json names = Json::array();
  for (const StageInfo& row : kStages) names.push_back(std::string(row.name));
  return {{"enum", std::move(names)}};
}

Json value_schema(const SettingKey& key) {
  if (!key.schema.empty()) return Json::parse(key.schema);
  const Family* family = family_named(key.name);
  if (family == nullptr) return scale_schema();
  const Json term{{"$ref", fmt::format("#/$defs/{}", family->setting)}};
  return family->is_list ? Json{{"type", "array"}, {"items", term}} : term;
}

}  // namespace

Json settings_schema() {
  Json properties = Json::object();
  for (const SettingKey& key : setting_keys()) {
    Json schema = value_schema(key);
    if (key.fallback == "null") schema = {{"anyOf", {{{"type", "null"}}, std::move(schema)}}};
    schema["description"] = std::string(key.meaning);
    schema["default"] = Json::parse(key.fallback);
    properties[std::string(key.name)] = std::move(schema);
  }
  Json definitions{{"stage", stage_schema()}};
  for (const Family& family : families()) definitions[std::string(family.setting)] = term_schema(family);
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "Settings of attnscope"},
          {"type", "object"},
          {"properties", std::move(properties)},
          {"additionalProperties", false},
          {"$defs", std::move(definitions)}};
}

}  // namespace attn

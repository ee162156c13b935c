#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "core/figure/figure_options.hpp"

namespace attn::forms {

using Json = nlohmann::json;

// How a member of FigureOptions stands in JSON. `read` gets only what its parameter accepts.
template <class T>
struct Form {
  static T read(const Parameter&, const Json& value) { return value.get<T>(); }
  static Json write(const Parameter&, const T& value) { return value; }
};

template <class T>
struct Form<std::optional<T>> {
  static std::optional<T> read(const Parameter& parameter, const Json& value) {
    if (value.is_null()) return std::nullopt;
    return Form<T>::read(parameter, value);
  }
  static Json write(const Parameter& parameter, const std::optional<T>& value) {
    return value ? Form<T>::write(parameter, *value) : Json();
  }
};

template <class T>
requires std::is_enum_v<T>
struct Form<T> {
  static T read(const Parameter& parameter, const Json& value) {
    const auto choice = std::ranges::find(parameter.choices, value.get<std::string>());
    return static_cast<T>(choice - parameter.choices.begin());
  }
  static Json write(const Parameter& parameter, T value) {
    return std::string(parameter.choices[static_cast<std::size_t>(value)]);
  }
};

template <>
struct Form<Length> {
  static Length read(const Parameter&, const Json& value) {
    return value.is_number() ? Length{value.get<double>()} : *length_from(value.get<std::string>());
  }
  static Json write(const Parameter&, const Length& length) {
    return length.unit == Length{}.unit ? Json(length.number) : Json(to_text(length));
  }
};

template <>
struct Form<LabelChoice> {
  static LabelChoice read(const Parameter&, const Json& value) {
    if (value.is_array()) return {false, value.get<std::vector<Index>>()};
    return {value == "all", {}};
  }
  static Json write(const Parameter&, const LabelChoice& choice) {
    if (choice.all) return "all";
    return choice.only.empty() ? Json("none") : Json(choice.only);
  }
};

template <>
struct Form<std::vector<Stage>> {
  static std::vector<Stage> read(const Parameter&, const Json& value) {
    std::vector<Stage> stages;
    for (const Json& name : value) stages.push_back(*stage_named(name.get<std::string>()));
    return stages;
  }
  static Json write(const Parameter&, const std::vector<Stage>& stages) {
    Json names = Json::array();
    for (const Stage stage : stages) names.push_back(info(stage).name);
    return names;
  }
};

template <>
struct Form<Comparison> {
  static Comparison read(const Parameter&, const Json& value) {
    Comparison other;
    if (value.contains("layer") && !value["layer"].is_null()) other.layer = value["layer"].get<std::size_t>();
    if (value.contains("head") && !value["head"].is_null()) {
      const Json& head = value["head"];
      other.head = head_choice_from(head.is_string() ? head.get<std::string>() : head.dump());
    }
    if (value.contains("set")) other.sets = value["set"].get<std::vector<std::string>>();
    return other;
  }
  static Json write(const Parameter&, const Comparison& other) {
    Json json = Json::object();
    if (other.layer) json["layer"] = *other.layer;
    if (other.head && other.head->join == HeadChoice::Join::none) json["head"] = other.head->head;
    if (other.head && other.head->join != HeadChoice::Join::none) json["head"] = to_text(*other.head);
    if (!other.sets.empty()) json["set"] = other.sets;
    return json;
  }
};

template <>
struct Form<Sweep> {
  static Sweep read(const Parameter& parameter, const Json& value) {
    const Parameter& over = parameter.parts().front();
    Sweep sweep;
    if (value.contains("over")) sweep.over = Form<SweepOver>::read(over, value["over"]);
    if (value.contains("values")) {
      sweep.values = value["values"].get<std::vector<double>>();
      return sweep;
    }
    const double from = value.value("from", 0.0), to = value.value("to", from);
    // One more than there may be is enough for the refusal of too many.
    const double whole = std::min(std::abs(to - from) + 1, static_cast<double>(kMostFrames + 1));
    const int steps =
        value.value("steps", sweep.over == SweepOver::temperature ? 20 : static_cast<int>(whole));
    for (int i = 0; i < steps; ++i)
      sweep.values.push_back(steps == 1 ? from : from + (to - from) * i / (steps - 1));
    if (sweep.over != SweepOver::temperature)
      for (double& number : sweep.values) number = std::round(number);
    return sweep;
  }
  static Json write(const Parameter& parameter, const Sweep& sweep) {
    const Parameter& over = parameter.parts().front();
    return {{"over", Form<SweepOver>::write(over, sweep.over)}, {"values", sweep.values}};
  }
};

}  // namespace attn::forms

#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/error.hpp"

namespace attn {

enum class ParameterType {
  integer,             ///< a whole number in [min, max]
  integer_or_null,     ///< null = unbounded
  number,              ///< a number in [min, max]
  boolean,             ///<
  choice,              ///< one of `choices`
  integers,            ///< a list of whole numbers, each in [min, max]
  numbers,             ///< a list of numbers
  numbers_or_choice,   ///< a list of numbers, or one of `choices`
  expression,          ///< a text in the language of expression.hpp
  strokes,             ///< rectangles that allow or forbid: mask_kinds.cpp
  tensor,              ///< nested lists, or {"shape", "data"}; `axes` names its lengths
  text,                ///< one line
  texts,               ///< a list of them
  integer_or_choice,   ///< a whole number in [min, max], or one of `choices`
  integers_or_choice,  ///< a list of whole numbers, each in [min, max], or one of `choices`
  choice_list,         ///< a list of some of `choices`
  length,              ///< pixels, or a text with a unit: base/length.hpp
  object,              ///< {name: value} of its `parts`
};

/// One parameter of a mask, bias, score, position or normaliser. The settings reader, its messages, the
/// panels, the help and the schema are made from rows like this. Where the default is null, null is a value.
struct Parameter {
  std::string_view name;
  ParameterType type = ParameterType::number;
  double min = 0, max = 0;
  std::string_view fallback = {};  ///< the default, as JSON text; empty: must be given (a tensor: drawn)
  std::span<const std::string_view> choices = {};
  std::string_view meaning = {};
  std::string_view start = {};  ///< what the window begins with, where the default would show nothing
  std::string_view axes = {};   ///< of a tensor: `a d_q`; an axis of H may stand in front
  bool optional = false;        ///< a tensor that is 0 where it is not given
  std::span<const Parameter> (*parts)() = nullptr;  ///< of an object; each may be left out
};

/// What every kind of every family (masks, scores, biases, normalisers, positions) says of itself.
struct KindInfo {
  std::string_view name;
  std::string_view formula;  ///< as FORMAT.md writes it
  std::string_view meaning;  ///< one line for people
  std::span<const Parameter> parameters = {};
};

/// A kind (of mask, of bias …) with validated parameters, defaults filled in.
struct Term {
  std::string kind;
  nlohmann::json parameters = nlohmann::json::object();

  [[nodiscard]] bool operator==(const Term&) const = default;
};

/// The rows of a family as what they have in common.
using Kinds = std::vector<const KindInfo*>;
template <class Rows>
[[nodiscard]] Kinds kinds_of(const Rows& rows) {
  Kinds kinds;
  for (const auto& row : rows) kinds.push_back(&row);
  return kinds;
}
template <class Row>
[[nodiscard]] const Row* kind_named(std::span<const Row> rows, std::string_view name) {
  const auto row = std::ranges::find(rows, name, &Row::name);
  return row == rows.end() ? nullptr : &*row;
}

/// Reads one value of `parameter`. Errors: setting, with `place` and what is allowed.
[[nodiscard]] Result<nlohmann::json> read_parameter(const Parameter& parameter, const nlohmann::json& value,
                                                    const std::string& place);

/// Reads an object of parts, each of which may be left out. `what` a key of it is called in messages. Errors:
/// setting, naming the nearest known part.
[[nodiscard]] Result<nlohmann::json> read_object(std::span<const Parameter> parts,
                                                 const nlohmann::json& value, const std::string& what,
                                                 const std::string& place);

/// Reads `{"kind": …, parameter: …}`, or the kind's bare name, with the parameters of that kind and those
/// that the whole family has in common. `noun` is the family for messages: `a mask`. Errors: setting, naming
/// the nearest known kind or parameter.
[[nodiscard]] Result<Term> read_term(const nlohmann::json& value, const Kinds& kinds,
                                     std::span<const Parameter> common, std::string_view noun,
                                     const std::string& place);

/// The term as settings write it, with parameters at their defaults left out.
[[nodiscard]] nlohmann::json term_to_json(const Term& term, const Kinds& kinds,
                                          std::span<const Parameter> common);

/// A term that the window adds: every parameter at what it starts with.
[[nodiscard]] nlohmann::json starting_term(const KindInfo& kind);

/// What `parameter` may be, in words: `a whole number from 0 to 9`.
[[nodiscard]] std::string allowed_values(const Parameter& parameter);

/// What it is where nobody gives it, in words: `0 by default`, `must be given`.
[[nodiscard]] std::string default_words(const Parameter& parameter);

/// What `parameter` may be, as JSON Schema.
[[nodiscard]] nlohmann::json parameter_schema(const Parameter& parameter);

/// `expected …` for a value in settings at `place`.
[[nodiscard]] tl::unexpected<Error> setting_error(std::string place, std::string expected, std::string found,
                                                  std::string hint = {});

/// The refusal of a name that is none of `names`; the nearest one is the hint.
[[nodiscard]] tl::unexpected<Error> unknown_name(std::string place, const std::vector<std::string>& names,
                                                 const std::string& found);

/// A JSON value for a message: short, on one line.
[[nodiscard]] std::string json_excerpt(const nlohmann::json& value);

}  // namespace attn

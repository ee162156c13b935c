#pragma once

#include <span>
#include <string_view>

#include "core/attention/parameter.hpp"

namespace attn {

/// One family of kinds: a setting that is one of them, or a list of them.
struct Family {
  std::string_view setting;  ///< the key of settings: `masks`
  std::string_view noun;     ///< what one of them is called: `a mask`
  std::string_view plural;   ///< `masks`
  bool is_list;              ///< the setting is a list of them, or null
  std::string_view example;  ///< a kind that can stand by its bare name
  std::string_view rules;    ///< how the terms are read, and the letters of their formulas, for people
  Kinds (*kinds)();
  std::span<const Parameter> (*common)();  ///< what each of them has beside its own parameters
};
[[nodiscard]] std::span<const Family> families();

/// The family that setting `setting` holds, or nullptr.
[[nodiscard]] const Family* family_named(std::string_view setting);

/// Reads one term of the family. Errors: setting, naming the nearest known kind or parameter.
[[nodiscard]] Result<Term> read_term(const nlohmann::json& value, const Family& family,
                                     const std::string& place);

/// Whether `value` is a list, as the family's setting is. Errors: setting; one kind alone is told how to be a
/// list.
[[nodiscard]] Result<void> check_list(const nlohmann::json& value, const Family& family,
                                      const std::string& place);

/// Whether the kind's bare name says all that must be said.
[[nodiscard]] bool stands_alone(const KindInfo& kind);

}  // namespace attn

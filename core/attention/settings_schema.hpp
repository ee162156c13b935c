#pragma once

#include <nlohmann/json.hpp>

namespace attn {

/// The JSON Schema (draft 2020-12) of a settings object, made from the tables of keys, kinds and parameters.
/// Its `$defs` name each family by its setting, and `stage`.
[[nodiscard]] nlohmann::json settings_schema();

}  // namespace attn

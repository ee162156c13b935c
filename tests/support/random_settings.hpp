#pragma once

#include <nlohmann/json.hpp>

#include "core/document/document.hpp"
#include "tests/support/random.hpp"

namespace attn::support {

/// A mask of any kind of the table, with parameters in and out of the map, combined and negated.
[[nodiscard]] nlohmann::json random_mask(Random& random, const Document& document);

/// A value for the settings key `name` that this document takes; null where the generator does not know the
/// key.
[[nodiscard]] nlohmann::json random_value(Random& random, const Document& document, const std::string& name);

/// Settings that this document takes: each key of the equation with some probability.
[[nodiscard]] nlohmann::json random_settings(Random& random, const Document& document);

}  // namespace attn::support

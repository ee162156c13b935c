#pragma once

#include <string>
#include <string_view>

#include <simdjson.h>

#include "core/base/error.hpp"
#include "core/document/json_tree.hpp"

namespace attn {

/// The tree of a document that simdjson has indexed, in one forward walk over every value: what is not walked
/// is not validated, so nothing is skipped. `text` is the document's. Errors: as parse_json, but a syntax
/// error has no words.
[[nodiscard]] Result<JsonNode> walk_json(simdjson::ondemand::document& document, const std::string& pointer,
                                         std::string_view text, Progress* progress = nullptr);

}  // namespace attn

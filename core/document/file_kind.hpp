#pragma once

#include <optional>
#include <string_view>

#include "core/base/error.hpp"

namespace attn {

/// The refusal of bytes that are plainly no JSON: a file of another kind (a pickle, a zip, a picture, UTF-16,
/// …), or text that starts with something that no JSON value starts with. It says what they look like and the
/// way out. Nothing where they may be JSON; broken JSON among it.
[[nodiscard]] std::optional<Error> foreign_file(std::string_view bytes);

}  // namespace attn

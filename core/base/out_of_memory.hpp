#pragma once

#include <string>
#include <utility>

#include "core/base/error.hpp"

namespace attn {

/// A std::bad_alloc in words: limit. `expected`: what there was no room for; `hint`: what would take less.
[[nodiscard]] inline Error out_of_memory(std::string expected, std::string hint) {
  return {ErrorCode::limit, {}, "memory", std::move(expected) + " that fits into memory", "one that does not",
          std::move(hint)};
}

}  // namespace attn

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/matrix.hpp"

namespace attn {

/// Which head a map shows: one of them, or all joined into one map.
struct HeadChoice {
  enum class Join { none, mean, max, min };
  Join join = Join::none;
  Index head = 0;  ///< for Join::none

  [[nodiscard]] bool operator==(const HeadChoice&) const = default;
};

/// `3`, `mean`, `max`, `min`, as the command line writes it.
[[nodiscard]] std::string to_text(const HeadChoice& choice);
[[nodiscard]] std::optional<HeadChoice> head_choice_from(std::string_view text);

}  // namespace attn

#include "core/document/json_path.hpp"

#include <fmt/format.h>

namespace attn {

std::string pointer_step(std::string_view key) {
  std::string step = "/";
  for (const char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

std::string JsonPath::pointer() const {
  std::string text = base_;
  for (const Step& step : steps_)
    text += step.is_key ? pointer_step(step.key) : fmt::format("/{}", step.index);
  return text.empty() ? "/" : text;
}

}  // namespace attn

#include "core/document/json_tree.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn {
namespace {

constexpr std::size_t kShownCharacters = 40;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::string describe_array(const NumberArray& array) {
  if (array.shape.size() == 1) return fmt::format("a list of {} numbers", array.shape.front());
  return shape_text(array.shape) + " numbers";
}

}  // namespace

const Defect* NumberArray::defect(Defect::Kind kind) const {
  const auto found =
      std::find_if(defects.begin(), defects.end(), [&](const Defect& defect) { return defect.kind == kind; });
  return found == defects.end() ? nullptr : &*found;
}

NumberArray* JsonNode::array() {
  const auto* held = as<std::unique_ptr<NumberArray>>();
  return held ? held->get() : nullptr;
}

const std::string* repeated_key(const JsonNode::Object& object) {
  std::vector<const std::string*> keys;
  for (const JsonMember& member : object) keys.push_back(&member.key);
  std::sort(keys.begin(), keys.end(), [](const auto* a, const auto* b) { return *a < *b; });
  const auto twice =
      std::adjacent_find(keys.begin(), keys.end(), [](const auto* a, const auto* b) { return *a == *b; });
  return twice == keys.end() ? nullptr : *twice;
}

std::string describe(const JsonNode& node) {
  return std::visit(
      Overloaded{
          [](std::nullptr_t) -> std::string { return "null"; },
          [](bool truth) -> std::string { return truth ? "true" : "false"; },
          [](const JsonNumber& number) { return shorten_middle(number.text, kShownCharacters); },
          [](const std::string& text) {
            return fmt::format("\"{}\"", shorten_middle(text, kShownCharacters));
          },
          [](const JsonNode::List& list) { return fmt::format("a list of {}", list.size()); },
          [](const JsonNode::Object&) -> std::string { return "an object"; },
          [](const std::unique_ptr<NumberArray>& array) { return describe_array(*array); },
      },
      node.value);
}

std::string describe_token(std::string_view token) {
  if (token.starts_with('[')) return "a list";
  if (token.starts_with('{')) return "an object";
  return shorten_middle(token.substr(0, token.find_last_not_of(" \t\r\n") + 1), kShownCharacters);
}

}  // namespace attn

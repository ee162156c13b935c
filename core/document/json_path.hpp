#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace attn {

/// `key` as one step of a JSON pointer: `/key`, with ~ and / escaped.
[[nodiscard]] std::string pointer_step(std::string_view key);

/// The way from the root of a JSON text to the value at hand. Keys are views: they must outlive their step.
class JsonPath {
 public:
  explicit JsonPath(std::string base) : base_(std::move(base)) {}

  void push_key(std::string_view key) { steps_.push_back({key, 0, true}); }
  void push_index() { steps_.push_back({{}, 0, false}); }
  void set_index(std::size_t index) { steps_.back().index = index; }
  void pop() { steps_.pop_back(); }

  [[nodiscard]] bool ends_with_key(std::string_view key) const {
    return !steps_.empty() && steps_.back().is_key && steps_.back().key == key;
  }
  /// The JSON pointer; `/` for the root itself, so that a message has a place to name.
  [[nodiscard]] std::string pointer() const;

 private:
  struct Step {
    std::string_view key;
    std::size_t index = 0;
    bool is_key = false;
  };
  std::string base_;
  std::vector<Step> steps_;
};

}  // namespace attn

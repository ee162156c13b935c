#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/progress.hpp"

namespace attn {

/// Something in a nested array that only some fields of a document allow, or that none does: the first of its
/// kind.
struct Defect {
  enum class Kind {
    ragged,          ///< a row whose length differs from the first row's
    mixed,           ///< something that is neither a number nor a list where the first row has one
    null,            ///< stored as −∞
    minus_infinity,  ///< the word -Infinity, which is not JSON; stored as −∞
    overflow,        ///< a number outside float32
    boolean,         ///< stored as 1 or 0
  };
  Kind kind = Kind::ragged;
  std::string place;  ///< JSON pointer
  std::string expected;
  std::string found;
};

/// A nested array of numbers, in C order. `values.size()` is the product of `shape`, unless a defect is
/// ragged or mixed: then shape and values mean nothing. An empty list is an array of shape {0}.
struct NumberArray {
  std::vector<std::size_t> shape;
  std::vector<float> values;
  bool whole = true;            ///< all are integers with |x| ≤ 2²⁴, so float32 holds them exactly
  std::size_t vanished = 0;     ///< numbers that are not 0, but nearer to 0 than float32 can say
  std::vector<Defect> defects;  ///< at most one of each kind

  [[nodiscard]] const Defect* defect(Defect::Kind kind) const;
};

/// A number outside arrays, with its text: integers of any size keep their digits.
struct JsonNumber {
  double value = 0;
  std::string text;
};

struct JsonMember;

/// JSON as a tree; objects keep the file's order.
struct JsonNode {
  using List = std::vector<JsonNode>;
  using Object = std::vector<JsonMember>;

  std::variant<std::nullptr_t, bool, JsonNumber, std::string, List, Object, std::unique_ptr<NumberArray>>
      value;

  template <class T>
  [[nodiscard]] T* as() {
    return std::get_if<T>(&value);
  }
  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&value);
  }
  /// The nested array, or null where this is something else.
  [[nodiscard]] NumberArray* array();
};

struct JsonMember {
  std::string key;
  JsonNode value;
};

/// Reads text[from, to) as one JSON value. Every byte is validated: UTF-8, no NUL, no byte behind the value,
/// no key twice, depth, keys and number lengths within limits.hpp. Arrays of numbers land in one NumberArray,
/// except below a key `settings` or `slice`, where all arrays are lists and all numbers keep their text.
/// `text` is lent a few bytes of padding. Places in errors count from the start of `text`; pointers start
/// with `pointer`. Errors: syntax, encoding, duplicate, limit, and value for NaN, infinities and numbers that
/// no double can hold; cancelled, where `progress` says so. `progress` counts bytes.
[[nodiscard]] Result<JsonNode> parse_json(std::string& text, std::size_t from, std::size_t to,
                                          const std::string& pointer = {}, Progress* progress = nullptr);

/// The first key, in alphabetical order, that stands twice in `object`, or null.
[[nodiscard]] const std::string* repeated_key(const JsonNode::Object& object);

/// What a node is, for messages: `a list of 3`, `"abc"`, `null`, `2 × 5 numbers`.
[[nodiscard]] std::string describe(const JsonNode& node);

/// What a JSON token is, for messages: `a list`, `an object`, or the token itself, shortened.
[[nodiscard]] std::string describe_token(std::string_view token);

}  // namespace attn

#include "core/document/json_walk.hpp"

#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/json_number.hpp"
#include "core/document/json_path.hpp"
#include "core/document/limits.hpp"
#include "core/document/number_builder.hpp"
#include "core/document/plain_number.hpp"

namespace attn {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kPairs = "surrogates in pairs: \\ud83d\\ude00";

std::string_view trim_end(std::string_view token) {
  return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
}

bool starts_number(std::string_view token) {
  return std::string_view("[{\"").find(token[0]) == std::string_view::npos;
}

class Walker {
 public:
  Walker(std::string pointer, const char* begin, const char* end, Progress* progress)
      : path_(std::move(pointer)), begin_(begin), end_(end), progress_(progress) {
    if (progress_ == nullptr) return;
    progress_->done = 0;
    progress_->total = static_cast<std::size_t>(end - begin);
  }

  Result<JsonNode> root(ondemand::document& document) {
    ondemand::json_type type{};
    if (document.type().get(type)) return not_json();
    auto node = root_of_type(document, type);
    if (node && !document.current_location().error()) return not_json();  // something stands behind it
    return node;
  }

 private:
  // A syntax error without words: the caller finds the place and the words.
  static tl::unexpected<Error> not_json() {
    return tl::unexpected(Error{ErrorCode::syntax, {}, {}, {}, {}, {}});
  }

  [[nodiscard]] tl::unexpected<Error> refuse(ErrorCode code, std::string expected, std::string found,
                                             std::string hint = {}) const {
    return tl::unexpected(
        Error{code, {}, path_.pointer(), std::move(expected), std::move(found), std::move(hint)});
  }

  // Says how far the walk is, and whether it may go on. Asked often: it looks up once in a while.
  Result<void> look_up(const char* at) {
    constexpr std::ptrdiff_t kOnceIn = 1 << 16;  // bytes
    if (progress_ == nullptr || at - looked_up_ < kOnceIn) return {};
    looked_up_ = at;
    progress_->done = static_cast<std::size_t>(at - begin_);
    if (!progress_->stopped()) return {};
    return refuse(ErrorCode::cancelled, "the document", "a reading that was cancelled");
  }

  Result<JsonNode> root_of_type(ondemand::document& document, ondemand::json_type type) {
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      if (document.get_array().get(array)) return not_json();
      return list_or_numbers(array, begin_);
    }
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (document.get_object().get(object)) return not_json();
      return members(object);
    }
    return scalar(document);
  }

  Result<JsonNode> value(ondemand::value item) {
    const std::string_view token = item.raw_json_token();
    if (token[0] == '[') {
      ondemand::array array;
      if (item.get_array().get(array)) return not_json();
      return list_or_numbers(array, token.data());
    }
    if (token[0] == '{') {
      ondemand::object object;
      if (item.get_object().get(object)) return not_json();
      return members(object);
    }
    return scalar(item);
  }

  // A text, true, false, null or a number; Value is a value or a whole document.
  template <class Value>
  Result<JsonNode> scalar(Value& item) {
    std::string_view token;
    if (simdjson::simdjson_result<std::string_view>(item.raw_json_token()).get(token)) return not_json();
    token = trim_end(token);
    bool truth = false;
    if (token == "null") {
      if (item.is_null().get(truth) || !truth) return not_json();
      return JsonNode{nullptr};
    }
    if (token == "true" || token == "false") {
      if (item.get_bool().get(truth)) return not_json();
      return JsonNode{truth};
    }
    if (token.starts_with('"')) return text(item, token);
    double number = 0;
    if (token.size() > limits::kNumberCharacters || item.get_double().get(number)) {
      auto slow = slow_number(token);
      if (!slow) return tl::unexpected(std::move(slow.error()));
      number = *slow;
    }
    return JsonNode{JsonNumber{number, std::string(token)}};
  }

  template <class Value>
  Result<JsonNode> text(Value& item, std::string_view token) {
    std::string_view text;
    if (item.get_string().get(text)) return not_json();
    // Only an escape can bring in what is not UTF-8: half of a surrogate pair.
    if (token.find('\\') != std::string_view::npos && first_invalid_utf8(text) != std::string_view::npos) {
      return refuse(ErrorCode::encoding, std::string(kPairs), describe_token(token));
    }
    return JsonNode{std::string(text)};
  }

  // A token that simdjson refuses as a number.
  Result<double> slow_number(std::string_view token) const {
    if (is_non_finite_word(token)) {
      return refuse(ErrorCode::value, "a number", std::string(token),
                    "NaN and infinities only come from tensor files.");
    }
    if (!is_json_number(token)) return not_json();
    if (token.size() > limits::kNumberCharacters) {
      return refuse(ErrorCode::limit,
                    fmt::format("numbers of at most {} characters", grouped(limits::kNumberCharacters)),
                    fmt::format("one of {}", grouped(token.size())));
    }
    const auto number = read_json_number(token);
    if (!number) return refuse(ErrorCode::value, "a number up to 1.8e308", describe_token(token));
    return *number;
  }

  Result<JsonNode> members(ondemand::object& object) {
    if (auto deep = enter(); !deep) return tl::unexpected(std::move(deep.error()));
    JsonNode::Object members;
    for (auto item : object) {
      ondemand::field field;
      std::string_view key;
      if (std::move(item).get(field) || field.unescaped_key().get(key)) return not_json();
      if (first_invalid_utf8(key) != std::string_view::npos) {
        return refuse(ErrorCode::encoding, std::string(kPairs), "half of one in a key");
      }
      if (members.size() == limits::kObjectKeys) {
        return refuse(ErrorCode::limit,
                      fmt::format("at most {} keys in an object", grouped(limits::kObjectKeys)), "more");
      }
      // Below `settings` and `slice` lists stay lists and numbers keep their digits; a sequence of such a
      // name is neither.
      const bool exact =
          exact_ || ((key == "settings" || key == "slice") && !path_.ends_with_key("sequences"));
      const bool outer = std::exchange(exact_, exact);
      path_.push_key(key);
      auto node = value(field.value());
      if (!node) return node;
      path_.pop();
      exact_ = outer;
      members.push_back({std::string(key), std::move(*node)});
    }
    if (const std::string* twice = repeated_key(members)) {
      path_.push_key(*twice);
      return refuse(ErrorCode::duplicate, "each key once", "this one twice", "Only one of them can hold.");
    }
    --depth_;
    return JsonNode{std::move(members)};
  }

  Result<void> enter() {
    if (++depth_ <= limits::kDepth) return {};
    return refuse(ErrorCode::limit, fmt::format("at most {} brackets inside one another", limits::kDepth),
                  "more");
  }

  // The first element says which of the two the list is.
  Result<JsonNode> list_or_numbers(ondemand::array& array, const char* start) {
    if (auto deep = enter(); !deep) return tl::unexpected(std::move(deep.error()));
    std::optional<NumberBuilder> numbers;
    JsonNode::List list;
    std::size_t count = 0;
    path_.push_index();
    for (auto item : array) {
      ondemand::value element;
      if (std::move(item).get(element)) return not_json();
      path_.set_index(count);
      const std::string_view token = element.raw_json_token();
      if (auto going = look_up(token.data()); !going) return tl::unexpected(std::move(going.error()));
      const bool undecided = count++ == 0 && !exact_;
      if (undecided && starts_number(token)) numbers.emplace(path_, start, end_);
      if (numbers) {
        auto added = add(element, *numbers, numbers->row_shape());
        if (!added) return tl::unexpected(std::move(added.error()));
        continue;
      }
      auto node = value(element);
      if (!node) return node;
      if (undecided && node->array()) {
        numbers.emplace(path_, start, end_, std::move(std::get<std::unique_ptr<NumberArray>>(node->value)));
      } else {
        list.push_back(std::move(*node));
      }
    }
    path_.pop();
    --depth_;
    if (count == 0 && !exact_) numbers.emplace(path_, start, end_);
    if (!numbers) return JsonNode{std::move(list)};
    return JsonNode{numbers->finish(count)};
  }

  // One more element for `into`, which must have `shape`.
  Result<void> add(ondemand::value element, NumberBuilder& into, std::span<const std::size_t> shape) {
    if (shape.empty()) return add_plain(element, into) ? Result<void>() : add_other(element, into);
    if (element.raw_json_token()[0] != '[') {
      return add_stranger(element, into, fmt::format("a list of {}", shape.front()));
    }
    ondemand::array array;
    if (auto going = look_up(element.raw_json_token().data()); !going) return going;
    if (element.get_array().get(array)) return not_json();
    if (auto deep = enter(); !deep) return deep;
    std::size_t count = 0;
    path_.push_index();
    for (auto item : array) {
      ondemand::value inner;
      if (std::move(item).get(inner)) return not_json();
      path_.set_index(count++);
      if (shape.size() == 1 && add_plain(inner, into)) continue;
      auto added = add(inner, into, shape.subspan(1));
      if (!added) return added;
    }
    path_.pop();
    --depth_;
    if (count != shape.front()) {
      into.note(Defect::Kind::ragged, fmt::format("{} elements, as many as in the first", shape.front()),
                fmt::format("{}", count));
    }
    return {};
  }

  // Nearly every value of a large file comes through here.
  static bool add_plain(ondemand::value& element, NumberBuilder& into) {
    const std::string_view token = element.raw_json_token();
    if (const auto number = plain_number(token)) {
      into.add(*number, token);  // the loop steps over it
      return true;
    }
    double number = 0;
    if (token.size() > limits::kNumberCharacters || element.get_double().get(number)) return false;
    into.add(number, token);
    return true;
  }

  // Anything but a plain number in the place of one. A word is left for the loop to step over.
  Result<void> add_other(ondemand::value& element, NumberBuilder& into) {
    const std::string_view token = trim_end(element.raw_json_token());
    if (!starts_number(token)) return add_stranger(element, into, "a number");
    if (token == "null") {
      into.add_null();
    } else if (token == "-Infinity") {
      into.add_minus_infinity();
    } else if (token == "true" || token == "false") {
      into.add_boolean(token == "true");
    } else {
      auto number = slow_number(token);
      if (!number) return tl::unexpected(std::move(number.error()));
      into.add(*number, token);
    }
    return {};
  }

  Result<void> add_stranger(ondemand::value& element, NumberBuilder& into, std::string expected) {
    into.note(Defect::Kind::mixed, std::move(expected), describe_token(element.raw_json_token()));
    auto node = value(element);
    if (!node) return tl::unexpected(std::move(node.error()));
    return {};
  }

  JsonPath path_;
  const char* begin_;
  const char* end_;
  Progress* progress_;
  const char* looked_up_ = begin_;
  std::size_t depth_ = 0;
  bool exact_ = false;  // below a key `settings` or `slice`
};

}  // namespace

Result<JsonNode> walk_json(ondemand::document& document, const std::string& pointer, std::string_view text,
                           Progress* progress) {
  return Walker(pointer, text.data(), text.data() + text.size(), progress).root(document);
}

}  // namespace attn

#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/document/document.hpp"
#include "core/document/json_tree.hpp"

namespace attn {

class TensorFiles;

/// A refusal; an empty place is the root, which messages call `/`.
[[nodiscard]] tl::unexpected<Error> refuse(ErrorCode code, std::string place, std::string expected,
                                           std::string found, std::string hint = {});

/// The refusal of a node that is of the wrong kind, with advice where null stands for "not given".
[[nodiscard]] tl::unexpected<Error> refuse_type(const std::string& place, std::string expected,
                                                const JsonNode& node);

/// A node without number arrays, as all below `settings` are, as nlohmann's value; numbers keep their digits.
[[nodiscard]] nlohmann::json to_json(const JsonNode& node);

/// A JSON object, where it stands, and the files that its tensors may name (null: none). Values are moved out
/// of the tree, so each is read once.
class Fields {
 public:
  Fields(JsonNode::Object& members, std::string place, TensorFiles* files = nullptr)
      : members_(&members), place_(std::move(place)), files_(files) {}

  [[nodiscard]] JsonNode* find(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
  [[nodiscard]] bool has_any(std::span<const std::string_view> keys) const;
  /// The object's own pointer, empty for the root.
  [[nodiscard]] const std::string& place() const { return place_; }
  [[nodiscard]] std::string place_of(std::string_view key) const;
  [[nodiscard]] const JsonNode::Object& members() const { return *members_; }
  [[nodiscard]] TensorFiles* files() const { return files_; }

  /// The text under `key`; nothing where the key is absent. Errors: type.
  [[nodiscard]] Result<std::optional<std::string>> text(std::string_view key) const;
  /// The whole number ≥ 1 under `key`; nothing where the key is absent. Errors: type, value.
  [[nodiscard]] Result<std::optional<std::size_t>> count(std::string_view key) const;
  /// The object under `key`, digits kept; {} where the key is absent. Errors: type.
  [[nodiscard]] Result<nlohmann::json> settings(std::string_view key) const;

 private:
  JsonNode::Object* members_;
  std::string place_;
  TensorFiles* files_;
};

/// The node as an object at `place`. Errors: type; `expected` says what should stand here.
[[nodiscard]] Result<Fields> as_fields(JsonNode& node, const std::string& place, const std::string& expected,
                                       TensorFiles* files);

/// Refuses keys that this version cannot compute, and notes those that nobody knows with the nearest known
/// one. `owner` is `document`, `sequence` or `layer`, or both of a shorthand's.
[[nodiscard]] Result<void> check_keys(const Fields& fields, std::initializer_list<std::string_view> owners,
                                      const std::vector<std::string>& known, std::vector<Note>& notes);

}  // namespace attn

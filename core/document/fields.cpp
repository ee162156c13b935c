#include "core/document/fields.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/json_path.hpp"
#include "core/document/keys.hpp"

namespace attn {
namespace {

constexpr std::size_t kUnknownKeysNamed = 8;
constexpr std::size_t kShownCharacters = 40;
constexpr double kLargestCount = 1e9;

nlohmann::json list_to_json(const JsonNode::List& list) {
  auto json = nlohmann::json::array();
  for (const JsonNode& item : list) json.push_back(to_json(item));
  return json;
}

nlohmann::json object_to_json(const JsonNode::Object& members) {
  auto json = nlohmann::json::object();
  for (const JsonMember& member : members) json[member.key] = to_json(member.value);
  return json;
}

std::string unknown_text(const std::string& key, std::string_view owner,
                         const std::vector<std::string>& known) {
  const std::string shown = shorten_middle(key, kShownCharacters);
  if (std::find(keys::kSettings.begin(), keys::kSettings.end(), key) != keys::kSettings.end()) {
    return fmt::format("\"{}\" is a setting and is not read here; it belongs into \"settings\".", shown);
  }
  const std::string nearest = key.size() > kShownCharacters ? std::string() : nearest_name(key, known);
  std::string text = fmt::format("\"{}\" is no key of a {} and is not read", shown, owner);
  return text + (nearest.empty() ? "." : fmt::format("; the nearest is \"{}\".", nearest));
}

const keys::Unsupported* find_unsupported(std::string_view owner, std::string_view key) {
  const auto* row = std::find_if(keys::kUnsupported.begin(), keys::kUnsupported.end(),
                                 [&](const auto& each) { return each.owner == owner && each.key == key; });
  return row == keys::kUnsupported.end() ? nullptr : row;
}

}  // namespace

nlohmann::json to_json(const JsonNode& node) {
  if (const auto* truth = node.as<bool>()) return *truth;
  if (const auto* text = node.as<std::string>()) return *text;
  if (const auto* list = node.as<JsonNode::List>()) return list_to_json(*list);
  if (const auto* members = node.as<JsonNode::Object>()) return object_to_json(*members);
  const auto* number = node.as<JsonNumber>();
  if (!number) return nullptr;
  auto exact = nlohmann::json::parse(number->text, nullptr, false);
  return exact.is_number() ? exact : nlohmann::json(number->value);
}

tl::unexpected<Error> refuse(ErrorCode code, std::string place, std::string expected, std::string found,
                             std::string hint) {
  if (place.empty()) place = "/";
  return tl::unexpected(
      Error{code, {}, std::move(place), std::move(expected), std::move(found), std::move(hint)});
}

tl::unexpected<Error> refuse_type(const std::string& place, std::string expected, const JsonNode& node) {
  const bool null = node.as<std::nullptr_t>() != nullptr;
  return refuse(ErrorCode::type, place, std::move(expected), describe(node),
                null ? "A key that is not given is left out." : "");
}

JsonNode* Fields::find(std::string_view key) const {
  const auto found = std::find_if(members_->begin(), members_->end(),
                                  [&](const JsonMember& member) { return member.key == key; });
  return found == members_->end() ? nullptr : &found->value;
}

bool Fields::has_any(std::span<const std::string_view> keys) const {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return has(key); });
}

std::string Fields::place_of(std::string_view key) const {
  return place_ + pointer_step(key);
}

Result<std::optional<std::string>> Fields::text(std::string_view key) const {
  JsonNode* node = find(key);
  if (!node) return std::nullopt;
  auto* text = node->as<std::string>();
  if (!text) return refuse_type(place_of(key), "a text", *node);
  return std::move(*text);
}

Result<std::optional<std::size_t>> Fields::count(std::string_view key) const {
  const JsonNode* node = find(key);
  if (!node) return std::nullopt;
  const auto* number = node->as<JsonNumber>();
  if (!number) return refuse_type(place_of(key), "a whole number from 1", *node);
  if (number->value < 1 || number->value > kLargestCount || number->value != std::floor(number->value)) {
    return refuse(ErrorCode::value, place_of(key), "a whole number from 1", describe(*node));
  }
  return static_cast<std::size_t>(number->value);
}

Result<nlohmann::json> Fields::settings(std::string_view key) const {
  const JsonNode* node = find(key);
  if (!node) return nlohmann::json::object();
  const auto* members = node->as<JsonNode::Object>();
  if (!members) return refuse_type(place_of(key), "an object of settings", *node);
  return object_to_json(*members);
}

Result<Fields> as_fields(JsonNode& node, const std::string& place, const std::string& expected,
                         TensorFiles* files) {
  auto* members = node.as<JsonNode::Object>();
  if (!members) return refuse_type(place, expected, node);
  return Fields(*members, place, files);
}

Result<void> check_keys(const Fields& fields, std::initializer_list<std::string_view> owners,
                        const std::vector<std::string>& known, std::vector<Note>& notes) {
  std::size_t unknown = 0;
  for (const JsonMember& member : fields.members()) {
    for (const std::string_view owner : owners) {
      if (const auto* row = find_unsupported(owner, member.key)) {
        return refuse(ErrorCode::unsupported, fields.place_of(member.key),
                      fmt::format("a document without {}", row->what), fmt::format("\"{}\"", row->key),
                      "This version cannot compute them yet.");
      }
    }
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    if (++unknown > kUnknownKeysNamed) continue;
    notes.push_back(
        {Note::Kind::warning, fields.place_of(member.key), unknown_text(member.key, *owners.begin(), known)});
  }
  if (unknown > kUnknownKeysNamed) {
    notes.push_back({Note::Kind::warning, fields.place(),
                     fmt::format("{} more keys are not known and not read.", unknown - kUnknownKeysNamed)});
  }
  return {};
}

}  // namespace attn

#include "core/document/tensor_field.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/limits.hpp"
#include "core/document/tensor_reference.hpp"
#include "core/document/tensors/stored_tensor.hpp"

namespace attn {
namespace {

constexpr float kLargestWhole = 16'777'216;  // 2²⁴
constexpr const char* kTensor = "nested lists of numbers";
constexpr const char* kMaskedHint = "null and -Infinity stand in scores alone, -Infinity in a bias too.";

const std::vector<std::string> kInlineKeys = {"shape", "data"};

struct DefectRule {
  Defect::Kind kind;
  ErrorCode code;
  bool TensorRule::*allowed;  // null: never
  const char* hint;
};
constexpr DefectRule kDefectRules[] = {
    {Defect::Kind::mixed, ErrorCode::type, nullptr, ""},
    {Defect::Kind::ragged, ErrorCode::shape, nullptr, "All rows must be of one length."},
    {Defect::Kind::overflow, ErrorCode::value, nullptr, ""},
    {Defect::Kind::null, ErrorCode::type, &TensorRule::null, kMaskedHint},
    {Defect::Kind::minus_infinity, ErrorCode::value, &TensorRule::minus_infinity, kMaskedHint},
    {Defect::Kind::boolean, ErrorCode::type, &TensorRule::boolean, "true and false stand in masks alone."},
};

Result<void> check_defects(const NumberArray& array, const TensorRule& rule) {
  for (const DefectRule& row : kDefectRules) {
    const Defect* defect = array.defect(row.kind);
    if (!defect || (row.allowed && rule.*row.allowed)) continue;
    return refuse(row.code, defect->place, defect->expected, defect->found, row.hint);
  }
  return {};
}

// The first thing in a list that is not a list of numbers, for a message.
tl::unexpected<Error> refuse_list(const JsonNode& node, std::string place) {
  const JsonNode* at = &node;
  while (const auto* list = at->as<JsonNode::List>()) {
    if (list->empty()) break;
    at = &list->front();
    place += "/0";
  }
  return refuse_type(place, at == &node ? kTensor : "a number", *at);
}

// What every form of a tensor has to fulfil.
Result<Tensor> check_tensor(Tensor tensor, const std::string& place, const TensorRule& rule) {
  if (tensor.rank() > limits::kTensorRank) {
    return refuse(ErrorCode::limit, place, fmt::format("at most {} axes", limits::kTensorRank),
                  fmt::format("{}", tensor.rank()));
  }
  if (rule.boolean && tensor.at_hand()) {
    if (auto valid = check_zero_one(tensor.values(), place); !valid)
      return tl::unexpected(std::move(valid.error()));
  }
  return tensor;
}

Result<Tensor> finish(NumberArray& array, std::vector<std::size_t> shape, const std::string& place,
                      const TensorRule& rule, std::vector<Note>& notes) {
  if (shape.empty() || std::find(shape.begin(), shape.end(), 0u) != shape.end()) {
    return refuse(ErrorCode::shape, place, "at least one number", "none");
  }
  if (array.vanished > 0) {
    notes.push_back(
        {Note::Kind::warning, place,
         fmt::format("{} number(s) are too small for float32 and are read as 0.", grouped(array.vanished))});
  }
  return check_tensor(Tensor(std::move(shape), std::move(array.values)), place, rule);
}

// {"shape": [2, 3], "data": [1, 2, 3, 4, 5, 6]}
Result<Tensor> take_inline(const Fields& fields, const TensorRule& rule, std::vector<Note>& notes) {
  if (auto known = check_keys(fields, {"tensor"}, kInlineKeys, notes); !known) {
    return tl::unexpected(std::move(known.error()));
  }
  if (!fields.has("shape") && !fields.has("data")) {
    return refuse(ErrorCode::type, fields.place(),
                  "nested lists of numbers, or an object with shape and data, with base64, or with file",
                  "an object without them");
  }
  if (!fields.has("shape")) return refuse(ErrorCode::type, fields.place(), "both shape and data", "no shape");
  auto shape = take_shape(fields);
  if (!shape) return tl::unexpected(std::move(shape.error()));
  JsonNode* data = fields.find("data");
  if (!data) return refuse(ErrorCode::type, fields.place(), "both shape and data", "no data");
  const std::string place = fields.place_of("data");
  NumberArray* array = data->array();
  if (!array) return refuse_list(*data, place);
  if (auto valid = check_defects(*array, rule); !valid) return tl::unexpected(std::move(valid.error()));
  if (array->shape.size() != 1)
    return refuse(ErrorCode::shape, place, "a flat list", shape_text(array->shape));
  const auto size = tensor_size(*shape);
  if (size != array->shape.front()) {
    return refuse(
        ErrorCode::shape, place,
        fmt::format("{} numbers, for the shape {}", size ? grouped(*size) : "too many", shape_text(*shape)),
        grouped(array->shape.front()));
  }
  return finish(*array, std::move(*shape), place, rule, notes);
}

}  // namespace

Result<Tensor> take_tensor(JsonNode& node, const std::string& place, TensorFiles* files,
                           const TensorRule& rule, std::vector<Note>& notes) {
  if (auto* members = node.as<JsonNode::Object>()) {
    const Fields fields(*members, place, files);
    if (!is_tensor_reference(fields)) return take_inline(fields, rule, notes);
    auto tensor = take_tensor_reference(fields, rule, notes);
    return tensor ? check_tensor(std::move(*tensor), place, rule) : tensor;
  }
  NumberArray* array = node.array();
  if (!array) return refuse_list(node, place);
  if (auto valid = check_defects(*array, rule); !valid) return tl::unexpected(std::move(valid.error()));
  return finish(*array, std::move(array->shape), place, rule, notes);
}

Result<std::optional<Tensor>> take_tensor(const Fields& fields, std::string_view key, std::size_t least,
                                          std::size_t most, const TensorRule& rule,
                                          std::vector<Note>& notes) {
  JsonNode* node = fields.find(key);
  if (!node) return std::nullopt;
  auto tensor = take_tensor(*node, fields.place_of(key), fields.files(), rule, notes);
  if (!tensor) return tl::unexpected(std::move(tensor.error()));
  if (tensor->rank() < least || tensor->rank() > most) {
    return refuse(ErrorCode::shape, fields.place_of(key),
                  least == most ? fmt::format("{} axes", least) : fmt::format("{} to {} axes", least, most),
                  fmt::format("{} ({})", tensor->rank(), shape_text(tensor->shape())));
  }
  return std::move(*tensor);
}

Result<std::optional<std::vector<std::int64_t>>> take_integers(const Fields& fields, std::string_view key,
                                                               const TensorRule& rule,
                                                               std::vector<Note>& notes) {
  JsonNode* node = fields.find(key);
  if (!node) return std::nullopt;
  const std::string place = fields.place_of(key);
  if (!node->array() && !node->as<JsonNode::Object>())
    return node->as<JsonNode::List>() ? refuse_list(*node, place)
                                      : refuse_type(place, "a list of whole numbers", *node);
  const bool whole = !node->array() || node->array()->whole;  // a file says itself where it was rounded
  auto tensor = take_tensor(*node, place, fields.files(), rule, notes);
  if (!tensor) return tl::unexpected(std::move(tensor.error()));
  if (tensor->rank() != 1) return refuse(ErrorCode::shape, place, "a flat list", shape_text(tensor->shape()));
  std::vector<std::int64_t> numbers;
  for (const float value : tensor->values()) {
    if (!whole || std::abs(value) > kLargestWhole || value != std::floor(value) || std::isnan(value)) {
      return refuse(ErrorCode::value, place, "whole numbers of at most 16,777,216", "one that is not");
    }
    numbers.push_back(static_cast<std::int64_t>(value));
  }
  return numbers;
}

}  // namespace attn

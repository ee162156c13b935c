#include "core/document/tensor_reference.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/json_tree.hpp"
#include "core/document/keys.hpp"
#include "core/document/tensors/base64.hpp"
#include "core/document/tensors/tensor_files.hpp"

namespace attn {
namespace {

constexpr std::size_t kNamesShown = 8;
constexpr std::size_t kNamesCompared = 2000;
constexpr std::size_t kCharactersCompared = 256;
constexpr std::size_t kShownCharacters = 60;

Result<Tensor> take_base64(const Fields& fields, std::vector<Note>& notes) {
  auto text = fields.text("base64");
  if (!text) return tl::unexpected(std::move(text.error()));
  auto name = fields.text("dtype");
  if (!name) return tl::unexpected(std::move(name.error()));
  const Dtype* dtype = find_dtype(&Dtype::name, name->value_or(""));
  if (dtype == nullptr) {
    return refuse(ErrorCode::value, fields.place_of("dtype"), "one of " + dtype_names(),
                  *name ? fmt::format("\"{}\"", shorten_middle(**name, kShownCharacters)) : "nothing");
  }
  auto shape = take_shape(fields);
  if (!shape) return tl::unexpected(std::move(shape.error()));
  const std::string place = fields.place_of("base64");
  const Base64 decoded = decode_base64(**text);
  if (decoded.broken_at) {
    const std::size_t at = *decoded.broken_at;
    return refuse(ErrorCode::value, place, "base64: A to Z, a to z, 0 to 9, + and /, filled up with =",
                  at < (*text)->size() ? fmt::format("\"{}\" at character {}", (**text)[at], at)
                                       : fmt::format("{} characters", grouped((*text)->size())));
  }
  const auto size = tensor_size(*shape);
  if (!size || decoded.bytes.size() % dtype->size != 0 || decoded.bytes.size() / dtype->size != *size) {
    return refuse(ErrorCode::shape, place,
                  fmt::format("{} numbers of {} bytes, for the shape {}", size ? grouped(*size) : "too many",
                              dtype->size, shape_text(*shape)),
                  fmt::format("{} bytes", grouped(decoded.bytes.size())));
  }
  std::vector<float> values(*size);
  Conversion conversion;
  dtype->convert(decoded.bytes.data(), *size, false, values.data(), conversion);
  if (conversion.bad) {
    return refuse(ErrorCode::value, place, conversion.bad->expected,
                  fmt::format("{} as number {}", conversion.bad->found, conversion.bad->index));
  }
  note_conversion(conversion, fields.place(), notes);
  return Tensor(std::move(*shape), std::move(values));
}

// One end of a range, 0 to `length`.
std::optional<std::size_t> range_end(const JsonNode& node, std::size_t length) {
  const auto* number = node.as<JsonNumber>();
  if (!number || number->value != std::floor(number->value) || number->value < 0 ||
      number->value > static_cast<double>(length))
    return std::nullopt;
  return static_cast<std::size_t>(number->value);
}

// The ranges of `slice`: [from, to) or null for each axis; all of each where the key is absent.
Result<std::vector<AxisRange>> take_slice(const Fields& fields, const std::vector<std::size_t>& shape) {
  std::vector<AxisRange> ranges;
  for (const std::size_t length : shape) ranges.push_back({0, length});
  const JsonNode* node = fields.find("slice");
  if (!node) return ranges;
  const std::string place = fields.place_of("slice");
  const auto* list = node->as<JsonNode::List>();
  if (!list) return refuse_type(place, "a list of [from, to] or null, one an axis", *node);
  if (list->size() != shape.size()) {
    return refuse(ErrorCode::shape, place,
                  fmt::format("{} entries, one an axis of {}", shape.size(), shape_text(shape)),
                  fmt::format("{}", list->size()));
  }
  for (std::size_t axis = 0; axis < list->size(); ++axis) {
    const JsonNode& item = (*list)[axis];
    if (item.as<std::nullptr_t>()) continue;
    const auto* ends = item.as<JsonNode::List>();
    const auto from = ends && ends->size() == 2 ? range_end((*ends)[0], shape[axis]) : std::nullopt;
    const auto to = from ? range_end((*ends)[1], shape[axis]) : std::nullopt;
    if (!to || *from >= *to) {
      return refuse(ErrorCode::value, fmt::format("{}/{}", place, axis),
                    fmt::format("null, or [from, to] with 0 ≤ from < to ≤ {}", shape[axis]), describe(item));
    }
    ranges[axis] = {*from, *to};
  }
  return ranges;
}

// The names of an archive's tensors for a message, and the nearest one to `wanted`.
tl::unexpected<Error> refuse_name(const TensorArchive& archive, const std::string& file,
                                  const std::optional<std::string>& wanted) {
  const auto& names = archive.names();
  std::string known;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i)
    known += (i == 0 ? "" : ", ") + shorten_middle(visible(names[i]), kShownCharacters);
  if (names.size() > kNamesShown) known += fmt::format(" and {} more", names.size() - kNamesShown);
  Error error{ErrorCode::value, file, {}, names.empty() ? "a file that holds arrays" : "a name of " + known,
              "no name",        {}};
  if (names.empty()) error.found = "none";
  if (!names.empty() && wanted) {
    error.found = fmt::format("\"{}\"", shorten_middle(visible(*wanted), kShownCharacters));
    std::vector<std::string> some;
    for (const std::string& name : names) {
      const bool comparable = std::max(name.size(), wanted->size()) <= kCharactersCompared;
      if (comparable && some.size() < kNamesCompared) some.push_back(name);
    }
    if (const std::string nearest = nearest_name(*wanted, some); !nearest.empty())
      error.hint = fmt::format("Did you mean \"{}\"?", nearest);
  }
  return tl::unexpected(std::move(error));
}

// The array that `name` picks; a file's only one needs no name.
Result<StoredArray> find_array(TensorFile& opened, const std::string& file,
                               const std::optional<std::string>& name) {
  TensorArchive& archive = *opened.archive;
  if (opened.kind == TensorFileKind::npy) return archive.find({});
  const auto& names = archive.names();
  if (!name && names.size() == 1) return archive.find(names.front());
  if (!name || std::find(names.begin(), names.end(), *name) == names.end())
    return refuse_name(archive, file, name);
  return archive.find(*name);
}

Result<Tensor> read_file_tensor(const Fields& fields, TensorFiles& files, const std::string& file,
                                const TensorRule& rule, std::vector<Note>& notes) {
  auto name = fields.text("name");
  if (!name) return tl::unexpected(std::move(name.error()));
  StoredTensor stored;
  stored.file = file;
  if (!files.alone()) stored.pointer = fields.place();
  const auto fail = [&](Error error) {
    if (error.place.empty()) error.place = stored.array.shape_place;
    return tl::unexpected(stored.placed(std::move(error)));
  };
  auto opened = files.open(file);
  if (!opened) return fail(std::move(opened.error()));
  if (*name && (*opened)->kind == TensorFileKind::npy) {
    notes.push_back(
        {Note::Kind::warning, fields.place_of("name"), "A .npy file holds one array: the name is not read."});
  }
  auto array = find_array(**opened, file, *name);
  if (!array) return fail(std::move(array.error()));
  stored.array = std::move(*array);
  auto ranges = take_slice(fields, stored.array.shape);
  if (!ranges) return tl::unexpected(std::move(ranges.error()));
  stored.ranges = std::move(*ranges);
  std::vector<std::size_t> shape;
  for (const AxisRange& range : stored.ranges) shape.push_back(range.to - range.from);
  const auto count = checked_product(shape);
  if (*count == 0)
    return fail({ErrorCode::shape, {}, {}, "at least one number", "the shape " + shape_text(shape), {}});
  if (shape.empty()) shape.push_back(1);
  if (rule.may_stay && files.stays(stored.array, *count)) {
    if (auto noted = files.note(stored); !noted) return fail(std::move(noted.error()));
    stored.zero_one = rule.boolean;
    stored.cache = files.cache();
    return Tensor::in_file(std::move(shape), std::make_shared<const StoredTensor>(std::move(stored)));
  }
  if (auto room = files.reserve(*count); !room) return fail(std::move(room.error()));
  auto read = read_numbers(stored.array, stored.ranges);
  if (!read) return fail(std::move(read.error()));
  files.note(read->values);
  note_conversion(read->conversion, fields.place(), notes);
  return Tensor(std::move(shape), std::move(read->values));
}

}  // namespace

bool is_tensor_reference(const Fields& fields) {
  return fields.has("file") || fields.has("base64");
}

Result<Tensor> take_tensor_reference(const Fields& fields, const TensorRule& rule, std::vector<Note>& notes) {
  const bool is_file = fields.has("file");
  const auto known = is_file ? keys::joined({keys::kFileTensor}) : keys::joined({keys::kBase64Tensor});
  if (auto valid = check_keys(fields, {"tensor"}, known, notes); !valid)
    return tl::unexpected(std::move(valid.error()));
  if (!is_file) return take_base64(fields, notes);
  auto file = fields.text("file");
  if (!file) return tl::unexpected(std::move(file.error()));
  TensorFiles none;
  return read_file_tensor(fields, fields.files() ? *fields.files() : none, **file, rule, notes);
}

void note_conversion(const Conversion& conversion, const std::string& place, std::vector<Note>& notes) {
  if (conversion.rounded > 0) {
    notes.push_back(
        {Note::Kind::warning, place,
         fmt::format("{} whole number(s) are rounded: float32 holds them exactly up to 16,777,216.",
                     grouped(conversion.rounded))});
  }
  if (conversion.vanished > 0) {
    notes.push_back({Note::Kind::warning, place,
                     fmt::format("{} number(s) are too small for float32 and are read as 0.",
                                 grouped(conversion.vanished))});
  }
}

Result<std::vector<std::size_t>> take_shape(const Fields& fields) {
  const std::string place = fields.place_of("shape");
  JsonNode* node = fields.find("shape");
  if (!node) return refuse(ErrorCode::type, fields.place(), "a shape beside the numbers", "no shape");
  const NumberArray* array = node->array();
  if (!array || !array->defects.empty()) return refuse_type(place, "a list of lengths", *node);
  if (array->shape.size() != 1)
    return refuse(ErrorCode::shape, place, "a flat list", shape_text(array->shape));
  std::vector<std::size_t> shape;
  for (const float length : array->values) {
    if (length < 1) return refuse(ErrorCode::shape, place, "lengths from 1", fmt::format("{}", length));
    if (!array->whole)
      return refuse(ErrorCode::value, place, "whole lengths of at most 16,777,216", "one that is not");
    shape.push_back(static_cast<std::size_t>(length));
  }
  if (shape.empty()) shape.push_back(1);
  return shape;
}

std::optional<std::size_t> tensor_size(const std::vector<std::size_t>& shape) {
  const auto size = checked_product(shape);
  return size == std::uint64_t{0} ? std::nullopt : size;
}

}  // namespace attn

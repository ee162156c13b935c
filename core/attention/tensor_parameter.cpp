#include "core/attention/tensor_parameter.hpp"

#include <charconv>
#include <cmath>
#include <sstream>

#include <fmt/format.h>

#include "core/base/random.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kMaxRank = 4;
constexpr std::size_t kMostDrawn = std::size_t{1} << 22;  // numbers of one parameter

bool append_numbers(const Json& value, std::size_t depth, std::vector<std::size_t>& shape,
                    std::vector<float>& out) {
  if (value.is_number()) {
    const double number = value.get<double>();
    if (depth != shape.size() || !(std::fabs(number) <= 3.4028234663852886e38)) return false;
    out.push_back(static_cast<float>(number));
    return true;
  }
  if (!value.is_array() || value.empty() || depth >= shape.size() || value.size() != shape[depth])
    return false;
  return std::ranges::all_of(value,
                             [&](const Json& item) { return append_numbers(item, depth + 1, shape, out); });
}

std::vector<std::size_t> shape_of(const Json& value) {
  std::vector<std::size_t> shape;
  const Json* inner = &value;
  while (inner->is_array() && !inner->empty() && shape.size() < kMaxRank) {
    shape.push_back(inner->size());
    inner = &inner->front();
  }
  return shape;
}

std::optional<Tensor> flat_tensor(const Json& object) {
  const Json shape_json = object.value("shape", Json());
  const Json data = object.value("data", Json());
  if (object.size() != 2 || !shape_json.is_array() || shape_json.size() > kMaxRank || !data.is_array())
    return {};
  std::vector<std::size_t> shape;
  std::size_t product = 1;
  for (const Json& length : shape_json) {
    if (!length.is_number_unsigned() || length.get<std::size_t>() == 0 ||
        length.get<std::size_t>() > data.size())
      return {};
    shape.push_back(length.get<std::size_t>());
    product *= shape.back();
    if (product > data.size()) return {};
  }
  auto flat = tensor_from_json(data);
  if (!flat || flat->rank() != 1 || product != data.size()) return {};
  return flat->reshaped(std::move(shape));
}

std::vector<std::string> split_words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// Lengths of the axes that have a name.
using Lengths = std::map<std::string, std::size_t, std::less<>>;

Lengths lengths_of(const LayerFacts& facts) {
  return {{"d_q", static_cast<std::size_t>(facts.d_q)},
          {"d_k", static_cast<std::size_t>(facts.d_k)},
          {"d_q+d_k", static_cast<std::size_t>(facts.d_q + facts.d_k)},
          {"H", static_cast<std::size_t>(facts.heads)}};
}

// `tensor` as (H or 1) × axes; learns the lengths of axes that had none. Nothing where it does not fit.
std::optional<Tensor> fit(const Tensor& tensor, const std::vector<std::string>& axes, std::size_t heads,
                          Lengths& lengths) {
  const bool own_heads = !axes.empty() && axes.front() == "H";
  std::vector<std::size_t> shape = tensor.shape();
  const bool has_heads = std::ranges::find(axes, "H") != axes.end();
  if (!own_heads && shape.size() == axes.size()) shape.insert(shape.begin(), 1);
  if (has_heads && !own_heads && shape[0] != 1) return {};  // H stands among its axes already
  const std::size_t first = own_heads ? 0 : 1;
  if (shape.size() != axes.size() + first || (shape[0] != 1 && shape[0] != heads) ||
      (own_heads && shape[0] != heads))
    return {};
  for (std::size_t axis = own_heads ? 1 : 0; axis < axes.size(); ++axis) {
    const auto [known, is_new] = lengths.emplace(axes[axis], shape[axis + first]);
    if (!is_new && known->second != shape[axis + first]) return {};
  }
  return tensor.reshaped(std::move(shape));
}

Tensor drawn(const Parameter& parameter, const std::vector<std::string>& axes, const Lengths& lengths,
             std::uint64_t seed) {
  std::vector<std::size_t> shape;
  std::size_t size = 1;
  for (const std::string& axis : axes) {
    shape.push_back(lengths.at(axis));
    size *= shape.back();
  }
  const double root = std::sqrt(static_cast<double>(shape.empty() ? 1 : shape.back()));
  std::vector<float> values(size);
  const std::uint64_t name = fnv1a(parameter.name);
  for (std::size_t c = 0; c < size; ++c) {
    double sum = 0;
    for (std::uint64_t t = 0; t < 12; ++t) sum += uniform(seed, name, c, t);
    values[c] = static_cast<float>((sum - 6) / root);
  }
  if (axes.empty() || axes.front() != "H") shape.insert(shape.begin(), 1);
  return Tensor(std::move(shape), std::move(values));
}

}  // namespace

std::optional<Tensor> tensor_from_json(const Json& value) {
  if (value.is_object()) return flat_tensor(value);
  std::vector<std::size_t> shape = shape_of(value);
  std::vector<float> numbers;
  if (!append_numbers(value, 0, shape, numbers)) return {};
  return Tensor(std::move(shape), std::move(numbers));
}

std::string axes_text(const Parameter& parameter) {
  std::string text;
  for (const std::string& axis : split_words(parameter.axes)) text += (text.empty() ? "" : " × ") + axis;
  return text;
}

Tensor TensorParameters::of(std::string_view name, Index head) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) return {};
  return found->second.slice(found->second.shape()[0] == 1 ? 0 : static_cast<std::size_t>(head));
}

bool TensorParameters::per_head() const {
  return std::ranges::any_of(tensors, [](const auto& item) { return item.second.shape()[0] > 1; });
}

Result<TensorParameters> tensor_parameters(const KindInfo& kind, const Json& given,
                                           const std::map<std::string, Tensor, std::less<>>& document,
                                           const LayerFacts& facts, std::uint64_t seed,
                                           const std::string& place) {
  TensorParameters result;
  Lengths lengths = lengths_of(facts);
  for (const Parameter& parameter : kind.parameters) {
    // A count among the parameters names an axis, as `buckets` does.
    if (parameter.type == ParameterType::integer) {
      const std::string name(parameter.name);
      lengths.emplace(name, given.value(name, Json::parse(parameter.fallback)).get<std::size_t>());
    }
  }
  const auto heads = static_cast<std::size_t>(facts.heads);
  for (const Parameter& parameter : kind.parameters) {
    if (parameter.type != ParameterType::tensor) continue;
    const std::string name(parameter.name);
    const bool in_settings = given.contains(name);
    const auto own = document.find(name);
    if (!in_settings && own == document.end()) continue;
    const Tensor tensor = in_settings ? *tensor_from_json(given.at(name)) : own->second;
    const auto axes = split_words(parameter.axes);
    auto fitted = fit(tensor, axes, heads, lengths);
    if (!fitted) {
      std::string wanted;
      for (const std::string& axis : axes) {
        const auto length = lengths.find(axis);
        wanted += (wanted.empty() ? "" : " × ") +
                  (length == lengths.end() ? "any" : std::to_string(length->second));
      }
      const std::string own_heads = heads > 1 && std::ranges::find(axes, "H") == axes.end()
                                        ? fmt::format(", or that for each of {} heads", heads)
                                        : "";
      const std::string where = in_settings ? place : fmt::format("/layers/{}/score", facts.index);
      return tl::unexpected(Error{ErrorCode::shape,
                                  in_settings ? "" : facts.document->source,
                                  where + "/" + name,
                                  axes.empty()
                                      ? "a number, or one a head"
                                      : fmt::format("{} ({}){}", wanted, axes_text(parameter), own_heads),
                                  shape_text(tensor.shape()),
                                  {}});
    }
    result.tensors.emplace(name, std::move(*fitted));
  }
  // An inner width that nothing fixes is as wide as the keys.
  lengths.emplace("a", lengths.at("d_k"));
  for (const Parameter& parameter : kind.parameters) {
    const bool missing = parameter.type == ParameterType::tensor && !result.tensors.contains(parameter.name);
    if (!missing || parameter.optional) continue;
    const auto axes = split_words(parameter.axes);
    std::size_t size = 1;
    for (const std::string& axis : axes) size = std::min(kMostDrawn + 1, size) * lengths.at(axis);
    if (size > kMostDrawn) {
      return tl::unexpected(
          Error{ErrorCode::limit,
                {},
                place + "/" + std::string(parameter.name),
                fmt::format("{} given: at most {} numbers are drawn", parameter.name, grouped(kMostDrawn)),
                fmt::format("{} of {}", grouped(size), axes_text(parameter)),
                {}});
    }
    result.tensors.emplace(parameter.name, drawn(parameter, axes, lengths, seed));
    result.synthetic.emplace_back(parameter.name);
  }
  return result;
}

}  // namespace attn

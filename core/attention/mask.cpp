#include "core/attention/mask.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn {
namespace {

constexpr double kMaxIndex = 1e9;
constexpr std::array<std::string_view, 2> kAlignments{"top_left", "bottom_right"};
constexpr Parameter kOffset{
    "offset", ParameterType::integer, -kMaxIndex, kMaxIndex, "0", {}, "moves the diagonal: p = i + offset"};
constexpr Parameter kAlign{"align",
                           ParameterType::choice,
                           0,
                           0,
                           "\"top_left\"",
                           kAlignments,
                           "where the diagonal starts when there are more keys than queries"};
constexpr std::array kCausalParameters{kOffset, kAlign};
constexpr std::array kWindowParameters{
    Parameter{"left",
              ParameterType::integer_or_null,
              -kMaxIndex,
              kMaxIndex,
              "null",
              {},
              "keys before the query that stay visible, null for all"},
    Parameter{"right",
              ParameterType::integer_or_null,
              -kMaxIndex,
              kMaxIndex,
              "null",
              {},
              "keys after the query that stay visible, null for all"},
    kOffset,
    kAlign,
};

std::string_view never(const MaskInputs&) {
  return {};
}

// p − i: how far the diagonal is moved.
Index diagonal_shift(const nlohmann::json& parameters, const MaskInputs& inputs) {
  const bool bottom_right = parameters.at("align") == "bottom_right";
  return parameters.at("offset").get<Index>() + (bottom_right ? inputs.n_k - inputs.n_q : 0);
}

MaskFunction make_causal(const nlohmann::json& parameters, const MaskInputs& inputs) {
  const Index shift = diagonal_shift(parameters, inputs);
  return [shift](Index, Index i, Index j) { return j <= i + shift; };
}

MaskFunction make_window(const nlohmann::json& parameters, const MaskInputs& inputs) {
  const auto reach = [&](const char* name) {
    const auto& value = parameters.at(name);
    return value.is_null() ? static_cast<Index>(4 * kMaxIndex) : value.get<Index>();
  };
  const Index shift = diagonal_shift(parameters, inputs);
  const Index first = shift - reach("left");
  const Index last = shift + reach("right");
  return [first, last](Index, Index i, Index j) { return i + first <= j && j <= i + last; };
}

MaskFunction make_padding(const nlohmann::json&, const MaskInputs& inputs) {
  const auto mask = inputs.key_attention_mask;
  return [mask](Index, Index, Index j) { return mask.empty() || mask[static_cast<std::size_t>(j)] != 0; };
}

std::string_view refuse_document(const MaskInputs& inputs) {
  return inputs.document_mask != nullptr ? "" : "the layer has no \"mask\"";
}

MaskFunction make_document(const nlohmann::json&, const MaskInputs& inputs) {
  const Tensor mask = *inputs.document_mask;
  return [mask](Index head, Index i, Index j) { return broadcast_at(mask, head, i, j) != 0; };
}

constexpr std::array kMasks{
    MaskKind{"causal", "j ≤ p", "no query sees a later key", kCausalParameters, never, make_causal},
    MaskKind{"window", "p − left ≤ j ≤ p + right", "each query sees the keys around it", kWindowParameters,
             never, make_window},
    MaskKind{
        "padding", "attention_mask of key j is not 0", "padding keys are not seen", {}, never, make_padding},
    MaskKind{"document",
             "the layer's mask",
             "the mask that the document brings",
             {},
             refuse_document,
             make_document},
};

constexpr std::array<std::string_view, 2> kCommonKeys{"combine", "negate"};
constexpr std::array<std::string_view, 2> kCombinations{"and", "or"};
constexpr Parameter kCombine{"combine",
                             ParameterType::choice,
                             0,
                             0,
                             "\"and\"",
                             kCombinations,
                             "how the mask meets the ones before it"};
constexpr Parameter kNegate{"negate", ParameterType::boolean, 0, 0, "false", {}, "the mask turned around"};

Result<MaskTerm> read_mask(const nlohmann::json& object, const std::string& place) {
  std::vector<std::string> names;
  for (const MaskKind& row : mask_kinds()) names.emplace_back(row.name);
  if (!object.is_object() || !object.contains("kind") || !object.at("kind").is_string()) {
    return setting_error(place, "a mask such as {\"kind\": \"causal\"}", json_excerpt(object));
  }
  const std::string& name = object.at("kind").get_ref<const std::string&>();
  const MaskKind* kind = mask_kind_named(name);
  if (kind == nullptr) {
    const std::string near = nearest_name(name, names);
    return setting_error(place + "/kind", join_or(names), fmt::format("\"{}\"", name),
                         near.empty() ? "" : fmt::format("Did you mean \"{}\"?", near));
  }
  MaskTerm mask;
  auto term = read_term(object, name, kind->parameters, kCommonKeys, place);
  if (!term) return tl::unexpected(term.error());
  mask.term = std::move(*term);
  if (object.contains("combine")) {
    auto combine = read_parameter(kCombine, object.at("combine"), place + "/combine");
    if (!combine) return tl::unexpected(combine.error());
    mask.combine_or = *combine == "or";
  }
  if (object.contains("negate")) {
    auto negate = read_parameter(kNegate, object.at("negate"), place + "/negate");
    if (!negate) return tl::unexpected(negate.error());
    mask.negate = negate->get<bool>();
  }
  return mask;
}

}  // namespace

std::span<const MaskKind> mask_kinds() {
  return kMasks;
}

const MaskKind* mask_kind_named(std::string_view name) {
  const auto row = std::ranges::find(kMasks, name, &MaskKind::name);
  return row == kMasks.end() ? nullptr : &*row;
}

Result<std::vector<MaskTerm>> read_masks(const nlohmann::json& list, const std::string& place) {
  if (!list.is_array()) return setting_error(place, "a list of masks, or null", json_excerpt(list));
  std::vector<MaskTerm> masks;
  for (std::size_t m = 0; m < list.size(); ++m) {
    auto mask = read_mask(list[m], fmt::format("{}/{}", place, m));
    if (!mask) return tl::unexpected(mask.error());
    masks.push_back(std::move(*mask));
  }
  return masks;
}

std::vector<MaskTerm> default_masks(const MaskInputs& inputs) {
  std::vector<MaskTerm> masks;
  if (std::ranges::find(inputs.key_attention_mask, 0) != inputs.key_attention_mask.end()) {
    masks.push_back(MaskTerm{Term{"padding"}});
  }
  if (inputs.document_mask != nullptr) masks.push_back(MaskTerm{Term{"document"}});
  return masks;
}

nlohmann::json masks_to_json(const std::vector<MaskTerm>& masks) {
  auto list = nlohmann::json::array();
  for (const MaskTerm& mask : masks) {
    nlohmann::json object{{"kind", mask.term.kind}};
    for (const Parameter& parameter : mask_kind_named(mask.term.kind)->parameters) {
      const std::string name(parameter.name);
      const auto& value = mask.term.parameters.at(name);
      if (value != nlohmann::json::parse(parameter.fallback)) object[name] = value;
    }
    if (mask.combine_or) object["combine"] = "or";
    if (mask.negate) object["negate"] = true;
    list.push_back(std::move(object));
  }
  return list;
}

Result<CompiledMasks> CompiledMasks::make(const std::vector<MaskTerm>& masks, const MaskInputs& inputs) {
  CompiledMasks compiled;
  for (std::size_t m = 0; m < masks.size(); ++m) {
    const MaskKind& kind = *mask_kind_named(masks[m].term.kind);
    if (const std::string_view reason = kind.refusal(inputs); !reason.empty()) {
      return setting_error(fmt::format("/settings/masks/{}", m), "a mask that this document can have",
                           fmt::format("\"{}\", but {}", kind.name, reason));
    }
    compiled.steps_.push_back(
        {kind.make(masks[m].term.parameters, inputs), masks[m].combine_or, masks[m].negate});
  }
  return compiled;
}

MaskMatrix CompiledMasks::band(Index head, RowRange rows, Index n_k) const {
  MaskMatrix allowed = MaskMatrix::Constant(rows.size(), n_k, true);
  for (const Step& step : steps_) {
    for (Index row = 0; row < rows.size(); ++row) {
      for (Index j = 0; j < n_k; ++j) {
        const bool m = step.allows(head, rows.begin + row, j) != step.negate;
        allowed(row, j) = step.combine_or ? allowed(row, j) || m : allowed(row, j) && m;
      }
    }
  }
  return allowed;
}

float broadcast_at(const Tensor& tensor, Index head, Index i, Index j) {
  const std::array<Index, 3> place{j, i, head};
  std::size_t flat = 0;
  std::size_t stride = 1;
  for (std::size_t axis = 0; axis < tensor.rank(); ++axis) {
    const std::size_t length = tensor.from_last(axis);
    if (length != 1) flat += static_cast<std::size_t>(place[axis]) * stride;
    stride *= length;
  }
  return tensor.values()[flat];
}

}  // namespace attn

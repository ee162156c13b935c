#include "core/attention/mask.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/attention/families.hpp"

namespace attn {
namespace {

constexpr std::array<std::string_view, 2> kCombinations{"and", "or"};
constexpr std::array kCommon{
    Parameter{.name = "combine",
              .type = ParameterType::choice,
              .fallback = "\"and\"",
              .choices = kCombinations,
              .meaning = "how the mask meets the ones before it"},
    Parameter{.name = "negate",
              .type = ParameterType::boolean,
              .fallback = "false",
              .meaning = "the mask turned around"},
};

Result<MaskTerm> read_mask(const nlohmann::json& object, const std::string& place) {
  auto term = read_term(object, *family_named("masks"), place);
  if (!term) return tl::unexpected(term.error());
  MaskTerm mask;
  mask.combine_or = term->parameters.at("combine") == "or";
  mask.negate = term->parameters.at("negate").get<bool>();
  for (const Parameter& parameter : kCommon) term->parameters.erase(std::string(parameter.name));
  if (mask_kind_named(term->kind)->overwrites && (mask.combine_or || mask.negate)) {
    return setting_error(place, fmt::format("{} without combine and negate", term->kind),
                         json_excerpt(object), "It overwrites the masks before it.");
  }
  mask.term = std::move(*term);
  return mask;
}

}  // namespace

std::span<const Parameter> mask_common_parameters() {
  return kCommon;
}

Result<std::vector<MaskTerm>> read_masks(const nlohmann::json& list, const std::string& place) {
  if (auto good = check_list(list, *family_named("masks"), place); !good) return tl::unexpected(good.error());
  std::vector<MaskTerm> masks;
  for (std::size_t m = 0; m < list.size(); ++m) {
    auto mask = read_mask(list[m], fmt::format("{}/{}", place, m));
    if (!mask) return tl::unexpected(mask.error());
    masks.push_back(std::move(*mask));
  }
  return masks;
}

std::vector<MaskTerm> default_masks(const LayerFacts& facts) {
  std::vector<MaskTerm> masks;
  const auto& key_mask = facts.key().attention_mask;
  if (std::ranges::find(key_mask, 0) != key_mask.end()) masks.push_back(MaskTerm{Term{"padding"}});
  if (facts.layer->mask) masks.push_back(MaskTerm{Term{"document"}});
  return masks;
}

nlohmann::json masks_to_json(const std::vector<MaskTerm>& masks) {
  auto list = nlohmann::json::array();
  for (const MaskTerm& mask : masks) {
    Term whole = mask.term;
    whole.parameters["combine"] = mask.combine_or ? "or" : "and";
    whole.parameters["negate"] = mask.negate;
    list.push_back(term_to_json(whole, kinds_of(mask_kinds()), kCommon));
  }
  return list;
}

Result<CompiledMasks> CompiledMasks::make(const std::vector<MaskTerm>& masks, const LayerFacts& facts) {
  CompiledMasks compiled;
  for (std::size_t m = 0; m < masks.size(); ++m) {
    const MaskKind& kind = *mask_kind_named(masks[m].term.kind);
    const std::string place = fmt::format("/settings/masks/{}", m);
    if (const std::string_view reason = kind.refusal(facts); !reason.empty()) {
      return setting_error(place, "a mask that this document can have",
                           fmt::format("\"{}\", but {}", kind.name, reason));
    }
    auto fill = kind.make(masks[m].term.parameters, facts, place);
    if (!fill) return tl::unexpected(fill.error());
    compiled.by_head_ = compiled.by_head_ || kind.by_head;
    compiled.steps_.push_back({std::move(*fill), masks[m].combine_or, masks[m].negate, kind.overwrites});
  }
  return compiled;
}

MaskMatrix CompiledMasks::band(Index head, RowRange rows, Index n_k) const {
  MaskMatrix allowed = MaskMatrix::Constant(rows.size(), n_k, true);
  MaskMatrix next(1, n_k);
  const auto width = static_cast<std::size_t>(n_k);
  for (const Step& step : steps_) {
    for (Index row = 0; row < rows.size(); ++row) {
      if (step.overwrites) {
        step.fill(head, rows.begin + row, {allowed.row(row).data(), width});
        continue;
      }
      step.fill(head, rows.begin + row, {next.data(), width});
      if (step.negate) next = !next;
      if (step.combine_or) {
        allowed.row(row) = allowed.row(row) || next.row(0);
      } else {
        allowed.row(row) = allowed.row(row) && next.row(0);
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

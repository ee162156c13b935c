#include "core/attention/families.hpp"

#include <array>

#include <fmt/format.h>

#include "core/attention/bias.hpp"
#include "core/attention/mask.hpp"
#include "core/attention/normalizer.hpp"
#include "core/attention/position.hpp"
#include "core/attention/score.hpp"

namespace attn {
namespace {

std::span<const Parameter> nothing_in_common() {
  return {};
}

constexpr std::array kFamilies{
    Family{"position", "a position", "positions", false, "sinusoidal",
           "p is the token's position: of the sequence's `positions`, or 0, 1, …. rope turns the first r = "
           "2·⌊fraction · d_k / 2⌋ dims of each head in pairs: pair i by the angle φ = p / factor · "
           "theta^(−2i/r).",
           [] { return kinds_of(position_kinds()); }, nothing_in_common},
    Family{"score", "a score", "scores", false, "cosine",
           "act is the `activation`. Parameters stand in the layer's `score` where its kind agrees, or in "
           "the settings; those that neither gives are drawn from `seed` and called synthetic. A list of "
           "numbers may have an axis of H heads in front.",
           [] { return kinds_of(score_kinds()); }, nothing_in_common},
    Family{"bias", "a bias", "biases", true, "alibi",
           "All of the list are added up. i and j are indices, whatever the tokens' `positions`; h is the "
           "head.",
           [] { return kinds_of(bias_kinds()); }, nothing_in_common},
    Family{"masks", "a mask", "masks", true, "causal",
           "From left to right, starting at \"all allowed\": M = M and m, or M or m (`combine`), with m "
           "turned around first where `negate` is true. p = i + `offset`, plus n_k − n_q where `align` is "
           "\"bottom_right\".",
           [] { return kinds_of(mask_kinds()); }, mask_common_parameters},
    Family{"normalizer", "a normaliser", "normalisers", false, "sparsemax",
           "x is a row of logits, and the sums run over its allowed keys; masked cells become 0. With `axis` "
           "\"queries\" the columns are normalised in place of the rows. The numbers of sink and sigmoid are "
           "not divided by the temperature. A τ is what makes the row sum to 1.",
           [] { return kinds_of(normalizer_kinds()); }, normalizer_common_parameters},
};

}  // namespace

std::span<const Family> families() {
  return kFamilies;
}

const Family* family_named(std::string_view setting) {
  const auto row = std::ranges::find(kFamilies, setting, &Family::setting);
  return row == kFamilies.end() ? nullptr : &*row;
}

Result<Term> read_term(const nlohmann::json& value, const Family& family, const std::string& place) {
  return read_term(value, family.kinds(), family.common(), family.noun, place);
}

Result<void> check_list(const nlohmann::json& value, const Family& family, const std::string& place) {
  if (value.is_array()) return {};
  // What stands there, where it is one of the family, else another one.
  const bool is_term = read_term(value, family, place).has_value();
  const std::string item = is_term ? value.dump() : fmt::format("\"{}\"", family.example);
  return setting_error(place, fmt::format("a list of {}, or null", family.plural), json_excerpt(value),
                       fmt::format("{} [{}].", is_term ? "One alone is a list, too:" : "For example", item));
}

bool stands_alone(const KindInfo& kind) {
  return std::ranges::all_of(kind.parameters, [](const Parameter& parameter) {
    return !parameter.fallback.empty() || parameter.type == ParameterType::tensor;
  });
}

}  // namespace attn

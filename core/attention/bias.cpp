#include "core/attention/bias.hpp"

#include <array>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "core/attention/expression.hpp"
#include "core/attention/families.hpp"
#include "core/attention/mask.hpp"
#include "core/attention/tensor_parameter.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 1> kSlopeChoices{"geometric"};
constexpr std::array kAlibiParameters{
    Parameter{.name = "slopes",
              .type = ParameterType::numbers_or_choice,
              .min = -kAnyNumber,
              .max = kAnyNumber,
              .fallback = "\"geometric\"",
              .choices = kSlopeChoices,
              .meaning = "one a head; geometric: 2^(-8/H), 2^(-16/H), …"},
    Parameter{.name = "symmetric",
              .type = ParameterType::boolean,
              .fallback = "false",
              .meaning = "by the distance alone, whichever side the key is on"},
};
constexpr std::array kT5Parameters{
    Parameter{.name = "table",
              .type = ParameterType::tensor,
              .meaning = "the bias of each bucket for each head",
              .axes = "buckets H"},
    Parameter{.name = "buckets",
              .type = ParameterType::integer,
              .min = 2,
              .max = 65536,
              .fallback = "32",
              .meaning = "distances that are told apart"},
    Parameter{.name = "max_distance",
              .type = ParameterType::integer,
              .min = 2,
              .max = 1e9,
              .fallback = "128",
              .meaning = "from here on all distances share a bucket"},
    Parameter{.name = "bidirectional",
              .type = ParameterType::boolean,
              .fallback = "true",
              .meaning = "half of the buckets for later keys; else later keys count as distance 0"},
};
constexpr std::array kExpressionParameters{Parameter{.name = "expr",
                                                     .type = ParameterType::expression,
                                                     .meaning = "added to the cell",
                                                     .start = "\"-0.1 * abs(q - k)\""}};

std::string_view never(const LayerFacts&) {
  return {};
}

// The bias of a formula b(head, i, j).
template <class Formula>
CompiledBias by_cell(Formula formula) {
  return {[formula](Index head, Index i, std::span<double> row) {
    for (std::size_t j = 0; j < row.size(); ++j) row[j] += formula(head, i, static_cast<Index>(j));
  }};
}

std::string_view refuse_document(const LayerFacts& facts) {
  return facts.layer->bias ? "" : "the layer has no \"bias\"";
}

Result<CompiledBias> make_document(const BiasKind&, const Json&, const LayerFacts& facts, std::uint64_t,
                                   const std::string&) {
  return by_cell([bias = *facts.layer->bias](Index head, Index i, Index j) {
    return static_cast<double>(broadcast_at(bias, head, i, j));
  });
}

Result<CompiledBias> make_alibi(const BiasKind&, const Json& parameters, const LayerFacts& facts,
                                std::uint64_t, const std::string& place) {
  const Json& given = parameters.at("slopes");
  const auto slopes = given.is_array() ? given.get<std::vector<double>>() : alibi_slopes(facts.heads);
  if (slopes.size() != static_cast<std::size_t>(facts.heads)) {
    return setting_error(place + "/slopes", fmt::format("{} slopes, one a head", facts.heads),
                         fmt::format("{}", slopes.size()));
  }
  const bool symmetric = parameters.at("symmetric").get<bool>();
  CompiledBias bias = by_cell([slopes, symmetric](Index head, Index i, Index j) {
    const auto distance = static_cast<double>(symmetric ? -std::abs(i - j) : j - i);
    return slopes[static_cast<std::size_t>(head)] * distance;
  });
  bias.slopes = slopes;
  bias.symmetric = symmetric;
  return bias;
}

Result<CompiledBias> make_t5(const BiasKind& kind, const Json& parameters, const LayerFacts& facts,
                             std::uint64_t seed, const std::string& place) {
  auto tensors = tensor_parameters(kind, parameters, {}, facts, seed, place);
  if (!tensors) return tl::unexpected(tensors.error());
  const Tensor table = tensors->of("table", 0);
  const auto buckets = parameters.at("buckets").get<Index>();
  const auto max_distance = parameters.at("max_distance").get<Index>();
  const bool bidirectional = parameters.at("bidirectional").get<bool>();
  const auto heads = static_cast<std::size_t>(facts.heads);
  CompiledBias bias = by_cell([=](Index head, Index i, Index j) {
    const auto bucket = static_cast<std::size_t>(t5_bucket(j - i, buckets, max_distance, bidirectional));
    return static_cast<double>(table.values()[bucket * heads + static_cast<std::size_t>(head)]);
  });
  bias.synthetic = std::move(tensors->synthetic);
  return bias;
}

Result<CompiledBias> make_expression(const BiasKind&, const Json& parameters, const LayerFacts& facts,
                                     std::uint64_t, const std::string& place) {
  auto expression = expression_for(parameters.at("expr").get<std::string>(), facts, place + "/expr");
  if (!expression) return tl::unexpected(expression.error());
  return CompiledBias{[values = std::move(*expression)](Index head, Index i, std::span<double> row) {
    std::vector<double> numbers(row.size());
    values(head, i, numbers);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] += numbers[j];
  }};
}

constexpr std::array kBiases{
    BiasKind{{"document", "the layer's bias", "the bias that the document brings"},
             refuse_document,
             make_document},
    BiasKind{{"alibi", "slope_h · (j − i), or −slope_h · |i − j|",
              "nearer keys score higher, each head at its slope", kAlibiParameters},
             never,
             make_alibi},
    BiasKind{{"t5", "table[bucket(j − i), h]", "a learned number for each range of distances", kT5Parameters},
             never,
             make_t5},
    BiasKind{
        {"expression", "expr", "a formula of q, k and h", kExpressionParameters}, never, make_expression},
};

}  // namespace

std::span<const BiasKind> bias_kinds() {
  return kBiases;
}

Result<std::vector<Term>> read_biases(const Json& list, const std::string& place) {
  const Family& family = *family_named("bias");
  if (auto good = check_list(list, family, place); !good) return tl::unexpected(good.error());
  std::vector<Term> biases;
  for (std::size_t b = 0; b < list.size(); ++b) {
    auto term = read_term(list[b], family, fmt::format("{}/{}", place, b));
    if (!term) return tl::unexpected(term.error());
    biases.push_back(std::move(*term));
  }
  return biases;
}

Json biases_to_json(const std::vector<Term>& biases) {
  Json list = Json::array();
  for (const Term& bias : biases) list.push_back(term_to_json(bias, kinds_of(kBiases), {}));
  return list;
}

std::vector<Term> default_biases(const LayerFacts& facts) {
  if (!facts.layer->bias) return {};
  return {Term{"document"}};
}

Result<std::vector<CompiledBias>> compile_biases(const std::vector<Term>& biases, const LayerFacts& facts,
                                                 std::uint64_t seed) {
  std::vector<CompiledBias> compiled;
  for (std::size_t b = 0; b < biases.size(); ++b) {
    const BiasKind& kind = *kind_named(bias_kinds(), biases[b].kind);
    const std::string place = fmt::format("/settings/bias/{}", b);
    if (const std::string_view reason = kind.refusal(facts); !reason.empty()) {
      return setting_error(place, "a bias that this document can have",
                           fmt::format("\"{}\", but {}", kind.name, reason));
    }
    auto bias = kind.make(kind, biases[b].parameters, facts, seed, place);
    if (!bias) return tl::unexpected(bias.error());
    compiled.push_back(std::move(*bias));
  }
  return compiled;
}

std::vector<double> alibi_slopes(Index heads) {
  const auto power = static_cast<Index>(std::bit_floor(static_cast<std::size_t>(heads)));
  const auto p = static_cast<double>(power);
  std::vector<double> slopes;
  for (Index h = 0; h < power; ++h) slopes.push_back(std::exp2(-8 * static_cast<double>(h + 1) / p));
  for (Index m = 0; m < heads - power; ++m)
    slopes.push_back(std::exp2(-4 * static_cast<double>(2 * m + 1) / p));
  return slopes;
}

Index t5_bucket(Index distance, Index buckets, Index max_distance, bool bidirectional) {
  Index first = 0;
  Index n = std::max<Index>(-distance, 0);
  if (bidirectional) {
    buckets /= 2;
    if (distance > 0) first = buckets;
    n = std::abs(distance);
  }
  const Index exact = buckets / 2;
  if (n < exact) return first + n;
  if (exact == 0 || max_distance <= exact) return first + buckets - 1;
  const double ratio = std::log(static_cast<double>(n) / static_cast<double>(exact)) /
                       std::log(static_cast<double>(max_distance) / static_cast<double>(exact));
  const double logarithmic =
      static_cast<double>(exact) + std::floor(ratio * static_cast<double>(buckets - exact));
  return first + static_cast<Index>(std::min(logarithmic, static_cast<double>(buckets - 1)));
}

}  // namespace attn

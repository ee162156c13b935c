#include "core/attention/normalizer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "core/attention/tensor_parameter.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double largest(std::span<const double> row) {
  return *std::ranges::max_element(row);
}

// e^(x_j − shift) over their sum and `extra`. The sum runs in key order, so a row depends on its own numbers
// alone.
void divide_exponentials(std::span<double> row, double shift, double extra) {
  double sum = extra;
  for (double& x : row) sum += x = std::exp(x - shift);
  for (double& x : row) x /= sum;
}

bool softmax(const Json&, Index, std::span<double> row) {
  divide_exponentials(row, largest(row), 0);
  return true;
}

// A key of logit `logit` that has no value takes part in the sum.
void softmax_with_sink(std::span<double> row, double logit) {
  const double shift = std::max(largest(row), logit);
  divide_exponentials(row, shift, std::exp(logit - shift));
}

bool softmax_plus_one(const Json&, Index, std::span<double> row) {
  softmax_with_sink(row, 0);
  return true;
}

bool sink(const Json& parameters, Index head, std::span<double> row) {
  const Json& logits = parameters.at("logits");
  softmax_with_sink(row, logits.empty() ? 0 : logits[static_cast<std::size_t>(head)].get<double>());
  return true;
}

bool sparsemax(const Json&, Index, std::span<double> row) {
  entmax(2, row);
  return true;
}

bool entmax_row(const Json& parameters, Index, std::span<double> row) {
  entmax(parameters.at("alpha").get<double>(), row);
  return true;
}

bool sigmoid(const Json& parameters, Index, std::span<double> row) {
  const double bias = parameters.at("bias").get<double>();
  for (double& x : row) x = 1 / (1 + std::exp(-(x + bias)));
  return true;
}

// x_j over the sum of the row, masked and negative cells 0.
bool positive_share(std::span<double> row) {
  for (double& x : row) x = std::max(x, 0.0);
  const double top = largest(row);
  if (top == 0) return false;
  double sum = 0;
  for (double& x : row) sum += x /= top;
  for (double& x : row) x /= sum;
  return true;
}

bool relu(const Json&, Index, std::span<double> row) {
  return positive_share(row);
}

bool linear(const Json&, Index, std::span<double> row) {
  return positive_share(row);
}

bool double_softmax(const Json&, Index, std::span<double> row) {
  std::vector<bool> masked;
  for (const double x : row) masked.push_back(x == -kInfinity);
  divide_exponentials(row, largest(row), 0);
  for (std::size_t j = 0; j < row.size(); ++j) {
    if (masked[j]) row[j] = -kInfinity;
  }
  divide_exponentials(row, largest(row), 0);
  return true;
}

bool top_k(const Json& parameters, Index, std::span<double> row) {
  const auto k = std::min(parameters.at("k").get<std::size_t>(), row.size());
  std::vector<std::size_t> order(row.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return row[a] > row[b]; });
  for (std::size_t rank = k; rank < order.size(); ++rank) row[order[rank]] = -kInfinity;
  divide_exponentials(row, largest(row), 0);
  return true;
}

bool identity(const Json&, Index, std::span<double> row) {
  for (double& x : row) {
    if (x == -kInfinity) x = 0;
  }
  return true;
}

constexpr std::array<std::string_view, 2> kAxes{"keys", "queries"};
constexpr std::array kCommon{Parameter{.name = "axis",
                                       .type = ParameterType::choice,
                                       .fallback = "\"keys\"",
                                       .choices = kAxes,
                                       .meaning = "rows over their keys, or columns over their queries"}};
constexpr std::array kSinkParameters{Parameter{.name = "logits",
                                               .type = ParameterType::numbers,
                                               .min = -kAnyNumber,
                                               .max = kAnyNumber,
                                               .fallback = "[]",
                                               .meaning = "the sink's logit, one a head; none: 0 for all"}};
constexpr std::array kEntmaxParameters{Parameter{.name = "alpha",
                                                 .min = 1,
                                                 .max = 100,
                                                 .fallback = "1.5",
                                                 .meaning = "1 is softmax, 2 sparsemax; higher is sparser"}};
constexpr std::array kSigmoidParameters{Parameter{.name = "bias",
                                                  .min = -kAnyNumber,
                                                  .max = kAnyNumber,
                                                  .fallback = "0",
                                                  .meaning = "added to each logit"}};
constexpr std::array kTopKParameters{Parameter{.name = "k",
                                               .type = ParameterType::integer,
                                               .min = 1,
                                               .max = 1e9,
                                               .meaning = "keys that a row keeps",
                                               .start = "3"}};

constexpr std::array kNormalizers{
    NormalizerKind{{"softmax", "e^x / Σ e^x", "e^x over the row's sum of e^x"}, softmax, true},
    NormalizerKind{{"softmax_plus_one", "e^x / (1 + Σ e^x)", "softmax beside a key of logit 0 without value"},
                   softmax_plus_one},
    NormalizerKind{
        {"sink", "e^x / (e^s_h + Σ e^x)", "softmax beside one extra logit a head", kSinkParameters}, sink},
    NormalizerKind{{"sparsemax", "[x − τ]₊", "the nearest point of the simplex: weak keys become exactly 0"},
                   sparsemax,
                   true},
    NormalizerKind{
        {"entmax", "[(α − 1) x − τ]₊^(1/(α − 1))", "between softmax and sparsemax", kEntmaxParameters},
        entmax_row,
        true},
    NormalizerKind{{"sigmoid", "1 / (1 + e^−(x + bias))", "each cell on its own; rows need not sum to 1",
                    kSigmoidParameters},
                   sigmoid,
                   false,
                   true},
    NormalizerKind{{"relu", "[x]₊ / Σ [x]₊", "positive logits over their sum"}, relu},
    NormalizerKind{{"linear", "φ(q)·φ(k) / Σ φ(q)·φ(k), φ = elu + 1",
                    "linear attention; scale, cap, bias and temperature have no effect"},
                   linear,
                   false,
                   false,
                   true},
    NormalizerKind{{"double_softmax", "softmax(softmax(x))", "the softmax of a softmax: nearly even rows"},
                   double_softmax,
                   true},
    NormalizerKind{
        {"top_k", "softmax over the k largest", "the rest becomes exactly 0", kTopKParameters}, top_k, true},
    NormalizerKind{{"identity", "x", "the logits themselves, masked cells 0"}, identity, false, true},
};

}  // namespace

std::span<const NormalizerKind> normalizer_kinds() {
  return kNormalizers;
}

std::span<const Parameter> normalizer_common_parameters() {
  return kCommon;
}

std::string normalizer_refusal(const Term& normalizer, const LayerFacts& facts) {
  const NormalizerKind& kind = *normalizer_named(normalizer.kind);
  if (kind.from_features) {
    if (const std::string_view reason = no_queries(facts); !reason.empty()) return std::string(reason);
    if (facts.d_q != facts.d_k) return fmt::format("q is {} wide and k {}", facts.d_q, facts.d_k);
  }
  if (facts.origin != Origin::weights) return {};
  if (!kind.shift_invariant)
    return "saved weights give logits up to a constant a row, and that would change it";
  const auto axis = normalizer.parameters.find("axis");
  if (axis != normalizer.parameters.end() && *axis == "queries") {
    return "saved weights give logits up to a constant a row, so columns cannot be normalised";
  }
  return {};
}

void entmax(double alpha, std::span<double> row) {
  const double shift = largest(row);
  if (alpha == 1) return divide_exponentials(row, shift, 0);
  const double slope = alpha - 1;
  for (double& x : row) x = slope * (x - shift);
  const auto share = [&](double z, double tau) {
    return z <= tau ? 0.0 : slope == 1 ? z - tau : std::pow(z - tau, 1 / slope);
  };
  // The largest cell is 0 now: at τ = −1 it alone has share 1, so the sum is at least 1; at τ = 0 it is 0.
  double low = -1;
  double high = 0;
  while (true) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    double sum = 0;
    for (const double z : row) sum += share(z, middle);
    (sum >= 1 ? low : high) = middle;
  }
  double sum = 0;
  for (double& z : row) sum += z = share(z, low);
  for (double& z : row) z /= sum;
}

}  // namespace attn

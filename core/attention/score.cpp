#include "core/attention/score.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/attention/families.hpp"
#include "core/attention/projection.hpp"
#include "core/base/sum.hpp"
#include "core/document/transpose.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> kActivations{"none", "tanh", "relu"};
constexpr Parameter kActivation{.name = "activation",
                                .type = ParameterType::choice,
                                .fallback = "\"none\"",
                                .choices = kActivations,
                                .meaning = "bends the score"};
constexpr Parameter tensor(std::string_view name, std::string_view axes, std::string_view meaning,
                           bool optional = false) {
  return {
      .name = name, .type = ParameterType::tensor, .meaning = meaning, .axes = axes, .optional = optional};
}

constexpr std::array kGeneralParameters{tensor("W", "d_q d_k", "joins each part of q with each part of k"),
                                        tensor("b", "", "added to the score", true), kActivation};
constexpr std::array kAdditiveParameters{
    tensor("W_1", "a d_q", "projects q"), tensor("W_2", "a d_k", "projects k"),
    tensor("v", "a", "weighs the hidden units"), tensor("b", "a", "added before the tanh", true)};
constexpr std::array kConcatParameters{tensor("w", "d_q+d_k", "weighs q and k, laid end to end"),
                                       tensor("b", "", "added to the score", true), kActivation};
constexpr std::array kEuclideanParameters{Parameter{.name = "power",
                                                    .min = 1e-6,
                                                    .max = 1e6,
                                                    .fallback = "2",
                                                    .meaning = "of the distance: 1, or 2 for its square"}};
constexpr std::array kGatedParameters{tensor("u", "H d_k", "weighs the parts for each head"),
                                      tensor("W", "d_k d_q", "the gate that q opens")};

// One row: a vector of parameters.
Matrix as_row(const Tensor& vector) {
  return to_matrix(vector.reshaped({1, vector.size()}));
}

double scalar_of(const TensorParameters& tensors, std::string_view name, Index head) {
  const Tensor value = tensors.of(name, head);
  return value.values().empty() ? 0 : static_cast<double>(value.values()[0]);
}

double activated(double x, const ScoreParameters& parameters) {
  const std::string& name = parameters.scalars.at("activation").get_ref<const std::string&>();
  if (name == "tanh") return std::tanh(x);
  return name == "relu" ? std::max(x, 0.0) : x;
}

// Keys by key head where they are the same for all its query heads, by query head where the parameters
// differ.
template <class Project>
std::vector<Matrix> project_keys(const std::vector<Matrix>& q, const std::vector<Matrix>& k, bool per_head,
                                 Project project) {
  std::vector<Matrix> keys;
  const std::size_t count = per_head ? q.size() : k.size();
  const std::size_t group = q.size() / k.size();
  for (std::size_t h = 0; h < count; ++h)
    keys.push_back(project(k[per_head ? h / group : h], static_cast<Index>(h)));
  return keys;
}

double pair_dot(const double* q, const double* k, std::size_t width, const ScoreParameters&) {
  return dot(q, k, width);
}

// q' = [q W, b]; k' = [k, 1].
ScoreInputs prepare_general(const std::vector<Matrix>& q, const std::vector<Matrix>& k,
                            const ScoreParameters& parameters) {
  ScoreInputs inputs;
  for (std::size_t h = 0; h < q.size(); ++h) {
    const auto head = static_cast<Index>(h);
    const Matrix projected = project(q[h], parameters.tensors.of("W", head), nullptr);
    Matrix& row = inputs.q.emplace_back(projected.rows(), projected.cols() + 1);
    row << projected, Matrix::Constant(projected.rows(), 1, scalar_of(parameters.tensors, "b", head));
  }
  for (const Matrix& keys : k) {
    Matrix& row = inputs.k.emplace_back(keys.rows(), keys.cols() + 1);
    row << keys, Matrix::Ones(keys.rows(), 1);
  }
  return inputs;
}
double pair_general(const double* q, const double* k, std::size_t width, const ScoreParameters& parameters) {
  return activated(dot(q, k, width - 1) + q[width - 1], parameters);
}

// q' = [W_1 q + b, v]; k' = W_2 k.
ScoreInputs prepare_additive(const std::vector<Matrix>& q, const std::vector<Matrix>& k,
                             const ScoreParameters& parameters) {
  ScoreInputs inputs;
  const TensorParameters& tensors = parameters.tensors;
  for (std::size_t h = 0; h < q.size(); ++h) {
    const auto head = static_cast<Index>(h);
    const Tensor b = tensors.of("b", head);
    const Matrix projected =
        project(q[h], transposed(tensors.of("W_1", head)), b.values().empty() ? nullptr : &b);
    Matrix& row = inputs.q.emplace_back(projected.rows(), 2 * projected.cols());
    row << projected, as_row(tensors.of("v", head)).replicate(projected.rows(), 1);
  }
  inputs.k = project_keys(q, k, tensors.per_head(), [&](const Matrix& keys, Index head) {
    return project(keys, transposed(tensors.of("W_2", head)), nullptr);
  });
  return inputs;
}
double pair_additive(const double* q, const double* k, std::size_t width, const ScoreParameters&) {
  const std::size_t a = width / 2;
  double sum = 0;
  for (std::size_t c = 0; c < a; ++c) sum += q[a + c] * std::tanh(q[c] + k[c]);
  return sum;
}

// q' = w_q·q + b, k' = w_k·k.
ScoreInputs prepare_concat(const std::vector<Matrix>& q, const std::vector<Matrix>& k,
                           const ScoreParameters& parameters) {
  ScoreInputs inputs;
  const auto weighed = [](const Matrix& x, const Tensor& w, std::size_t first, double b) {
    Matrix out(x.rows(), 1);
    const Matrix weights = as_row(w);
    for (Index i = 0; i < x.rows(); ++i) {
      out(i, 0) = dot(x.row(i).data(), weights.data() + first, static_cast<std::size_t>(x.cols())) + b;
    }
    return out;
  };
  const TensorParameters& tensors = parameters.tensors;
  for (std::size_t h = 0; h < q.size(); ++h) {
    const auto head = static_cast<Index>(h);
    inputs.q.push_back(weighed(q[h], tensors.of("w", head), 0, scalar_of(tensors, "b", head)));
  }
  const auto d_q = static_cast<std::size_t>(q[0].cols());
  inputs.k = project_keys(q, k, tensors.per_head(), [&](const Matrix& keys, Index head) {
    return weighed(keys, tensors.of("w", head), d_q, 0);
  });
  return inputs;
}
double pair_concat(const double* q, const double* k, std::size_t, const ScoreParameters& parameters) {
  return activated(q[0] + k[0], parameters);
}

// Vectors of length 1; a vector of zeros stays one, and is like nothing.
ScoreInputs prepare_cosine(const std::vector<Matrix>& q, const std::vector<Matrix>& k,
                           const ScoreParameters&) {
  const auto unit = [](const std::vector<Matrix>& heads) {
    std::vector<Matrix> result;
    for (const Matrix& x : heads) {
      Matrix& y = result.emplace_back(x);
      for (Index i = 0; i < y.rows(); ++i) {
        const double length = y.row(i).stableNorm();
        if (length > 0) y.row(i) /= length;
      }
    }
    return result;
  };
  return {unit(q), unit(k)};
}

double pair_euclidean(const double* q, const double* k, std::size_t width,
                      const ScoreParameters& parameters) {
  double sum = 0;
  for (std::size_t d = 0; d < width; ++d) sum += (q[d] - k[d]) * (q[d] - k[d]);
  const double power = parameters.scalars.at("power").get<double>();
  return power == 2 ? -sum : -std::pow(sum, power / 2);
}

// q' = u ⊙ W q.
ScoreInputs prepare_gated(const std::vector<Matrix>& q, const std::vector<Matrix>& k,
                          const ScoreParameters& parameters) {
  ScoreInputs inputs;
  for (std::size_t h = 0; h < q.size(); ++h) {
    const auto head = static_cast<Index>(h);
    Matrix& gated =
        inputs.q.emplace_back(project(q[h], transposed(parameters.tensors.of("W", head)), nullptr));
    gated.array().rowwise() *= as_row(parameters.tensors.of("u", head)).row(0).array();
  }
  inputs.k = k;
  return inputs;
}

constexpr std::array kScores{
    ScoreKind{{"dot", "q·k", "how much q and k point the same way, and how long they are"},
              true,
              nullptr,
              pair_dot},
    ScoreKind{{"general", "act(qᵀ W k + b)", "q and k joined by a matrix", kGeneralParameters},
              false,
              prepare_general,
              pair_general},
    ScoreKind{{"additive", "vᵀ tanh(W_1 q + W_2 k + b)", "a small network of one hidden layer",
               kAdditiveParameters},
              false,
              prepare_additive,
              pair_additive,
              PairForm::additive},
    ScoreKind{{"concat", "act(wᵀ[q; k] + b)", "one weight for each part of q and of k", kConcatParameters},
              false,
              prepare_concat,
              pair_concat,
              PairForm::sum},
    ScoreKind{{"cosine", "q·k / (‖q‖ ‖k‖)", "the angle alone, from −1 to 1"}, true, prepare_cosine, pair_dot},
    ScoreKind{{"euclidean", "−‖q − k‖^power", "near vectors score high", kEuclideanParameters},
              true,
              nullptr,
              pair_euclidean,
              PairForm::squared_distance},
    ScoreKind{{"gated", "u_hᵀ(W q ⊙ k)", "q opens a gate for each part of k", kGatedParameters},
              false,
              prepare_gated,
              pair_dot},
};

}  // namespace

std::span<const ScoreKind> score_kinds() {
  return kScores;
}

std::string score_kind_in_force(const std::optional<Json>& setting, const Layer& layer) {
  if (setting) return setting->at("kind").get<std::string>();
  return layer.score ? layer.score->kind : std::string(kScores.front().name);
}

bool score_has_head_axis(const LayerScore& score) {
  const ScoreKind* kind = kind_named(score_kinds(), score.kind);
  if (kind == nullptr) return false;
  return std::ranges::any_of(kind->parameters, [&](const Parameter& parameter) {
    const auto tensor = score.tensors.find(parameter.name);
    if (tensor == score.tensors.end() || parameter.type != ParameterType::tensor) return false;
    const auto axes =
        static_cast<std::size_t>(std::ranges::count(parameter.axes, ' ')) + (parameter.axes.empty() ? 0 : 1);
    return tensor->second.rank() > axes || parameter.axes.starts_with("H");
  });
}

std::string score_refusal(const ScoreKind& kind, const LayerFacts& facts) {
  if (const std::string_view reason = no_queries(facts); !reason.empty()) return std::string(reason);
  if (kind.needs_equal_widths && facts.d_q != facts.d_k) {
    return fmt::format("q is {} wide and k {}", facts.d_q, facts.d_k);
  }
  return {};
}

Result<Term> score_in_force(const std::optional<Json>& setting, const LayerFacts& facts) {
  const LayerScore* own = facts.layer->score ? &*facts.layer->score : nullptr;
  Json object = Json::object();
  const std::string kind = score_kind_in_force(setting, *facts.layer);
  if (own != nullptr && own->kind == kind) object = own->parameters;
  if (setting) object.update(*setting);
  object["kind"] = kind;
  auto term = read_term(object, *family_named("score"),
                        setting ? "/settings/score" : fmt::format("/layers/{}/score", facts.index));
  if (!term && !setting) return tl::unexpected(in_file(term.error(), facts.document->source));
  return term;
}

Result<CompiledScore> compile_score(const std::optional<Json>& setting, const LayerFacts& facts,
                                    std::uint64_t seed) {
  const LayerScore* own = facts.layer->score ? &*facts.layer->score : nullptr;
  const std::string own_place = fmt::format("/layers/{}/score", facts.index);
  const std::string place = setting ? "/settings/score" : own_place;
  if (own != nullptr && kind_named(score_kinds(), own->kind) == nullptr) {
    std::vector<std::string> names;
    for (const ScoreKind& row : kScores) names.emplace_back(row.name);
    return tl::unexpected(
        in_file(unknown_name(own_place + "/kind", names, own->kind).value(), facts.document->source));
  }
  auto term = score_in_force(setting, facts);
  if (!term) return tl::unexpected(term.error());
  const ScoreKind& kind = *kind_named(score_kinds(), term->kind);
  if (const std::string reason = score_refusal(kind, facts); !reason.empty()) {
    const auto error = setting_error(place, "a score that this document can have",
                                     fmt::format("\"{}\", but {}", kind.name, reason));
    return tl::unexpected(setting ? error.value() : in_file(error.value(), facts.document->source));
  }
  std::map<std::string, Tensor, std::less<>> tensors;
  if (own != nullptr && own->kind == kind.name) tensors = own->tensors;
  for (const auto& [name, value] : tensors) {
    const auto known = std::ranges::find(kind.parameters, name, &Parameter::name);
    if (known == kind.parameters.end() || known->type != ParameterType::tensor) {
      std::vector<std::string> names;
      for (const Parameter& parameter : kind.parameters) names.emplace_back(parameter.name);
      return tl::unexpected(
          in_file(unknown_name(own_place + "/" + name, names, name).value(), facts.document->source));
    }
  }
  CompiledScore score;
  score.kind = &kind;
  auto given = tensor_parameters(kind, term->parameters, tensors, facts, seed, place);
  if (!given) return tl::unexpected(given.error());
  score.parameters = {std::move(term->parameters), std::move(*given)};
  return score;
}

ScoreEnding CompiledScore::ending() const {
  using Kind = ScoreEnding::Kind;
  const Json& scalars = parameters.scalars;
  if (kind->form == PairForm::squared_distance)
    return {Kind::negative_power, scalars.at("power").get<double>()};
  const std::string activation = scalars.value("activation", "none");
  return {activation == "tanh" ? Kind::tanh : activation == "relu" ? Kind::relu : Kind::none};
}

void prepare_score(CompiledScore& score, const std::vector<Matrix>& q, const std::vector<Matrix>& k) {
  const auto prepare = score.kind->prepare;
  score.inputs = std::make_shared<const ScoreInputs>(prepare == nullptr ? ScoreInputs{}
                                                                        : prepare(q, k, score.parameters));
}

}  // namespace attn

#include "core/attention/equation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/attention/normalizer.hpp"
#include "core/attention/projection.hpp"
#include "core/base/sum.hpp"

namespace attn {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// One row of weights from one row of logits, and what is to be said of it. `allowed` are the cells that take
// part.
RowFlag normalize(const NormalizerKind& kind, const Settings& settings, Eigen::Ref<Eigen::RowVectorXd> row,
                  const Eigen::Ref<const Eigen::Array<bool, 1, Eigen::Dynamic>>& allowed) {
  if (!allowed.any()) {
    row.setConstant(settings.uniform_empty_rows ? 1.0 / static_cast<double>(row.size()) : 0.0);
    return RowFlag::empty;
  }
  RowFlag flag = RowFlag::normal;
  for (Index j = 0; j < row.size(); ++j) {
    if (!allowed[j]) continue;
    if (std::isnan(row[j])) flag = RowFlag::not_a_number;
    if (row[j] == kInfinity && flag == RowFlag::normal) flag = RowFlag::infinite;
  }
  if (flag == RowFlag::not_a_number) {
    for (Index j = 0; j < row.size(); ++j) row[j] = allowed[j] ? std::numeric_limits<double>::quiet_NaN() : 0;
  } else {
    kind.normalize(settings.normalizer.parameters, row);
  }
  return flag;
}

// Settings hold for all layers, so a head may be named that only another layer has; one that none has is a
// mistake.
Result<void> check_heads(const LayerInputs& inputs, const Settings& settings) {
  auto heads = static_cast<std::size_t>(inputs.heads);
  for (const Layer& layer : inputs.document->layers) heads = std::max(heads, layer.heads);
  const auto check = [&](std::size_t head, const char* place) -> Result<void> {
    if (head < heads) return {};
    return setting_error(place, fmt::format("a head below {}", heads), std::to_string(head));
  };
  for (const std::size_t head : settings.head_gates.mute) {
    if (auto good = check(head, "/settings/head_gates/mute"); !good) return good;
  }
  for (const std::size_t head : settings.head_gates.solo) {
    if (auto good = check(head, "/settings/head_gates/solo"); !good) return good;
  }
  for (const auto& [head, gain] : settings.head_gates.gain) {
    if (auto good = check(head, "/settings/head_gates/gain"); !good) return good;
  }
  for (const auto& [head, value] : settings.temperature.heads) {
    if (auto good = check(head, "/settings/temperature/heads"); !good) return good;
  }
  return {};
}

}  // namespace

Result<Equation> Equation::make(std::shared_ptr<const LayerInputs> inputs, Settings settings) {
  Equation equation;
  if (auto good = check_heads(*inputs, settings); !good) return tl::unexpected(good.error());
  const Scale fallback{inputs->origin == Origin::qkv ? ScaleKind::inv_sqrt_dk : ScaleKind::none};
  if (inputs->origin == Origin::weights && settings.scale && *settings.scale != fallback) {
    return setting_error("/settings/scale", "\"none\"", json_excerpt(scale_to_json(*settings.scale)),
                         "Saved weights hold no scores to scale.");
  }
  auto factor = scale_factor(settings.scale.value_or(fallback), inputs->scale_inputs());
  if (!factor) return tl::unexpected(factor.error());
  equation.scale_ = *factor;

  equation.bias_count_ = settings.bias ? settings.bias->size() : (inputs->layer->bias ? 1u : 0u);
  if (equation.bias_count_ > 0 && !inputs->layer->bias) {
    return setting_error("/settings/bias/0", "a bias that this document has", "\"document\"",
                         "The layer has no \"bias\".");
  }
  equation.mask_terms_ = settings.masks ? *settings.masks : default_masks(inputs->mask_inputs());
  auto masks = CompiledMasks::make(equation.mask_terms_, inputs->mask_inputs());
  if (!masks) return tl::unexpected(masks.error());
  equation.masks_ = std::move(*masks);
  equation.inputs_ = std::move(inputs);
  equation.settings_ = std::move(settings);
  return equation;
}

bool Equation::passes_weights_through(Index head) const {
  return inputs_->origin == Origin::weights && bias_count_ == 0 && mask_terms_.empty() &&
         settings_.temperature.of(static_cast<std::size_t>(head)) == 1;
}

Result<StageShape> Equation::shape(Stage stage) const {
  const LayerInputs& in = *inputs_;
  const auto missing = [&](std::string_view what) {
    return setting_error("stage", "a stage that this document has",
                         fmt::format("\"{}\", but the layer has no {}", info(stage).name, what));
  };
  if (in.origin == Origin::weights && stage < Stage::biased)
    return missing("queries and keys, only saved weights");
  if (in.origin == Origin::scores && stage < Stage::scores)
    return missing("queries and keys, only saved scores");
  const bool needs_values = stage == Stage::v || stage >= Stage::context;
  if (needs_values && in.v.empty()) return missing("values (v)");
  switch (stage) {
    case Stage::q:
      return StageShape{in.heads, in.n_q, in.d_k};
    case Stage::k:
      return StageShape{in.kv_heads, in.n_k, in.d_k};
    case Stage::v:
      return StageShape{in.kv_heads, in.n_k, in.d_v};
    case Stage::context:
      return StageShape{in.heads, in.n_q, in.d_v};
    case Stage::output: {
      const Tensor* projection = in.output_projection();
      const Index width =
          projection != nullptr ? static_cast<Index>(projection->from_last(0)) : in.heads * in.d_v;
      if (projection != nullptr && static_cast<Index>(projection->shape()[0]) != in.heads * in.d_v) {
        return missing("W_o that fits these heads");
      }
      return StageShape{1, in.n_q, width};
    }
    default:
      return StageShape{in.heads, in.n_q, in.n_k};
  }
}

Band Equation::band(Stage stage, Index head, RowRange rows) const {
  const auto slice = [&](const Matrix& x) { return Band{x.middleRows(rows.begin, rows.size()), {}, {}}; };
  switch (stage) {
    case Stage::q:
      return slice(inputs_->q[static_cast<std::size_t>(head)]);
    case Stage::k:
      return slice(inputs_->k[static_cast<std::size_t>(head)]);
    case Stage::v:
      return slice(inputs_->v[static_cast<std::size_t>(head)]);
    case Stage::scores:
      return {scores(head, rows), mask(head, rows), {}};
    case Stage::scaled:
    case Stage::capped:
      return {scale_ * scores(head, rows), mask(head, rows), {}};
    case Stage::biased:
      return {biased(head, rows), mask(head, rows), {}};
    case Stage::mask: {
      MaskMatrix allowed = mask(head, rows);
      Matrix ones = allowed.cast<double>().matrix();
      return {std::move(ones), std::move(allowed), {}};
    }
    case Stage::logits:
      return logits(head, rows);
    case Stage::weights:
      return weights(head, rows);
    case Stage::dropped: {
      Band band = weights(head, rows);
      const double gate = settings_.head_gates.gate(static_cast<std::size_t>(head));
      if (gate == 0) {
        band.values.setZero();
      } else {
        band.values *= gate;
      }
      return band;
    }
    case Stage::context:
      return context(head, rows);
    case Stage::output:
      return {output(rows), {}, {}};
  }
  return {};
}

Matrix Equation::scores(Index head, RowRange rows) const {
  const LayerInputs& in = *inputs_;
  Matrix s(rows.size(), in.n_k);
  if (in.origin != Origin::qkv) {
    const Tensor map = in.given.slice(static_cast<std::size_t>(head));
    const auto values = map.values().subspan(static_cast<std::size_t>(rows.begin * in.n_k));
    for (Index cell = 0; cell < s.size(); ++cell) {
      const double value = values[static_cast<std::size_t>(cell)];
      s.data()[cell] = in.origin == Origin::weights ? std::log(value) : value;
    }
    return s;
  }
  const Matrix& q = in.q[static_cast<std::size_t>(head)];
  const Matrix& k = in.k[in.kv_head(head)];
  const auto width = static_cast<std::size_t>(in.d_k);
  for (Index row = 0; row < rows.size(); ++row) {
    const double* query = q.row(rows.begin + row).data();
    for (Index j = 0; j < in.n_k; ++j) s(row, j) = dot(query, k.row(j).data(), width);
  }
  return s;
}

Matrix Equation::biased(Index head, RowRange rows) const {
  Matrix b = scores(head, rows);
  b *= scale_;
  for (std::size_t term = 0; term < bias_count_; ++term) {
    for (Index row = 0; row < rows.size(); ++row) {
      for (Index j = 0; j < b.cols(); ++j) {
        b(row, j) += static_cast<double>(broadcast_at(*inputs_->layer->bias, head, rows.begin + row, j));
      }
    }
  }
  return b;
}

MaskMatrix Equation::mask(Index head, RowRange rows) const {
  MaskMatrix allowed = masks_.band(head, rows, inputs_->n_k);
  if (inputs_->origin == Origin::scores) {
    const Tensor map = inputs_->given.slice(static_cast<std::size_t>(head));
    const auto values = map.values().subspan(static_cast<std::size_t>(rows.begin * inputs_->n_k));
    for (Index cell = 0; cell < allowed.size(); ++cell) {
      if (values[static_cast<std::size_t>(cell)] == -std::numeric_limits<float>::infinity()) {
        allowed.data()[cell] = false;
      }
    }
  }
  return allowed;
}

// `allowed` of the result leaves out −∞ of any source: a −∞ in a bias, or a saved weight of 0, counts as
// masked.
Band Equation::logits(Index head, RowRange rows) const {
  Band band{biased(head, rows), mask(head, rows), {}};
  const double temperature = settings_.temperature.of(static_cast<std::size_t>(head));
  for (Index cell = 0; cell < band.values.size(); ++cell) {
    double& logit = band.values.data()[cell];
    bool& allowed = band.allowed.data()[cell];
    logit = allowed ? logit / temperature : -kInfinity;
    allowed = logit != -kInfinity;
  }
  return band;
}

Band Equation::weights(Index head, RowRange rows) const {
  Band band = logits(head, rows);
  band.flags.resize(static_cast<std::size_t>(rows.size()));
  const NormalizerKind& kind = *normalizer_named(settings_.normalizer.kind);
  const bool as_saved = passes_weights_through(head);
  const Tensor saved = as_saved ? inputs_->given.slice(static_cast<std::size_t>(head)) : Tensor();
  for (Index row = 0; row < rows.size(); ++row) {
    RowFlag& flag = band.flags[static_cast<std::size_t>(row)];
    flag = normalize(kind, settings_, band.values.row(row), band.allowed.row(row));
    if (!as_saved || (flag == RowFlag::empty && settings_.uniform_empty_rows)) continue;
    const auto values = saved.values().subspan(static_cast<std::size_t>((rows.begin + row) * inputs_->n_k));
    for (Index j = 0; j < inputs_->n_k; ++j) band.values(row, j) = values[static_cast<std::size_t>(j)];
  }
  return band;
}

Band Equation::context(Index head, RowRange rows) const {
  const Band dropped = band(Stage::dropped, head, rows);
  const Matrix& v = inputs_->v[inputs_->kv_head(head)];
  Band result{Matrix::Zero(rows.size(), inputs_->d_v), {}, dropped.flags};
  if (settings_.head_gates.gate(static_cast<std::size_t>(head)) == 0) return result;
  for (Index row = 0; row < rows.size(); ++row) {
    for (Index j = 0; j < inputs_->n_k; ++j) {
      // A masked key takes no part, whatever its value: 0 · NaN must not reach the sum.
      if (!dropped.allowed(row, j) && dropped.values(row, j) == 0) continue;
      result.values.row(row) += dropped.values(row, j) * v.row(j);
    }
  }
  return result;
}

Matrix Equation::output(RowRange rows) const {
  Matrix heads_beside(rows.size(), inputs_->heads * inputs_->d_v);
  for (Index head = 0; head < inputs_->heads; ++head) {
    heads_beside.middleCols(head * inputs_->d_v, inputs_->d_v) = context(head, rows).values;
  }
  const Tensor* projection = inputs_->output_projection();
  const Tensor* bias = inputs_->output_bias();
  if (projection != nullptr) return project(heads_beside, *projection, bias);
  if (bias != nullptr) {
    for (Index c = 0; c < heads_beside.cols(); ++c) {
      heads_beside.col(c).array() += static_cast<double>(bias->values()[static_cast<std::size_t>(c)]);
    }
  }
  return heads_beside;
}

}  // namespace attn

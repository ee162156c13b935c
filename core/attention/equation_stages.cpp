#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "core/attention/equation.hpp"
#include "core/attention/projection.hpp"
#include "core/base/random.hpp"
#include "core/base/sum.hpp"

namespace attn {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// One row (or column) of weights from its logits, and what is to be said of it. `allowed` are the cells that
// take part.
RowFlag normalize(const NormalizerKind& kind, const Settings& settings, Index head, std::span<double> row,
                  std::span<const bool> allowed) {
  const auto empty = [&] {
    std::ranges::fill(row, settings.uniform_empty_rows ? 1.0 / static_cast<double>(row.size()) : 0.0);
    return RowFlag::empty;
  };
  if (std::ranges::find(allowed, true) == allowed.end()) return empty();
  RowFlag flag = RowFlag::normal;
  for (std::size_t j = 0; j < row.size(); ++j) {
    if (!allowed[j]) continue;
    if (std::isnan(row[j])) flag = RowFlag::not_a_number;
    if (row[j] == kInfinity && flag == RowFlag::normal) flag = RowFlag::infinite;
  }
  if (flag == RowFlag::not_a_number) {
    for (std::size_t j = 0; j < row.size(); ++j)
      row[j] = allowed[j] ? std::numeric_limits<double>::quiet_NaN() : 0;
  } else if (flag == RowFlag::infinite && !kind.takes_infinity) {
    const auto count = static_cast<double>(std::ranges::count(row, kInfinity));
    for (double& x : row) x = x == kInfinity ? 1 / count : 0;
  } else if (!kind.normalize(settings.normalizer.parameters, head, row)) {
    return empty();
  }
  return flag;
}

// φ(x) = elu(x) + 1: x + 1 above 0, e^x below (Katharopoulos et al. 2020).
double feature(double x) {
  return x > 0 ? x + 1 : std::exp(x);
}

}  // namespace

// All rows of the heads that were asked for last. Heads are computed once, whoever asks first.
class Equation::WholeHeads {
 public:
  explicit WholeHeads(std::size_t kept) : kept_(kept) {}
  template <class Make>
  std::shared_ptr<const Band> get(Index head, Make make) {
    std::shared_ptr<Entry> entry;
    {
      const std::lock_guard lock(mutex_);
      const auto found = std::ranges::find(entries_, head, [](const auto& item) { return item->head; });
      if (found != entries_.end()) {
        entry = *found;
      } else {
        entry = std::make_shared<Entry>();
        entry->head = head;
        entries_.push_back(entry);
        if (entries_.size() > kept_) entries_.erase(entries_.begin());
      }
    }
    std::call_once(entry->once, [&] { entry->band = make(); });
    return {entry, &entry->band};
  }

 private:
  struct Entry {
    Index head = 0;
    std::once_flag once;
    Band band;
  };
  std::size_t kept_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Entry>> entries_;
};

void Equation::prepare_columns(const Term& normalizer) {
  const auto axis = normalizer.parameters.find("axis");
  if (axis != normalizer.parameters.end() && *axis == "queries") {
    // As many as a quarter of a gigabyte holds: joined heads and the output ask for all of them, band by
    // band.
    constexpr std::size_t kBytes = std::size_t{256} << 20;
    const std::size_t bytes =
        static_cast<std::size_t>(inputs_->n_q * inputs_->n_k) * (sizeof(double) + sizeof(bool));
    columns_ = std::make_shared<WholeHeads>(std::max<std::size_t>(2, kBytes / bytes));
  }
}

Matrix Equation::scores(Index head, RowRange rows) const {
  const LayerInputs& in = *inputs_;
  Matrix s(rows.size(), in.n_k);
  if (in.origin != Origin::qkv) {
    const Tensor& map = in.given[static_cast<std::size_t>(head)];
    const auto values = map.values().subspan(static_cast<std::size_t>(rows.begin * in.n_k));
    for (Index cell = 0; cell < s.size(); ++cell) {
      const double value = values[static_cast<std::size_t>(cell)];
      s.data()[cell] = in.origin == Origin::weights ? std::log(value) : value;
    }
    return s;
  }
  const auto h = static_cast<std::size_t>(head);
  const ScoreInputs& prepared = *terms_.score->inputs;
  const Matrix& q = prepared.q.empty() ? in.q[h] : prepared.q[h];
  const std::vector<Matrix>& keys = prepared.k.empty() ? in.k : prepared.k;
  const Matrix& k = keys.size() == static_cast<std::size_t>(in.heads) ? keys[h] : keys[in.kv_head(head)];
  const auto width = static_cast<std::size_t>(q.cols());
  const PairScore pair = terms_.score->kind->pair;
  for (Index row = 0; row < rows.size(); ++row) {
    const double* query = q.row(rows.begin + row).data();
    for (Index j = 0; j < in.n_k; ++j)
      s(row, j) = pair(query, k.row(j).data(), width, terms_.score->parameters);
  }
  return s;
}

Matrix Equation::scaled(Index head, RowRange rows) const {
  return terms_.scale * scores(head, rows);
}

Matrix Equation::capped(Index head, RowRange rows) const {
  Matrix x = settings_.softcap_after_bias ? biased(head, rows) : scaled(head, rows);
  const double c = settings_.softcap;
  if (c == 0) return x;
  // −∞ of a bias is a mask, and stays one.
  for (double& value : x.reshaped()) value = value == -kInfinity ? value : c * std::tanh(value / c);
  return x;
}

Matrix Equation::biased(Index head, RowRange rows) const {
  Matrix b = settings_.softcap_after_bias ? scaled(head, rows) : capped(head, rows);
  if (terms_.biases.empty()) return b;
  Matrix sum = Matrix::Zero(b.rows(), b.cols());
  for (const CompiledBias& bias : terms_.biases) {
    for (Index row = 0; row < rows.size(); ++row) {
      bias.add(head, rows.begin + row, {sum.row(row).data(), static_cast<std::size_t>(sum.cols())});
    }
  }
  for (Index cell = 0; cell < b.size(); ++cell) {
    double& x = b.data()[cell];
    // −∞ on either side masks, whatever stands on the other: NaN and +∞ too.
    const bool masked = x == -kInfinity || sum.data()[cell] == -kInfinity;
    x = masked ? -kInfinity : x + sum.data()[cell];
  }
  return b;
}

MaskMatrix Equation::mask(Index head, RowRange rows) const {
  MaskMatrix allowed = terms_.masks.band(head, rows, inputs_->n_k);
  if (inputs_->origin == Origin::scores) {
    const Tensor& map = inputs_->given[static_cast<std::size_t>(head)];
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
// masked. A finite number stays finite however low the temperature.
Band Equation::logits(Index head, RowRange rows) const {
  Band band{settings_.softcap_after_bias ? capped(head, rows) : biased(head, rows), mask(head, rows), {}};
  const double temperature = settings_.temperature.of(static_cast<std::size_t>(head));
  constexpr double kLargest = std::numeric_limits<double>::max();
  for (Index cell = 0; cell < band.values.size(); ++cell) {
    double& logit = band.values.data()[cell];
    bool& allowed = band.allowed.data()[cell];
    if (!allowed) logit = -kInfinity;
    if (std::isfinite(logit)) logit = std::clamp(logit / temperature, -kLargest, kLargest);
    allowed = logit != -kInfinity;
  }
  return band;
}

// φ(q_i)·φ(k_j), −∞ where masked: what linear attention normalises in place of the logits.
Band Equation::features(Index head, RowRange rows) const {
  const Matrix q =
      inputs_->q[static_cast<std::size_t>(head)].middleRows(rows.begin, rows.size()).unaryExpr(&feature);
  const Matrix k = inputs_->k[inputs_->kv_head(head)].unaryExpr(&feature);
  Band band{Matrix(rows.size(), inputs_->n_k), mask(head, rows), {}};
  for (Index row = 0; row < rows.size(); ++row) {
    for (Index j = 0; j < inputs_->n_k; ++j) {
      band.values(row, j) = band.allowed(row, j)
                                ? dot(q.row(row).data(), k.row(j).data(), static_cast<std::size_t>(q.cols()))
                                : -kInfinity;
    }
  }
  return band;
}

Band Equation::weights(Index head, RowRange rows) const {
  if (columns_) {
    const auto whole = columns_->get(head, [&] { return weights_by_columns(head); });
    const auto first = whole->flags.begin() + rows.begin;
    return {whole->values.middleRows(rows.begin, rows.size()),
            whole->allowed.middleRows(rows.begin, rows.size()),
            {first, first + rows.size()}};
  }
  Band band = terms_.normalizer->from_features ? features(head, rows) : logits(head, rows);
  band.flags.resize(static_cast<std::size_t>(rows.size()));
  const bool as_saved = passes_weights_through(head);
  const Tensor saved = as_saved ? inputs_->given[static_cast<std::size_t>(head)] : Tensor();
  const auto width = static_cast<std::size_t>(inputs_->n_k);
  for (Index row = 0; row < rows.size(); ++row) {
    RowFlag& flag = band.flags[static_cast<std::size_t>(row)];
    flag = normalize(*terms_.normalizer, settings_, head, {band.values.row(row).data(), width},
                     {band.allowed.row(row).data(), width});
    if (!as_saved || (flag == RowFlag::empty && settings_.uniform_empty_rows)) continue;
    const auto values = saved.values().subspan(static_cast<std::size_t>((rows.begin + row) * inputs_->n_k));
    for (Index j = 0; j < inputs_->n_k; ++j) band.values(row, j) = values[static_cast<std::size_t>(j)];
  }
  return band;
}

// All rows of a head with each column normalised over its queries; a row is flagged by what stands in it.
Band Equation::weights_by_columns(Index head) const {
  const RowRange all{0, inputs_->n_q};
  Band band = terms_.normalizer->from_features ? features(head, all) : logits(head, all);
  Matrix columns = band.values.transpose();
  const MaskMatrix allowed = band.allowed.transpose();
  const auto height = static_cast<std::size_t>(inputs_->n_q);
  std::vector<RowFlag> flags;
  for (Index j = 0; j < inputs_->n_k; ++j) {
    flags.push_back(normalize(*terms_.normalizer, settings_, head, {columns.row(j).data(), height},
                              {allowed.row(j).data(), height}));
  }
  band.values = columns.transpose();
  band.flags.assign(height, RowFlag::normal);
  for (Index i = 0; i < inputs_->n_q; ++i) {
    RowFlag& flag = band.flags[static_cast<std::size_t>(i)];
    if (!band.allowed.row(i).any()) flag = RowFlag::empty;
    for (Index j = 0; j < inputs_->n_k; ++j) {
      const RowFlag of_column = flags[static_cast<std::size_t>(j)];
      if (band.allowed(i, j) && of_column != RowFlag::empty) flag = std::max(flag, of_column);
    }
  }
  return band;
}

Band Equation::dropped(Index head, RowRange rows) const {
  Band band = weights(head, rows);
  const double gate = settings_.head_gates.gate(static_cast<std::size_t>(head));
  if (gate == 0) {
    band.values.setZero();
    return band;
  }
  // A masked cell is +0, whatever the sign of the gain.
  for (double& weight : band.values.reshaped()) weight = weight == 0 ? 0 : weight * gate;
  const Dropout& dropout = settings_.dropout;
  if (dropout.p == 0 || dropout.on_output) return band;
  for (Index row = 0; row < rows.size(); ++row) {
    for (Index j = 0; j < inputs_->n_k; ++j) {
      double& weight = band.values(row, j);
      const double lot = uniform(dropout.seed, inputs_->index, head, rows.begin + row, j);
      weight = lot < dropout.p ? 0 : weight / (1 - dropout.p);
    }
  }
  return band;
}

Band Equation::contributions(Index head, RowRange rows) const {
  Band band = dropped(head, rows);
  const Vector lengths = inputs_->v[inputs_->kv_head(head)].rowwise().stableNorm();
  for (Index row = 0; row < rows.size(); ++row) {
    for (Index j = 0; j < inputs_->n_k; ++j) {
      double& cell = band.values(row, j);
      // As in the context: what takes no part adds nothing, whatever its value.
      if (cell != 0 || band.allowed(row, j)) cell = std::abs(cell) * lengths[j];
    }
  }
  if (settings_.head_gates.gate(static_cast<std::size_t>(head)) == 0) band.values.setZero();
  return band;
}

Band Equation::context(Index head, RowRange rows) const {
  const Band weighted = dropped(head, rows);
  const Matrix& v = inputs_->v[inputs_->kv_head(head)];
  Band result{Matrix::Zero(rows.size(), inputs_->d_v), {}, weighted.flags};
  if (settings_.head_gates.gate(static_cast<std::size_t>(head)) == 0) return result;
  for (Index row = 0; row < rows.size(); ++row) {
    for (Index j = 0; j < inputs_->n_k; ++j) {
      // A masked key takes no part, whatever its value: 0 · NaN must not reach the sum.
      if (!weighted.allowed(row, j) && weighted.values(row, j) == 0) continue;
      result.values.row(row) += weighted.values(row, j) * v.row(j);
    }
  }
  return result;
}

Matrix Equation::output(RowRange rows) const {
  Matrix heads_beside(rows.size(), inputs_->heads * inputs_->d_v);
  for (Index head = 0; head < inputs_->heads; ++head) {
    heads_beside.middleCols(head * inputs_->d_v, inputs_->d_v) = context(head, rows).values;
  }
  return output_of(std::move(heads_beside), rows);
}

Matrix Equation::output_of(Matrix heads_beside, RowRange rows, const Project& projection) const {
  const Tensor* weight = inputs_->output_projection();
  Matrix result =
      weight != nullptr ? projection(heads_beside, *weight, inputs_->output_bias()) : std::move(heads_beside);
  const Dropout& dropout = settings_.dropout;
  if (dropout.p == 0 || !dropout.on_output) return result;
  constexpr std::uint64_t kOutput = std::uint64_t{1} << 32;
  for (Index row = 0; row < rows.size(); ++row) {
    for (Index column = 0; column < result.cols(); ++column) {
      double& value = result(row, column);
      const double lot = uniform(dropout.seed, inputs_->index, kOutput, rows.begin + row, column);
      value = lot < dropout.p ? 0 : value / (1 - dropout.p);
    }
  }
  return result;
}

}  // namespace attn

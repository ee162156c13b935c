#include "tests/core/attention/naive.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include "core/base/random.hpp"

namespace attn::test {
namespace {

using Table = std::vector<std::vector<double>>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Table table_of(const Tensor& tensor) {
  Table table(tensor.shape()[0], std::vector<double>(tensor.shape()[1]));
  for (std::size_t n = 0; n < table.size(); ++n) {
    for (std::size_t c = 0; c < table[n].size(); ++c) {
      table[n][c] = static_cast<double>(tensor.values()[n * table[n].size() + c]);
    }
  }
  return table;
}

Table beside(const Tensor& heads) {
  Table wide(heads.shape()[1]);
  for (std::size_t h = 0; h < heads.shape()[0]; ++h) {
    const Table one = table_of(heads.slice(h));
    for (std::size_t n = 0; n < one.size(); ++n) wide[n].insert(wide[n].end(), one[n].begin(), one[n].end());
  }
  return wide;
}

Table times(const Table& x, const Tensor& weight, const std::optional<Tensor>& bias) {
  const Table w = table_of(weight);
  Table y(x.size(), std::vector<double>(w[0].size()));
  for (std::size_t n = 0; n < x.size(); ++n) {
    for (std::size_t c = 0; c < y[n].size(); ++c) {
      long double sum = bias ? static_cast<long double>(bias->values()[c]) : 0.0L;
      for (std::size_t d = 0; d < w.size(); ++d) sum += static_cast<long double>(x[n][d]) * w[d][c];
      y[n][c] = static_cast<double>(sum);
    }
  }
  return y;
}

Cube cut(const Table& wide, std::size_t heads) {
  const std::size_t d = wide[0].size() / heads;
  Cube cube(heads, Table(wide.size(), std::vector<double>(d)));
  for (std::size_t h = 0; h < heads; ++h) {
    for (std::size_t n = 0; n < wide.size(); ++n) {
      for (std::size_t c = 0; c < d; ++c) cube[h][n][c] = wide[n][h * d + c];
    }
  }
  return cube;
}

double scale_of(const Scale& scale, double d_k, double d_model) {
  switch (scale.kind) {
    case ScaleKind::inv_sqrt_dk:
      return std::pow(d_k, -0.5);
    case ScaleKind::inv_sqrt_dmodel:
      return std::pow(d_model, -0.5);
    case ScaleKind::sqrt_dmodel:
      return std::pow(d_model, 0.5);
    case ScaleKind::inv_dk:
      return std::pow(d_k, -1);
    case ScaleKind::none:
      return 1;
    case ScaleKind::number:
      return scale.number;
  }
  return 0;
}

std::vector<double> softmax(const std::vector<double>& logits, bool uniform_empty) {
  std::vector<double> row(logits.size(), 0.0);
  bool any = false, nan = false;
  double largest = -kInfinity;
  for (const double x : logits) {
    any = any || x != -kInfinity;
    nan = nan || std::isnan(x);
    if (x > largest) largest = x;
  }
  if (!any)
    return std::vector<double>(logits.size(), uniform_empty ? 1.0 / static_cast<double>(logits.size()) : 0.0);
  long double sum = 0;
  for (std::size_t j = 0; j < row.size(); ++j) {
    if (logits[j] == -kInfinity) continue;
    if (nan) {
      row[j] = std::numeric_limits<double>::quiet_NaN();
    } else if (largest == kInfinity) {
      row[j] = logits[j] == kInfinity ? 1 : 0;
    } else {
      row[j] = std::exp(logits[j] - largest);
    }
    sum += row[j];
  }
  for (double& w : row) w = w == 0 ? 0 : static_cast<double>(w / sum);
  return row;
}

// All that the stages are made from, for one document and one setting.
class Walk {
 public:
  Walk(const Document& document, const Settings& settings)
      : document_(document), settings_(settings), layer_(document.layers[settings.layer]) {}

  std::map<Stage, Cube> stages() {
    n_q_ = document_.query_of(layer_).tokens.size();
    n_k_ = document_.key_of(layer_).tokens.size();
    heads_ = settings_.heads.value_or(layer_.heads);
    make_scores();
    make_weights();
    if (stages_.contains(Stage::v)) make_context();
    return std::move(stages_);
  }

 private:
  Cube map() const { return Cube(heads_, Table(n_q_, std::vector<double>(n_k_))); }

  void make_qkv() {
    Table q, k, v;
    std::size_t d_model = 0;
    if (const auto* given = std::get_if<GivenQkv>(&layer_.origin)) {
      q = beside(given->q);
      k = beside(given->k);
      if (given->v) v = beside(*given->v);
      d_model = q[0].size();
    } else {
      q = table_of(*document_.query_of(layer_).embeddings);
      k = table_of(*document_.key_of(layer_).embeddings);
      v = table_of(*document_.value_of(layer_).embeddings);
      d_model = q[0].size();
      if (const auto* p = std::get_if<Projections>(&layer_.origin)) {
        q = times(q, p->W_q, p->b_q);
        k = times(k, p->W_k, p->b_k);
        v = times(v, p->W_v, p->b_v);
      }
    }
    const std::size_t d_k = q[0].size() / heads_;
    const std::size_t kv_heads = k[0].size() / d_k;
    stages_[Stage::q] = cut(q, heads_);
    stages_[Stage::k] = cut(k, kv_heads);
    if (!v.empty()) stages_[Stage::v] = cut(v, kv_heads);
    scale_ =
        scale_of(settings_.scale.value_or(Scale{}), static_cast<double>(d_k), static_cast<double>(d_model));
  }

  void make_scores() {
    Cube scores = map();
    const auto* given_scores = std::get_if<GivenScores>(&layer_.origin);
    const auto* given_weights = std::get_if<GivenWeights>(&layer_.origin);
    if (given_scores == nullptr && given_weights == nullptr) make_qkv();
    if (given_scores != nullptr && settings_.scale) scale_ = scale_of(*settings_.scale, 0, 0);
    Cube biased = map(), capped = map();
    for (std::size_t h = 0; h < heads_; ++h) {
      for (std::size_t i = 0; i < n_q_; ++i) {
        for (std::size_t j = 0; j < n_k_; ++j) {
          double& s = scores[h][i][j];
          if (given_scores != nullptr) s = broadcast(given_scores->scores, h, i, j);
          if (given_weights != nullptr)
            s = std::log(broadcast(given_weights->weights.slice(settings_.batch), h, i, j));
          if (given_scores == nullptr && given_weights == nullptr) s = query_meets_key(h, i, j);
          const double x = scale_ * s;
          const double added = bias(h, i, j);
          biased[h][i][j] = plus(settings_.softcap_after_bias ? x : cap(x), added);
          capped[h][i][j] = settings_.softcap_after_bias ? cap(biased[h][i][j]) : cap(x);
        }
      }
    }
    if (given_weights == nullptr) {
      stages_[Stage::scores] = scores;
      for (auto& table : scores) {
        for (auto& row : table) {
          for (double& s : row) s *= scale_;
        }
      }
      stages_[Stage::scaled] = scores;
      stages_[Stage::capped] = capped;
    }
    stages_[Stage::biased] = biased;
    before_temperature_ = settings_.softcap_after_bias ? capped : biased;
  }

  // −∞ on either side masks.
  static double plus(double x, double bias) {
    return x == -kInfinity || bias == -kInfinity ? -kInfinity : x + bias;
  }

  double cap(double x) const {
    const double c = settings_.softcap;
    return c == 0 || x == -kInfinity ? x : c * std::tanh(x / c);
  }

  double query_meets_key(std::size_t h, std::size_t i, std::size_t j) const {
    const Cube& q = stages_.at(Stage::q);
    const Cube& k = stages_.at(Stage::k);
    long double sum = 0;
    for (std::size_t c = 0; c < q[h][i].size(); ++c) {
      sum += static_cast<long double>(q[h][i][c]) * k[h / (heads_ / k.size())][j][c];
    }
    return static_cast<double>(sum);
  }

  double bias(std::size_t h, std::size_t i, std::size_t j) const {
    if (!layer_.bias) return 0;
    const std::size_t terms = settings_.bias ? settings_.bias->size() : 1;
    double sum = 0;
    for (std::size_t term = 0; term < terms; ++term) sum += broadcast(*layer_.bias, h, i, j);
    return sum;
  }

  // The list in force: the settings', else padding where a key is padding, then the document's mask.
  std::vector<MaskTerm> masks() const {
    if (settings_.masks) return *settings_.masks;
    std::vector<MaskTerm> list;
    for (const auto real : document_.key_of(layer_).attention_mask) {
      if (real == 0 && list.empty()) list.push_back({Term{"padding"}});
    }
    if (layer_.mask) list.push_back({Term{"document"}});
    return list;
  }

  bool may_attend(std::size_t h, std::size_t i, std::size_t j) const {
    bool allowed = true;
    for (const MaskTerm& mask : masks()) {
      const bool m = naive_mask(document_, layer_, mask.term, h, static_cast<long>(i),
                                static_cast<long>(j)) != mask.negate;
      allowed = mask.combine_or ? (allowed || m) : (allowed && m);
    }
    const auto* given = std::get_if<GivenScores>(&layer_.origin);
    return allowed && !(given != nullptr && broadcast(given->scores, h, i, j) == -kInfinity);
  }

  void make_weights() {
    Cube mask = map(), logits = map(), weights = map(), dropped = map();
    const auto* saved = std::get_if<GivenWeights>(&layer_.origin);
    const bool biased = settings_.bias ? !settings_.bias->empty() : layer_.bias.has_value();
    for (std::size_t h = 0; h < heads_; ++h) {
      const auto own = settings_.temperature.heads.find(h);
      const double temperature =
          own == settings_.temperature.heads.end() ? settings_.temperature.all : own->second;
      for (std::size_t i = 0; i < n_q_; ++i) {
        for (std::size_t j = 0; j < n_k_; ++j) {
          const bool allowed = may_attend(h, i, j);
          mask[h][i][j] = allowed ? 1 : 0;
          logits[h][i][j] = allowed ? before_temperature_[h][i][j] / temperature : -kInfinity;
        }
        weights[h][i] = softmax(logits[h][i], settings_.uniform_empty_rows);
        const bool untouched = saved != nullptr && temperature == 1 && !biased && masks().empty();
        for (std::size_t j = 0; j < n_k_; ++j) {
          if (untouched && weights[h][i][j] != 0 && logits[h][i][j] != -kInfinity) {
            weights[h][i][j] = broadcast(saved->weights.slice(settings_.batch), h, i, j);
          }
          dropped[h][i][j] = gate(h) == 0 ? 0 : weights[h][i][j] * gate(h) * survives(h, i, j);
        }
      }
    }
    stages_[Stage::mask] = mask;
    stages_[Stage::logits] = logits;
    stages_[Stage::weights] = weights;
    stages_[Stage::dropped] = dropped;
  }

  // 0 for a cell that is dropped, else 1 / (1 − p).
  double survives(std::size_t h, std::size_t i, std::size_t j) const {
    const Dropout& dropout = settings_.dropout;
    if (dropout.on_output) return 1;
    return uniform(dropout.seed, settings_.layer, h, i, j) < dropout.p ? 0 : 1 / (1 - dropout.p);
  }

  double gate(std::size_t h) const {
    const HeadGates& gates = settings_.head_gates;
    for (const std::size_t muted : gates.mute) {
      if (muted == h) return 0;
    }
    bool soloed = gates.solo.empty();
    for (const std::size_t solo : gates.solo) soloed = soloed || solo == h;
    if (!soloed) return 0;
    return gates.gain.contains(h) ? gates.gain.at(h) : 1;
  }

  void make_context() {
    const Cube& v = stages_[Stage::v];
    const Cube& dropped = stages_[Stage::dropped];
    Cube contributions = map();
    Cube context(heads_, Table(n_q_, std::vector<double>(v[0][0].size(), 0.0)));
    Table wide(n_q_);
    for (std::size_t h = 0; h < heads_; ++h) {
      for (std::size_t i = 0; i < n_q_; ++i) {
        for (std::size_t j = 0; j < n_k_; ++j) {
          if (dropped[h][i][j] == 0) continue;
          long double squares = 0;
          for (std::size_t c = 0; c < v[0][0].size(); ++c) {
            const double part = dropped[h][i][j] * v[h / (heads_ / v.size())][j][c];
            context[h][i][c] += part;
            squares += static_cast<long double>(part) * part;
          }
          contributions[h][i][j] = static_cast<double>(std::sqrt(squares));
        }
        wide[i].insert(wide[i].end(), context[h][i].begin(), context[h][i].end());
      }
    }
    stages_[Stage::contributions] = contributions;
    stages_[Stage::context] = context;
    std::optional<Tensor> W_o, b_o;
    if (const auto* p = std::get_if<Projections>(&layer_.origin)) W_o = p->W_o, b_o = p->b_o;
    if (const auto* given = std::get_if<GivenQkv>(&layer_.origin)) W_o = given->W_o, b_o = given->b_o;
    if (W_o) wide = times(wide, *W_o, b_o);
    const Dropout& dropout = settings_.dropout;
    for (std::size_t i = 0; dropout.on_output && i < wide.size(); ++i) {
      for (std::size_t c = 0; c < wide[i].size(); ++c) {
        const bool gone = uniform(dropout.seed, settings_.layer, std::uint64_t{1} << 32, i, c) < dropout.p;
        wide[i][c] *= gone ? 0 : 1 / (1 - dropout.p);
      }
    }
    stages_[Stage::output] = {wide};
  }

  const Document& document_;
  const Settings& settings_;
  const Layer& layer_;
  std::size_t heads_ = 0, n_q_ = 0, n_k_ = 0;
  double scale_ = 1;
  std::map<Stage, Cube> stages_;
  Cube before_temperature_;
};

}  // namespace

double broadcast(const Tensor& tensor, std::size_t h, std::size_t i, std::size_t j) {
  std::vector<std::size_t> place{h, i, j};
  place.erase(place.begin(), place.end() - static_cast<std::ptrdiff_t>(tensor.rank()));
  std::size_t flat = 0;
  for (std::size_t axis = 0; axis < place.size(); ++axis) {
    flat = flat * tensor.shape()[axis] + (tensor.shape()[axis] == 1 ? 0 : place[axis]);
  }
  return static_cast<double>(tensor.values()[flat]);
}

std::map<Stage, Cube> naive_stages(const Document& document, const Settings& settings) {
  return Walk(document, settings).stages();
}

}  // namespace attn::test

// One row of the fast path, from scores to the stage that is asked for.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/base/random.hpp"
#include "core/engine/fast_scratch.hpp"

namespace attn {
namespace {

using kernels::BlockClass;
using kernels::kBlock;
using kernels::LogitTerms;
using kernels::RowMask;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
// Beyond this a logit has no digits behind the point in float32 that a weight could depend on.
constexpr double kLargestPower = 1 << 20;

// Which terms stand before a stage: `capped` is before or after `biased`, by the settings.
LogitTerms terms_until(Stage stage, const Settings& settings, double scale, double temperature) {
  LogitTerms terms;
  const bool after = settings.softcap_after_bias;
  const bool all = stage >= Stage::logits;
  if (stage >= Stage::scaled) terms.scale = static_cast<float>(scale);
  if (all || stage == Stage::capped || (stage == Stage::biased && !after)) {
    terms.cap = static_cast<float>(settings.softcap);
  }
  terms.cap_after_bias = after;
  if (all) terms.factor = static_cast<float>(1 / temperature);
  return terms;
}

bool has_bias(Stage stage, const Settings& settings) {
  return stage >= Stage::biased || (stage == Stage::capped && settings.softcap_after_bias);
}

}  // namespace

// The sum of the biases of row i into scratch.bias. −∞ masks: the mask without those cells.
RowMask FastPath::bias_row(Index head, Index i, RowMask mask, Scratch& scratch) const {
  const auto width = static_cast<std::size_t>(equation_->inputs().n_k);
  std::ranges::fill(scratch.bias_sum, 0.0);
  for (const CompiledBias& bias : equation_->terms().biases) {
    bias.add(head, i, {scratch.bias_sum.data(), width});
  }
  bool masks = false;
  for (std::size_t j = 0; j < scratch.bias_sum.size(); ++j) {
    scratch.bias[j] = static_cast<float>(scratch.bias_sum[j]);
    masks = masks || scratch.bias[j] == -kInfinity;
  }
  if (!masks) return mask;
  std::copy_n(mask.allowed, scratch.allowed.size(), scratch.allowed.begin());
  for (std::size_t j = 0; j < scratch.bias.size(); ++j) {
    if (scratch.bias[j] == -kInfinity) scratch.allowed[j] = 0;
  }
  MaskBlocks::classify(scratch.allowed.data(), mask.blocks, scratch.classes.data());
  return {scratch.classes.data(), scratch.allowed.data(), mask.blocks};
}

void FastPath::row(const Work& work, Index i, const float* scores, Scratch& scratch, const Write& write) {
  const Settings& settings = equation_->settings();
  const CompiledTerms& equation_terms = equation_->terms();
  const RowMask& every = every_.row(i);
  FastRow out{i, scores, 1, every, work.mask->row(i)};
  if (equation_->inputs().origin == Origin::weights) {
    std::copy_n(scores, scratch.values.size(), scratch.values.begin());
    out.values = scratch.values.data();
    const kernels::Extent extent = kernels::extent(out.values, every);
    if (!extent.finite || extent.min < 0 || extent.max == 0) return reference_row(work, i, scratch, write);
    if (work.stage > Stage::weights) finish_weights(work, out, scratch);
    return write(out);
  }
  const double temperature = settings.temperature.of(static_cast<std::size_t>(work.head));
  LogitTerms terms = terms_until(work.stage, settings, equation_terms.scale, temperature);
  const bool biased = has_bias(work.stage, settings) && !equation_terms.biases.empty();
  if (work.stage >= Stage::logits) out.computed = out.shown;
  if (biased) {
    const CompiledBias& first = equation_terms.biases.front();
    if (equation_terms.biases.size() == 1 && !first.slopes.empty()) {
      terms.slope = static_cast<float>(first.slopes[static_cast<std::size_t>(work.head)]);
      terms.symmetric = first.symmetric;
      terms.query = static_cast<float>(i);
    } else {
      out.shown = bias_row(work.head, i, out.shown, scratch);
      const bool masks = out.shown.allowed == scratch.allowed.data();
      if (masks && work.stage < Stage::logits) return reference_row(work, i, scratch, write);
      if (work.stage >= Stage::logits) out.computed = out.shown;
      terms.bias = scratch.bias.data();
    }
  }
  // What softmax needs of scale and temperature is one factor of its exponent.
  const bool softmax = jobs_[static_cast<std::size_t>(work.head)].kind == kernels::Normalizer::softmax;
  const bool plain = work.stage >= Stage::weights && softmax && !biased && terms.cap == 0;
  const double factor = plain ? equation_terms.scale / temperature : 1;
  const bool as_they_are = terms.scale == 1 && terms.cap == 0 && terms.factor == 1 && !biased;
  const float* x = scores;
  if (!plain && !as_they_are) {
    // A soft cap would make a number of an infinity.
    if (!kernels::extent(scores, out.computed).finite) return reference_row(work, i, scratch, write);
    kernels::logits(scores, terms, out.computed, scratch.logits.data());
    out.values = x = scratch.logits.data();
  }
  const bool good = work.stage >= Stage::weights ? normalise(work, out, x, factor, scratch)
                                                 : kernels::extent(x, out.computed).finite;
  if (!good) return reference_row(work, i, scratch, write);
  if (work.stage == Stage::logits) {
    std::copy_n(x, scratch.values.size(), scratch.values.begin());
    for (std::size_t j = 0; j < scratch.values.size(); ++j) {
      if (out.shown.allowed[j] == 0) scratch.values[j] = -kInfinity;
    }
    out.values = scratch.values.data();
    out.computed = every;
  }
  if (work.stage > Stage::weights) finish_weights(work, out, scratch);
  write(out);
}

// Weights of logits factor · x, in scratch.values. False where the reference must say what they are.
bool FastPath::normalise(const Work& work, FastRow& row, const float* x, double factor,
                         Scratch& scratch) const {
  const auto width = static_cast<std::size_t>(equation_->inputs().n_k);
  const kernels::Extent extent = kernels::extent(x, row.computed);
  if (!extent.finite) return false;
  row.values = scratch.values.data();
  if (extent.min > extent.max) {
    row.flag = RowFlag::empty;
    const bool uniform = equation_->settings().uniform_empty_rows;
    const double share = uniform ? 1 / static_cast<double>(equation_->inputs().n_k) : 0;
    std::ranges::fill(scratch.values, static_cast<float>(share));
    row.computed = every_.row(row.row);
    return true;
  }
  const kernels::NormalizerJob& job = jobs_[static_cast<std::size_t>(work.head)];
  if (job.kind != kernels::Normalizer::softmax) {
    if (!kernels::can_normalize(job, extent)) return false;
    if (!kernels::normalize(job, x, extent, row.computed, width, scratch.normalizer, scratch.values.data())) {
      return false;
    }
    row.computed = every_.row(row.row);
    return true;
  }
  const double c = factor * std::numbers::log2e;
  const double low = c * static_cast<double>(extent.min);
  const double high = c * static_cast<double>(extent.max);
  if (std::abs(c) > 1e30 || (c != 0 && std::abs(c) < 1e-29) ||
      std::max(std::abs(low), std::abs(high)) >= kLargestPower)
    return false;
  const double sink = job.sink.value_or(-std::numeric_limits<double>::infinity()) * std::numbers::log2e;
  const double shift = std::nearbyint(std::max({low, high, sink}));
  if (std::abs(shift) >= kLargestPower) return false;
  const double sum =
      kernels::exponentials(x, {factor, static_cast<float>(shift)}, row.computed, scratch.values.data());
  row.factor = static_cast<float>(1 / (sum + std::exp2(sink - shift)));
  return true;
}

// From weights to dropped weights and contributions.
void FastPath::finish_weights(const Work& work, FastRow& row, Scratch& scratch) const {
  const Settings& settings = equation_->settings();
  const LayerInputs& inputs = equation_->inputs();
  const double gate = settings.head_gates.gate(static_cast<std::size_t>(work.head));
  if (gate == 0) {
    std::ranges::fill(scratch.values, 0.0F);
    row.computed = every_.row(row.row);
    return;
  }
  kernels::scale(scratch.values.data(), row.factor * static_cast<float>(gate), row.computed,
                 scratch.values.size(), scratch.values.data());
  row.factor = 1;
  row.computed = every_.row(row.row);
  const Dropout& dropout = settings.dropout;
  const bool drops = dropout.p != 0 && !dropout.on_output;
  const float* lengths =
      work.stage == Stage::contributions ? lengths_[inputs.kv_head(work.head)].data() : nullptr;
  if (!drops && lengths == nullptr && gate > 0) return;
  const auto kept = static_cast<float>(1 / (1 - dropout.p));
  for (Index j = 0; j < inputs.n_k; ++j) {
    float& weight = scratch.values[static_cast<std::size_t>(j)];
    // What takes no part stays +0, whatever the sign of the gain or the length of the value.
    if (weight == 0) {
      weight = 0;
      continue;
    }
    if (drops) {
      weight = uniform(dropout.seed, inputs.index, work.head, row.row, j) < dropout.p ? 0 : weight * kept;
    }
    if (lengths != nullptr) weight = std::abs(weight) * lengths[j];
  }
}

void FastPath::reference_row(const Work& work, Index i, Scratch& scratch, const Write& write) const {
  const Band band = equation_->band(work.stage, work.head, {i, i + 1});
  std::ranges::fill(scratch.values, 0.0F);
  std::ranges::fill(scratch.allowed, std::uint8_t{0});
  for (Index j = 0; j < band.values.cols(); ++j) {
    scratch.values[static_cast<std::size_t>(j)] = static_cast<float>(band.values(0, j));
    scratch.allowed[static_cast<std::size_t>(j)] = band.allowed(0, j) ? 1 : 0;
  }
  MaskBlocks::classify(scratch.allowed.data(), every_.blocks(), scratch.classes.data());
  const RowFlag flag = band.flags.empty() ? RowFlag::normal : band.flags.front();
  write({i,
         scratch.values.data(),
         1,
         every_.row(i),
         {scratch.classes.data(), scratch.allowed.data(), every_.blocks()},
         flag});
}

}  // namespace attn

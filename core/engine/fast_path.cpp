#include "core/engine/fast_path.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/engine/fast_scratch.hpp"
#include "core/engine/products.hpp"
#include "core/kernels/isa.hpp"

namespace attn {
namespace {

// Masks of all heads together, in cells: beyond that they are made chunk by chunk.
constexpr Index kKeptMaskCells = Index{64} << 20;

bool normalises_rows(const Settings& settings) {
  const auto axis = settings.normalizer.parameters.find("axis");
  return axis == settings.normalizer.parameters.end() || *axis == "keys";
}

using Jobs = kernels::NormalizerJob (*)(const nlohmann::json& parameters, std::size_t head);
struct NormalizerRow {
  std::string_view name;
  Jobs job;
};
using kernels::Normalizer;

// The kernels' job for each normaliser that they serve; linear's rows are no logits.
constexpr std::array<NormalizerRow, 10> kJobs{{
    {"softmax", [](const auto&, auto) { return kernels::NormalizerJob{}; }},
    {"softmax_plus_one", [](const auto&, auto) { return kernels::NormalizerJob{.sink = 0}; }},
    {"sink",
     [](const auto& given, auto head) {
       const auto& logits = given.at("logits");
       return kernels::NormalizerJob{.sink = logits.empty() ? 0 : logits[head].template get<double>()};
     }},
    {"sparsemax",
     [](const auto&, auto) {
       return kernels::NormalizerJob{Normalizer::entmax, {}, 2};
     }},
    {"entmax",
     [](const auto& given, auto) {
       return kernels::NormalizerJob{Normalizer::entmax, {}, given.at("alpha").template get<double>()};
     }},
    {"sigmoid",
     [](const auto& given, auto) {
       return kernels::NormalizerJob{.kind = Normalizer::sigmoid,
                                     .bias = given.at("bias").template get<double>()};
     }},
    {"relu", [](const auto&, auto) { return kernels::NormalizerJob{Normalizer::positive_share}; }},
    {"double_softmax", [](const auto&, auto) { return kernels::NormalizerJob{Normalizer::double_softmax}; }},
    {"top_k",
     [](const auto& given, auto) {
       return kernels::NormalizerJob{.kind = Normalizer::top_k,
                                     .k = given.at("k").template get<std::size_t>()};
     }},
    {"identity", [](const auto&, auto) { return kernels::NormalizerJob{Normalizer::identity}; }},
}};

const NormalizerRow* job_row(std::string_view normalizer) {
  const auto row = std::ranges::find(kJobs, normalizer, &NormalizerRow::name);
  return row == kJobs.end() ? nullptr : row;
}

kernels::Ending ending_of(ScoreEnding::Kind kind) {
  switch (kind) {
    case ScoreEnding::Kind::tanh:
      return kernels::Ending::tanh;
    case ScoreEnding::Kind::relu:
      return kernels::Ending::relu;
    case ScoreEnding::Kind::negative_power:
      return kernels::Ending::negative_power;
    case ScoreEnding::Kind::none:
      break;
  }
  return kernels::Ending::none;
}

}  // namespace

FastPath::FastPath(std::size_t budget) : scores_(budget) {}
FastPath::~FastPath() = default;

void FastPath::use(const Equation& equation) {
  equation_ = &equation;
  const LayerInputs& inputs = equation.inputs();
  for (Meter* meter : {&masking_, &scoring_, &weighing_, &joining_}) {
    meter->nanoseconds = meter->done = meter->reused = 0;
  }
  const bool other_inputs = masked_inputs_ != equation.shared_inputs();
  if (packed_.use(equation) || other_inputs) scores_.clear();
  if (other_inputs || masked_by_ != equation.masks()) masks_.clear();
  if (other_inputs) {
    every_ = MaskBlocks::all(inputs.n_k);
    lengths_.clear();
    values_.clear();
    finite_values_.clear();
    for (const Matrix& v : inputs.v) finite_values_.push_back(v.allFinite());
  }
  masked_inputs_ = equation.shared_inputs();
  masked_by_ = equation.masks();
}

bool FastPath::serves(Stage stage) const {
  if (kernels::selected() == kernels::Isa::baseline) return false;
  if (stage < Stage::scores || stage == Stage::mask) return false;
  const LayerInputs& inputs = equation_->inputs();
  if (inputs.origin == Origin::weights) {
    // Weights that no knob touches are read; what a knob makes of them takes logarithms, in double.
    for (Index head = 0; head < inputs.heads; ++head) {
      if (!equation_->passes_weights_through(head)) return false;
    }
    return stage >= Stage::weights;
  }
  if (stage < Stage::weights) return true;
  return normalises_rows(equation_->settings()) && job_row(equation_->settings().normalizer.kind) != nullptr;
}

bool FastPath::has_finite_values(Index head) const {
  return finite_values_.empty() || finite_values_[equation_->inputs().kv_head(head)];
}

void FastPath::open(Stage stage, std::span<const Index> heads, std::size_t threads) {
  const LayerInputs& inputs = equation_->inputs();
  open_scores_.clear();
  packed_.open(*equation_, heads, threads);
  jobs_.resize(static_cast<std::size_t>(inputs.heads));
  for (const Index head : heads) {
    const Term& normalizer = equation_->settings().normalizer;
    if (const NormalizerRow* row = job_row(normalizer.kind)) {
      jobs_[static_cast<std::size_t>(head)] = row->job(normalizer.parameters, static_cast<std::size_t>(head));
    }
    if (inputs.origin != Origin::qkv) continue;
    if (auto* room = scores_.open(head, inputs.n_q, every_.blocks(), heads.size())) open_scores_[head] = room;
  }
  if (stage == Stage::contributions && lengths_.empty()) {
    for (const Matrix& v : inputs.v) {
      auto& lengths = lengths_.emplace_back();
      for (Index j = 0; j < v.rows(); ++j) lengths.push_back(static_cast<float>(v.row(j).stableNorm()));
    }
  }
  if (stage >= Stage::context && values_.empty()) {
    for (const Matrix& v : inputs.v) values_.push_back(kernels::pack<double>(source_of(v)));
  }
  if (inputs.n_q * inputs.n_k > kKeptMaskCells / static_cast<Index>(heads.size())) {
    masks_.clear();
    return;
  }
  const Timer timer(masking_);
  const bool alike = masks_alike();
  for (const Index head : heads) {
    const Index key = alike ? 0 : head;
    if (masks_.contains(key)) {
      ++masking_.reused;
    } else {
      masks_.emplace(key, MaskBlocks::of(*equation_, head, {0, inputs.n_q}, threads));
      ++masking_.done;
    }
    if (alike) return;
  }
}

bool FastPath::masks_alike() const {
  return !equation_->terms().masks.by_head() && equation_->inputs().origin == Origin::qkv;
}

std::unique_ptr<FastPath::Scratch> FastPath::borrow() {
  std::unique_ptr<Scratch> scratch;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      scratch = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (scratch && scratch->classes.size() == every_.blocks()) return scratch;
  scratch = std::make_unique<Scratch>(every_.blocks());
  const std::size_t width = every_.blocks() * kernels::kBlock;
  scratch->scores.resize(width * static_cast<std::size_t>(kChunkRows));
  scratch->logits.resize(width);
  scratch->values.resize(width);
  scratch->bias.resize(width);
  scratch->bias_sum.resize(width);
  scratch->allowed.resize(width);
  scratch->classes.resize(every_.blocks());
  return scratch;
}

void FastPath::give_back(std::unique_ptr<Scratch> scratch) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(scratch));
}

void FastPath::rows(Stage stage, Index head, RowRange rows, const Write& write) {
  auto scratch = borrow();
  MaskBlocks made;
  const auto kept = masks_.find(masks_alike() ? 0 : head);
  if (kept == masks_.end()) {
    const Timer timer(masking_);
    made = MaskBlocks::of(*equation_, head, rows);
    ++masking_.done;
  }
  const MaskBlocks& mask = kept == masks_.end() ? made : kept->second;
  const float* scores = scores_of(head, rows, stage < Stage::logits ? every_ : mask, *scratch);
  {
    const Timer timer(weighing_);
    const std::size_t step = every_.blocks() * kernels::kBlock;
    const Work work{stage, head, &mask};
    for (Index i = rows.begin; i < rows.end; ++i) {
      row(work, i, scores + static_cast<std::size_t>(i - rows.begin) * step, *scratch, write);
    }
    kernels::finish_writes();
    weighing_.done += static_cast<std::uint64_t>(rows.size());
  }
  give_back(std::move(scratch));
}

Band FastPath::context(Index head, RowRange rows) {
  const LayerInputs& inputs = equation_->inputs();
  const kernels::Packed<double>& v = values_[inputs.kv_head(head)];
  Buffer<double> dropped(static_cast<std::size_t>(rows.size() * inputs.n_k), 0.0);
  std::vector<RowFlag> flags(static_cast<std::size_t>(rows.size()));
  this->rows(Stage::dropped, head, rows, [&](const FastRow& row) {
    flags[static_cast<std::size_t>(row.row - rows.begin)] = row.flag;
    double* out = dropped.data() + (row.row - rows.begin) * inputs.n_k;
    for (Index j = 0; j < inputs.n_k; ++j) out[j] = static_cast<double>(row.factor * row.values[j]);
  });
  const Timer timer(joining_);
  joining_.done += static_cast<std::uint64_t>(rows.size());
  return {
      multiply({dropped.data(), static_cast<std::size_t>(rows.size()), v.depth}, v), {}, std::move(flags)};
}

// The scores of these rows, as far as `needed` asks; from the store, as far as it has them.
const float* FastPath::scores_of(Index head, RowRange rows, const MaskBlocks& needed, Scratch& scratch) {
  const Timer timer(scoring_);
  const LayerInputs& inputs = equation_->inputs();
  const std::size_t blocks = every_.blocks();
  const std::size_t step = blocks * kernels::kBlock;
  if (inputs.origin != Origin::qkv) {
    const Tensor& map = inputs.given[static_cast<std::size_t>(head)];
    for (Index i = rows.begin; i < rows.end; ++i) {
      std::copy_n(map.values().begin() + i * inputs.n_k, inputs.n_k,
                  scratch.scores.begin() + (i - rows.begin) * static_cast<Index>(step));
    }
    return scratch.scores.data();
  }
  const auto room = open_scores_.find(head);
  float* out = scratch.scores.data();
  std::uint8_t* present = nullptr;
  if (room != open_scores_.end()) {
    out = room->second->scores.data() + static_cast<std::size_t>(rows.begin) * step;
    present = room->second->present.data() + static_cast<std::size_t>(rows.begin / kChunkRows) * blocks;
  }
  const auto wanted = [&](std::size_t b) { return !needed.skips(rows, b); };
  for (std::size_t first = 0; first < blocks;) {
    std::size_t last = first;
    while (last < blocks && wanted(last) && (present == nullptr || present[last] == 0)) ++last;
    if (last > first) {
      compute_blocks(head, rows, first, last, out, step);
      if (present != nullptr) std::fill(present + first, present + last, std::uint8_t{1});
      scoring_.done += last - first;
    } else {
      if (present != nullptr && present[first] != 0 && wanted(first)) ++scoring_.reused;
      ++last;
    }
    first = last;
  }
  return out;
}

void FastPath::compute_blocks(Index head, RowRange rows, std::size_t first, std::size_t last, float* out,
                              std::size_t step) const {
  const PackedHead& packed = packed_.of(head);
  const auto count = static_cast<std::size_t>(rows.size());
  kernels::pairs(packed.pair,
                 {packed.q.data() + static_cast<std::size_t>(rows.begin) * packed.step, count, packed.step},
                 *packed.k, first, last, {out, count, step});
  const ScoreEnding ending = equation_->terms().score->ending();
  if (ending.kind == ScoreEnding::Kind::none) return;
  for (std::size_t row = 0; row < count; ++row) {
    kernels::end_scores(ending_of(ending.kind), static_cast<float>(ending.power),
                        out + row * step + first * kernels::kBlock, last - first);
  }
}

Trace FastPath::trace() const {
  const auto step = [](const char* name, const Meter& meter, std::string_view unit) {
    return TraceStep{name, static_cast<double>(meter.nanoseconds) / 1e6, meter.done == 0,
                     meter.reused == 0
                         ? fmt::format("{} {}", meter.done.load(), unit)
                         : fmt::format("{} {}, {} at hand", meter.done.load(), unit, meter.reused.load())};
  };
  Trace steps{step("masks", masking_, "masks"), step("scores", scoring_, "blocks"),
              step("rows", weighing_, "rows"), step("values", joining_, "rows")};
  std::erase_if(steps, [](const TraceStep& one) { return one.milliseconds == 0 && one.reused; });
  return steps;
}

}  // namespace attn

#include "core/engine/fast_heads.hpp"

#include <algorithm>

#include "core/base/parallel.hpp"
#include "core/engine/stage_array.hpp"

namespace attn {
namespace {

using kernels::kBlock;

kernels::Join join_of(HeadChoice::Join join) {
  switch (join) {
    case HeadChoice::Join::max:
      return kernels::Join::max;
    case HeadChoice::Join::min:
      return kernels::Join::min;
    case HeadChoice::Join::mean:
    case HeadChoice::Join::none:
      break;
  }
  return kernels::Join::sum;
}

// Rows of several heads, joined. `alike`: the same cells take part in all heads.
class JoinedRows {
 public:
  JoinedRows(RowRange rows, Index columns, kernels::Join join, bool alike)
      : rows_(rows),
        join_(join),
        alike_(alike),
        blocks_(kernels::blocks_of(static_cast<std::size_t>(columns))),
        values_(static_cast<std::size_t>(rows.size()) * width()),
        allowed_(values_.size()),
        flags_(static_cast<std::size_t>(rows.size())),
        every_(MaskBlocks::all(columns)) {}

  void add(const FastRow& row, bool first) {
    const auto at = static_cast<std::size_t>(row.row - rows_.begin);
    float* joined = values_.data() + at * width();
    flags_[at] = first ? row.flag : std::max(flags_[at], row.flag);
    if (first) {
      kernels::scale(row.values, row.factor, row.computed, width(), joined);
    } else {
      kernels::join(join_, row.values, row.factor, row.computed, joined);
    }
    if (alike_ && !first && row.flag == RowFlag::normal) return;
    std::uint8_t* allowed = allowed_.data() + at * width();
    for (std::size_t j = 0; j < width(); ++j) {
      allowed[j] = static_cast<std::uint8_t>(row.shown.allowed[j] | (first ? 0 : allowed[j]));
    }
  }

  void write(float factor, const FastPath::Write& write) const {
    std::vector<kernels::BlockClass> classes(blocks_);
    for (Index i = rows_.begin; i < rows_.end; ++i) {
      const auto at = static_cast<std::size_t>(i - rows_.begin);
      const std::uint8_t* allowed = allowed_.data() + at * width();
      MaskBlocks::classify(allowed, blocks_, classes.data());
      write({i,
             values_.data() + at * width(),
             factor,
             every_.row(i),
             {classes.data(), allowed, blocks_},
             flags_[at]});
    }
  }

 private:
  [[nodiscard]] std::size_t width() const { return blocks_ * kBlock; }

  RowRange rows_;
  kernels::Join join_;
  bool alike_;
  std::size_t blocks_;
  Buffer<float> values_;
  Buffer<std::uint8_t> allowed_;
  std::vector<RowFlag> flags_;
  MaskBlocks every_;
};

// The context of rows of any number, chunk by chunk.
Band context_of(FastPath& fast, Index head, RowRange rows) {
  Band band{Matrix(rows.size(), fast.equation().inputs().d_v), {}, {}};
  for (Index first = rows.begin; first < rows.end; first += kChunkRows) {
    const RowRange chunk{first, std::min(rows.end, first + kChunkRows)};
    const Band part = fast.context(head, chunk);
    band.values.middleRows(first - rows.begin, chunk.size()) = part.values;
    band.flags.insert(band.flags.end(), part.flags.begin(), part.flags.end());
  }
  return band;
}

}  // namespace

std::vector<Index> heads_of(const FastPath& fast, Stage stage, const std::optional<HeadChoice>& choice) {
  if (choice && choice->join == HeadChoice::Join::none && stage != Stage::output) return {choice->head};
  std::vector<Index> heads;
  for (Index head = 0; head < fast.equation().inputs().heads; ++head) heads.push_back(head);
  return heads;
}

bool serves(const FastPath& fast, Stage stage, const std::optional<HeadChoice>& choice) {
  if (!fast.serves(stage)) return false;
  const bool joined = choice && choice->join != HeadChoice::Join::none;
  if (stage < Stage::contributions) return !joined || stage != Stage::logits;
  return std::ranges::all_of(heads_of(fast, stage, choice),
                             [&](Index head) { return fast.has_finite_values(head); });
}

void fast_open(FastPath& fast, Stage stage, const std::optional<HeadChoice>& choice, std::size_t threads) {
  fast.open(stage, heads_of(fast, stage, choice), threads);
}

Band fast_band(FastPath& fast, Stage stage, const HeadChoice& choice, RowRange rows,
               const Project& projection) {
  const LayerInputs& inputs = fast.equation().inputs();
  const std::vector<Index> heads = heads_of(fast, stage, choice);
  if (stage == Stage::output) {
    Matrix beside(rows.size(), inputs.heads * inputs.d_v);
    for (const Index head : heads)
      beside.middleCols(head * inputs.d_v, inputs.d_v) = context_of(fast, head, rows).values;
    return {fast.equation().output_of(std::move(beside), rows, projection), {}, {}};
  }
  Band band = context_of(fast, heads.front(), rows);
  for (const Index head : std::span(heads).subspan(1))
    join_into(band, context_of(fast, head, rows), choice.join);
  if (choice.join == HeadChoice::Join::mean) band.values /= static_cast<double>(heads.size());
  return band;
}

bool fast_rows(FastPath& fast, Stage stage, std::span<const Index> heads, std::size_t threads,
               Progress* progress, const std::function<void(Index head, const FastRow& row)>& write) {
  const LayerInputs& inputs = fast.equation().inputs();
  fast.open(stage, heads, threads);
  const auto chunks = static_cast<std::size_t>((inputs.n_q + kChunkRows - 1) / kChunkRows);
  const std::size_t items = chunks * heads.size();
  if (progress != nullptr) progress->start(items);
  parallel_for(items, threads, [&](std::size_t item) {
    if (progress != nullptr && progress->stopped()) return;
    const Index head = heads[item / chunks];
    const Index begin = static_cast<Index>(item % chunks) * kChunkRows;
    fast.rows(stage, head, {begin, std::min(begin + kChunkRows, inputs.n_q)},
              [&](const FastRow& row) { write(head, row); });
    if (progress != nullptr) ++progress->done;
  });
  return progress == nullptr || !progress->stopped();
}

bool fast_joined_rows(FastPath& fast, Stage stage, HeadChoice::Join join, std::size_t threads,
                      Progress* progress, const FastPath::Write& write) {
  const LayerInputs& inputs = fast.equation().inputs();
  const std::vector<Index> heads = heads_of(fast, stage, HeadChoice{join});
  fast.open(stage, heads, threads);
  const auto chunks = static_cast<std::size_t>((inputs.n_q + kChunkRows - 1) / kChunkRows);
  if (progress != nullptr) progress->start(chunks);
  parallel_for(chunks, threads, [&](std::size_t chunk) {
    if (progress != nullptr && progress->stopped()) return;
    const Index begin = static_cast<Index>(chunk) * kChunkRows;
    const RowRange rows{begin, std::min(begin + kChunkRows, inputs.n_q)};
    JoinedRows joined(rows, inputs.n_k, join_of(join),
                      fast.masks_alike() && fast.equation().terms().biases.empty());
    for (const Index head : heads) {
      fast.rows(stage, head, rows, [&](const FastRow& row) { joined.add(row, head == 0); });
    }
    joined.write(join == HeadChoice::Join::mean ? 1 / static_cast<float>(heads.size()) : 1, write);
    kernels::finish_writes();
    if (progress != nullptr) ++progress->done;
  });
  return progress == nullptr || !progress->stopped();
}

}  // namespace attn

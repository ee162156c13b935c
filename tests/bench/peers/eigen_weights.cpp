// Eigen, one thread: rows of scores by a matrix product, then a softmax over the rows while they are in the
// cache. Compiled twice: for this very machine, and as a distributed program has it.
#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Core>

#include "tests/bench/peers/weights_peer.h"

#define ATTN_BENCH_EXPORT __attribute__((visibility("default")))

namespace {

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct Idiom {
  const char* name;
  bool causal;
  int block;          // rows at a time; 0: all
  bool skips_masked;  // keys behind the block's last query are left out of the product
};

constexpr Idiom kIdioms[] = {
    {"whole heads, row softmax", false, 0, false},
    {"64 rows at a time, row softmax", false, 64, false},
    {"16 rows at a time, row softmax", false, 16, false},
    {"whole heads, masked, row softmax", true, 0, false},
    {"64 rows at a time, only their keys", true, 64, true},
    {"16 rows at a time, only their keys", true, 16, true},
};

struct Opened {
  AttnBenchProblem problem;
  Idiom idiom;
};

void softmax(Eigen::Ref<Eigen::RowVectorXf> row) {
  row.array() = (row.array() - row.maxCoeff()).exp();
  row *= 1 / row.sum();
}

void run_head(const Opened& opened, const float* q, const float* k, float* weights) {
  const AttnBenchProblem& p = opened.problem;
  const Eigen::Map<const Rows> queries(q, p.n, p.d);
  const Eigen::Map<const Rows> keys(k, p.n, p.d);
  Eigen::Map<Rows> map(weights, p.n, p.n);
  const int block = opened.idiom.block > 0 ? opened.idiom.block : p.n;
  for (int begin = 0; begin < p.n; begin += block) {
    const int rows = std::min(block, p.n - begin);
    const int used = opened.idiom.skips_masked ? begin + rows : p.n;
    auto scores = map.block(begin, 0, rows, used);
    scores.noalias() = p.scale * queries.middleRows(begin, rows) * keys.topRows(used).transpose();
    for (int row = 0; row < rows; ++row) {
      const int allowed = p.causal != 0 ? begin + row + 1 : p.n;
      softmax(map.row(begin + row).head(allowed));
      map.row(begin + row).tail(p.n - allowed).setZero();
    }
  }
}

}  // namespace

extern "C" {

ATTN_BENCH_EXPORT const char* attn_bench_idiom(const AttnBenchProblem* problem, int idiom) {
  for (const Idiom& row : kIdioms) {
    if (row.causal == (problem->causal != 0) && idiom-- == 0) return row.name;
  }
  return nullptr;
}

ATTN_BENCH_EXPORT void* attn_bench_open(const AttnBenchProblem* problem, int idiom) {
  for (const Idiom& row : kIdioms) {
    if (row.causal == (problem->causal != 0) && idiom-- == 0) return new Opened{*problem, row};
  }
  return nullptr;
}

ATTN_BENCH_EXPORT void attn_bench_run(void* opened) {
  const auto& work = *static_cast<const Opened*>(opened);
  const AttnBenchProblem& p = work.problem;
  for (std::ptrdiff_t h = 0; h < p.heads; ++h) {
    run_head(work, p.q + h * p.n * p.d, p.k + h * p.n * p.d, p.weights + h * p.n * p.n);
  }
}

ATTN_BENCH_EXPORT void attn_bench_close(void* opened) {
  delete static_cast<Opened*>(opened);
}

}  // extern "C"

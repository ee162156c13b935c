// oneDNN, one thread: matmul, then softmax in place; both as primitives that are made once.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include <dnnl.hpp>

#include "tests/bench/peers/weights_peer.h"

#define ATTN_BENCH_EXPORT __attribute__((visibility("default")))

namespace {

using dnnl::memory;

struct Idiom {
  const char* name;
  bool causal;
  int block;          // rows of one head at a time; 0: all rows of all heads in one call
  bool skips_masked;  // keys behind the block's last query are left out
};

constexpr Idiom kIdioms[] = {
    {"batched matmul, softmax in place", false, 0, false},
    {"head by head, 1024 rows", false, 1024, false},
    {"head by head, 128 rows at a time", false, 128, false},
    {"head by head, 32 rows at a time", false, 32, false},
    {"batched matmul, masked, softmax in place", true, 0, false},
    {"head by head, 128 rows and only their keys", true, 128, true},
    {"head by head, 32 rows and only their keys", true, 32, true},
};

// One product with its softmax: `batch` maps of rows × keys, of which row 0 is query `begin`.
struct Step {
  memory q, k, map;
  float* first;                  // of the maps' numbers
  int batch, begin, rows, keys;  // that the maps hold
  dnnl::matmul product;
  dnnl::softmax_forward softmax;
};

struct Opened {
  AttnBenchProblem problem;
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  std::vector<Step> steps;
};

Step make_step(Opened& opened, int batch, std::ptrdiff_t head, int begin, int rows, int keys) {
  const AttnBenchProblem& p = opened.problem;
  const std::ptrdiff_t n = p.n, d = p.d;
  const memory::desc q({batch, rows, d}, memory::data_type::f32, memory::dims{n * d, d, 1});
  const memory::desc k({batch, d, keys}, memory::data_type::f32, memory::dims{n * d, 1, d});
  const memory::desc map({batch, rows, keys}, memory::data_type::f32, memory::dims{n * n, n, 1});
  dnnl::primitive_attr attributes;
  attributes.set_output_scales(0, {p.scale});
  const auto address = [](const float* at) { return const_cast<float*>(at); };
  float* const into = p.weights + head * n * n + begin * n;
  return {memory(q, opened.engine, address(p.q + head * n * d + begin * d)),
          memory(k, opened.engine, address(p.k + head * n * d)),
          memory(map, opened.engine, into),
          into,
          batch,
          begin,
          rows,
          keys,
          dnnl::matmul({dnnl::matmul::desc(q, k, map), attributes, opened.engine}),
          dnnl::softmax_forward({{dnnl::prop_kind::forward_inference, map, 2}, opened.engine})};
}

// Keys behind each query: a number that no softmax survives.
void mask(const Step& step, std::ptrdiff_t n) {
  for (std::ptrdiff_t row = 0; row < step.batch * step.rows; ++row) {
    const std::ptrdiff_t query = step.begin + row % step.rows;
    float* const weights = step.first + (row / step.rows * n + row % step.rows) * n;
    std::fill(weights + std::min<std::ptrdiff_t>(query + 1, step.keys), weights + step.keys, -1e30f);
  }
}

const Idiom* idiom_of(const AttnBenchProblem& problem, int idiom) {
  for (const Idiom& row : kIdioms) {
    if (row.causal == (problem.causal != 0) && idiom-- == 0) return &row;
  }
  return nullptr;
}

std::unique_ptr<Opened> open(const AttnBenchProblem& p, const Idiom& idiom) {
  auto opened = std::make_unique<Opened>();
  opened->problem = p;
  if (idiom.block == 0) opened->steps.push_back(make_step(*opened, p.heads, 0, 0, p.n, p.n));
  if (idiom.block == 0) return opened;
  for (int head = 0; head < p.heads; ++head) {
    for (int begin = 0; begin < p.n; begin += idiom.block) {
      const int rows = std::min(idiom.block, p.n - begin);
      opened->steps.push_back(
          make_step(*opened, 1, head, begin, rows, idiom.skips_masked ? begin + rows : p.n));
    }
  }
  return opened;
}

}  // namespace

extern "C" {

ATTN_BENCH_EXPORT const char* attn_bench_idiom(const AttnBenchProblem* problem, int idiom) {
  const Idiom* row = idiom_of(*problem, idiom);
  return row != nullptr ? row->name : nullptr;
}

ATTN_BENCH_EXPORT void* attn_bench_open(const AttnBenchProblem* problem, int idiom) {
  try {
    const Idiom* row = idiom_of(*problem, idiom);
    return row != nullptr ? open(*problem, *row).release() : nullptr;
  } catch (const dnnl::error&) {
    return nullptr;
  }
}

ATTN_BENCH_EXPORT void attn_bench_run(void* opened) {
  auto& work = *static_cast<Opened*>(opened);
  for (Step& step : work.steps) {
    step.product.execute(work.stream,
                         {{DNNL_ARG_SRC, step.q}, {DNNL_ARG_WEIGHTS, step.k}, {DNNL_ARG_DST, step.map}});
    if (work.problem.causal != 0) mask(step, work.problem.n);
    step.softmax.execute(work.stream, {{DNNL_ARG_SRC, step.map}, {DNNL_ARG_DST, step.map}});
  }
  work.stream.wait();
}

ATTN_BENCH_EXPORT void attn_bench_close(void* opened) {
  delete static_cast<Opened*>(opened);
}

}  // extern "C"

/* What a library that computes attention weights offers. Each such peer is a shared library of its own, so that no inline function
   of one, compiled for another instruction set, is linked into the other or into us; and a peer that cannot be loaded is
   only a peer that is missing. */
#ifndef ATTNSCOPE_BENCH_WEIGHTS_PEER_H
#define ATTNSCOPE_BENCH_WEIGHTS_PEER_H

#ifdef __cplusplus
extern "C" {
#endif

/* softmax(scale · q kᵀ) for each head. q, k: heads × n × d; weights: heads × n × n. */
struct AttnBenchProblem {
  int heads, n, d;
  int causal;
  float scale;
  const float* q;
  const float* k;
  float* weights;
};

/* Words for the way number `idiom`, the common way first; null behind the last. */
const char* attn_bench_idiom(const struct AttnBenchProblem* problem, int idiom);

/* Prepares it: everything that is made once for many calls. Null where it fails. */
void* attn_bench_open(const struct AttnBenchProblem* problem, int idiom);
void attn_bench_run(void* opened);
void attn_bench_close(void* opened);

#ifdef __cplusplus
}
#endif

#endif

#include "tests/bench/fma_loop.hpp"

#include <cstddef>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "tests/bench/contest.hpp"

namespace attn::bench {
namespace {

// Two ports with a latency of four cycles keep eight chains busy; twelve leave room for the next machine.
constexpr std::size_t kChains = 12;

double operations_a_step(std::size_t lanes) {
  return 2.0 * static_cast<double>(kChains * lanes);
}

#if defined(__x86_64__)

// What a chain ends with is asked for, so that no compiler leaves the chain out.
#define ATTN_KEEP(value) asm volatile("" : : "x"(value))

__attribute__((target("avx512f"))) void loop_avx512(std::size_t steps) {
  const __m512 a = _mm512_set1_ps(0.999f), b = _mm512_set1_ps(0.001f);
  __m512 chain[kChains];
  for (auto& x : chain) x = _mm512_set1_ps(1);
  for (std::size_t i = 0; i < steps; ++i) {
#pragma GCC unroll 12
    for (std::size_t c = 0; c < kChains; ++c) chain[c] = _mm512_fmadd_ps(chain[c], a, b);
  }
  for (const auto& x : chain) asm volatile("" : : "v"(x));
}

__attribute__((target("avx2,fma"))) void loop_avx2(std::size_t steps) {
  const __m256 a = _mm256_set1_ps(0.999f), b = _mm256_set1_ps(0.001f);
  __m256 chain[kChains];
  for (auto& x : chain) x = _mm256_set1_ps(1);
  for (std::size_t i = 0; i < steps; ++i) {
#pragma GCC unroll 12
    for (std::size_t c = 0; c < kChains; ++c) chain[c] = _mm256_fmadd_ps(chain[c], a, b);
  }
  for (const auto& x : chain) ATTN_KEEP(x);
}

void loop_sse(std::size_t steps) {
  const __m128 a = _mm_set1_ps(0.999f), b = _mm_set1_ps(0.001f);
  __m128 chain[kChains];
  for (auto& x : chain) x = _mm_set1_ps(1);
  for (std::size_t i = 0; i < steps; ++i) {
#pragma GCC unroll 12
    for (std::size_t c = 0; c < kChains; ++c) chain[c] = _mm_add_ps(_mm_mul_ps(chain[c], a), b);
  }
  for (const auto& x : chain) ATTN_KEEP(x);
}

struct Loop {
  const char* instruction_set;
  std::size_t lanes;
  void (*run)(std::size_t steps);
};
constexpr Loop kLoops[] = {{"avx3", 16, loop_avx512}, {"avx2", 8, loop_avx2}, {"sse4", 4, loop_sse}};

#else

struct Loop {
  const char* instruction_set;
  std::size_t lanes;
  void (*run)(std::size_t steps);
};
constexpr Loop kLoops[] = {{"", 1, nullptr}};

#endif

}  // namespace

double fma_seconds(const std::string& instruction_set, double operations) {
  for (const Loop& loop : kLoops) {
    if (loop.instruction_set != instruction_set || loop.run == nullptr) continue;
    const auto steps = static_cast<std::size_t>(operations / operations_a_step(loop.lanes));
    return thread_seconds_of([&] { loop.run(steps); });
  }
  return 0;
}

}  // namespace attn::bench

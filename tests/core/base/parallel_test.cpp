#include "core/base/parallel.hpp"

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace attn::test {
namespace {

TEST(ParallelFor, DoesEachIndexOnce) {
  for (const std::size_t threads : {0, 1, 2, 3, 8, 100}) {
    for (const std::size_t count : {0, 1, 2, 7, 1000}) {
      std::vector<int> done(count, 0);  // each index writes to its own place only
      parallel_for(count, threads, [&](std::size_t i) { ++done[i]; });
      EXPECT_EQ(done, std::vector<int>(count, 1)) << threads << " threads";
    }
  }
}

TEST(ParallelFor, ReturnsWhenAllAreDone) {
  std::atomic<int> running{0};
  parallel_for(16, 4, [&](std::size_t) {
    ++running;
    std::this_thread::yield();
    --running;
  });
  EXPECT_EQ(running, 0);
}

TEST(ParallelFor, MayBeNested) {
  std::atomic<int> sum{0};
  parallel_for(4, 3, [&](std::size_t) { parallel_for(5, 2, [&](std::size_t) { ++sum; }); });
  EXPECT_EQ(sum, 20);
}

TEST(ParallelFor, ThereIsAlwaysAThread) {
  EXPECT_GE(default_threads(), 1u);
}

}  // namespace
}  // namespace attn::test

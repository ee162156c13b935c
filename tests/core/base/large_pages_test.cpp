#include "core/base/large_pages.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace attn {
namespace {

// Whatever part of the memory becomes large pages, what stands in it stays.
TEST(LargePages, NumbersStay) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{10}, std::size_t{3} << 20}) {
    std::vector<int> numbers(count, 7);
    prefer_large_pages(numbers.data(), numbers.size() * sizeof(int));
    EXPECT_EQ(numbers, std::vector<int>(count, 7));
  }
}

}  // namespace
}  // namespace attn

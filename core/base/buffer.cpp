#include "core/base/buffer.hpp"

#include "core/base/large_pages.hpp"

namespace attn {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;

std::align_val_t alignment(std::size_t bytes) {
  return std::align_val_t{bytes >= 2 * kLargePage ? kLargePage : 64};
}

}  // namespace

void* allocate_buffer(std::size_t bytes) {
  void* data = ::operator new(bytes, alignment(bytes));
  prefer_large_pages(data, bytes);
  return data;
}

void free_buffer(void* data, std::size_t bytes) {
  ::operator delete(data, alignment(bytes));
}

}  // namespace attn

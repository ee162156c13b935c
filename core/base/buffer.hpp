#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace attn {

/// Memory at a multiple of 64; many megabytes are asked for in large pages, which a kernel fills at once in
/// place of 4 KB at a time. Throws std::bad_alloc.
[[nodiscard]] void* allocate_buffer(std::size_t bytes);
void free_buffer(void* data, std::size_t bytes);

/// Memory at an address that every instruction set loads from at once, and that is not written before it is
/// used.
template <class T>
struct BufferAllocator {
  using value_type = T;
  BufferAllocator() = default;
  template <class U>
  explicit BufferAllocator(const BufferAllocator<U>&) {}

  [[nodiscard]] T* allocate(std::size_t count) { return static_cast<T*>(allocate_buffer(count * sizeof(T))); }
  void deallocate(T* data, std::size_t count) { free_buffer(data, count * sizeof(T)); }
  /// A number that is not given a value has none yet.
  template <class U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
  template <class U, class... Arguments>
  void construct(U* place, Arguments&&... arguments) {
    ::new (static_cast<void*>(place)) U(std::forward<Arguments>(arguments)...);
  }
  [[nodiscard]] bool operator==(const BufferAllocator&) const { return true; }
};

/// Numbers that somebody fills: `Buffer<float> x(n)` holds anything.
template <class T>
using Buffer = std::vector<T, BufferAllocator<T>>;

}  // namespace attn

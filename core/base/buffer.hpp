#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace attn {

/// Memory at an address that every instruction set loads from at once, and that is not written before it is
/// used.
template <class T>
struct BufferAllocator {
  using value_type = T;
  static constexpr std::align_val_t kAlignment{64};

  BufferAllocator() = default;
  template <class U>
  explicit BufferAllocator(const BufferAllocator<U>&) {}

  [[nodiscard]] T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), kAlignment));
  }
  void deallocate(T* data, std::size_t) { ::operator delete(data, kAlignment); }
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

#pragma once

#include <string>
#include <utility>

#include <unistd.h>

namespace attn {

/// Owns a file descriptor, or none (−1); `close` reports what the destructor cannot.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

/// What the system calls the error `number` (an errno).
[[nodiscard]] std::string system_reason(int number);

}  // namespace attn

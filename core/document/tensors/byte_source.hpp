#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/regular_file.hpp"

namespace attn {

/// Bytes that are read front to back: a file, or an entry of an archive. Errors name the file.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// Fills all of `into` from `offset`, which is never before the end of the last read. Errors: io, and
  /// syntax where an archive is broken.
  [[nodiscard]] virtual Result<void> read(std::uint64_t offset, std::span<std::byte> into) = 0;
  /// Whether what was read can be relied on: the file is as it was, the checksum of a whole entry agrees.
  /// Errors: io, syntax.
  [[nodiscard]] virtual Result<void> finish() = 0;
};

/// All of a file.
class FileBytes : public ByteSource {
 public:
  explicit FileBytes(std::shared_ptr<const RegularFile> file) : file_(std::move(file)) {}
  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  [[nodiscard]] Result<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    return file_->read(offset, into);
  }
  [[nodiscard]] Result<void> finish() override { return file_->check_unchanged(); }

 private:
  std::shared_ptr<const RegularFile> file_;
};

}  // namespace attn

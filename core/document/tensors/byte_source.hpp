#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/regular_file.hpp"

namespace attn {

/// The bytes of a file, or of an entry of an archive, for one reader at a time. Errors name the file.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// Whether a read may go back to an offset before the last one.
  [[nodiscard]] virtual bool seekable() const = 0;
  /// Fills all of `into` from `offset`; never before the end of the last read where it is not `seekable`.
  /// Errors: io, and syntax where an archive is broken.
  [[nodiscard]] virtual Result<void> read(std::uint64_t offset, std::span<std::byte> into) = 0;
  /// Whether what was read can be relied on: the file is as it was when it was opened, the checksum of an
  /// entry that was read in one go agrees.
  /// Errors: io, syntax.
  [[nodiscard]] virtual Result<void> finish() = 0;
};

/// All of a file.
class FileBytes : public ByteSource {
 public:
  explicit FileBytes(std::shared_ptr<const RegularFile> file) : file_(std::move(file)) {}
  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  [[nodiscard]] bool seekable() const override { return true; }
  [[nodiscard]] Result<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    return file_->read(offset, into);
  }
  [[nodiscard]] Result<void> finish() override { return file_->check_unchanged(); }

 private:
  std::shared_ptr<const RegularFile> file_;
};

}  // namespace attn

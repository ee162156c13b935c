#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include <sys/stat.h>

#include "core/base/descriptor.hpp"
#include "core/base/error.hpp"

namespace attn {

/// A regular file, open for reading at any place. Its size is that of the moment it was opened; nothing of it
/// is mapped, so a file that shrinks is an error and not a signal. Errors name `name()`.
class RegularFile {
 public:
  /// What a person names: links are followed, a FIFO is not waited for. Errors: not_found, not_a_file
  /// (folder, FIFO, device), io.
  [[nodiscard]] static Result<RegularFile> open(const std::filesystem::path& path);
  /// The same for a descriptor that is open already. Errors: not_a_file, io.
  [[nodiscard]] static Result<RegularFile> adopt(Descriptor descriptor, std::string name);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t size() const { return static_cast<std::uint64_t>(state_.st_size); }
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

  /// Fills all of `into` with the bytes from `offset`. Errors: io, also where the file ends before.
  [[nodiscard]] Result<void> read(std::uint64_t offset, std::span<std::byte> into) const;
  /// Whether size, time of change and inode are still those of the moment it was opened. One that was
  /// deleted, or replaced by another of its name, is still what it was. Errors: io.
  [[nodiscard]] Result<void> check_unchanged() const;

 private:
  RegularFile(Descriptor descriptor, std::string name, const struct stat& state)
      : descriptor_(std::move(descriptor)), name_(std::move(name)), state_(state) {}

  Descriptor descriptor_;
  std::string name_;
  struct stat state_;
};

/// The refusal of an open that failed with `reason` (an errno).
[[nodiscard]] Error open_error(const std::string& name, int reason);

}  // namespace attn

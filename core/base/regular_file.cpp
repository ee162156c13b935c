#include "core/base/regular_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>

namespace attn {
namespace {

std::string kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a named pipe (FIFO)";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "something that is not a regular file";
}

bool same_state(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_ino == b.st_ino && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

Error changed(const std::string& name) {
  return {ErrorCode::io,   name, {}, "a file at rest", "one that changed since it was opened",
          "Open it again."};
}

}  // namespace

std::string system_reason(int number) {
  return std::error_code(number, std::generic_category()).message();
}

Error open_error(const std::string& name, int reason) {
  if (reason == ENOENT || reason == ENOTDIR) {
    return {ErrorCode::not_found, name, {}, "a file", "nothing by that name", "Check the path."};
  }
  return {ErrorCode::io, name, {}, "a file that can be read", system_reason(reason), {}};
}

Result<RegularFile> RegularFile::open(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (descriptor.get() < 0) return tl::unexpected(open_error(path.string(), errno));
  return adopt(std::move(descriptor), path.string());
}

Result<RegularFile> RegularFile::adopt(Descriptor descriptor, std::string name) {
  struct stat state {};
  if (::fstat(descriptor.get(), &state) != 0) {
    return tl::unexpected(Error{ErrorCode::io, std::move(name), {}, "a file", system_reason(errno), {}});
  }
  if (!S_ISREG(state.st_mode)) {
    return tl::unexpected(
        Error{ErrorCode::not_a_file, std::move(name), {}, "a regular file", kind_of(state.st_mode), {}});
  }
  return RegularFile(std::move(descriptor), std::move(name), state);
}

Result<void> RegularFile::read(std::uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const ssize_t got = ::pread(descriptor_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return tl::unexpected(
          Error{ErrorCode::io, name_, {}, "a file that can be read", system_reason(errno), {}});
    }
    if (got == 0) return tl::unexpected(changed(name_));
    into = into.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return {};
}

Result<void> RegularFile::check_unchanged() const {
  struct stat now {};
  // Files of the kernel say 0 and yet hold something.
  std::byte behind{};
  if (::fstat(descriptor_.get(), &now) != 0 || !same_state(state_, now) ||
      ::pread(descriptor_.get(), &behind, 1, state_.st_size) > 0) {
    return tl::unexpected(changed(name_));
  }
  return {};
}

}  // namespace attn

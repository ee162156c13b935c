#include "core/base/file.hpp"

#include <cerrno>
#include <optional>
#include <span>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/descriptor.hpp"
#include "core/base/large_pages.hpp"
#include "core/base/text.hpp"

namespace attn {
namespace {

tl::unexpected<Error> fail(ErrorCode code, const std::filesystem::path& path, std::string expected,
                           std::string found, std::string hint = {}) {
  return tl::unexpected(
      Error{code, path.string(), {}, std::move(expected), std::move(found), std::move(hint)});
}

// All that a stream holds.
Result<std::string> read_all(int fd, const std::filesystem::path& path, std::uint64_t max_bytes,
                             std::size_t padding) {
  std::string bytes;
  std::size_t filled = 0;
  while (true) {
    if (bytes.size() == filled) bytes.resize(filled + (filled / 2) + 65536);
    const ssize_t got = ::read(fd, bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorCode::io, path, "a file that can be read", system_reason(errno));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled > max_bytes) {
      return fail(ErrorCode::limit, path, fmt::format("at most {} bytes", grouped(max_bytes)), "more");
    }
  }
  bytes.resize(filled);
  bytes.reserve(filled + padding);
  return bytes;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

// Where a chain of symbolic links ends, be a file there or not; nothing where the links go in a circle.
std::optional<std::filesystem::path> end_of_links(std::filesystem::path path) {
  constexpr int kMostLinks = 40;
  std::error_code problem;
  for (int links = 0; links < kMostLinks; ++links) {
    if (!std::filesystem::is_symlink(std::filesystem::symlink_status(path, problem))) return path;
    path = path.parent_path() / std::filesystem::read_symlink(path, problem);
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes,
                              std::size_t padding) {
  if (path == "-") return read_all(STDIN_FILENO, path, max_bytes, padding);
  auto file = RegularFile::open(path);
  if (!file) return tl::unexpected(std::move(file.error()));
  return read_file(*file, max_bytes, padding);
}

Result<std::string> read_file(const RegularFile& file, std::uint64_t max_bytes, std::size_t padding) {
  if (file.size() > max_bytes) {
    return fail(ErrorCode::limit, file.name(), fmt::format("at most {} bytes", grouped(max_bytes)),
                fmt::format("{} bytes", grouped(file.size())));
  }
  std::string bytes;
  bytes.reserve(file.size() + padding);
  prefer_large_pages(bytes.data(), file.size());
  bytes.resize(file.size());
  auto read = file.read(0, std::as_writable_bytes(std::span(bytes)));
  if (read) read = file.check_unchanged();
  if (!read) return tl::unexpected(std::move(read.error()));
  return bytes;
}

Result<void> write_file(const std::filesystem::path& named, std::string_view bytes) {
  const auto refuse = [&](const std::string& reason) {
    std::error_code ignored;
    const std::filesystem::path above = named.parent_path();
    const bool no_folder = !above.empty() && !std::filesystem::exists(above, ignored);
    return fail(ErrorCode::io, named, "a file that can be written",
                no_folder ? "no folder " + above.string() : reason);
  };
  if (named == "-") {
    if (!write_all(STDOUT_FILENO, bytes)) return refuse(system_reason(errno));
    return {};
  }
  const auto end = end_of_links(named);
  if (!end) return refuse(system_reason(ELOOP));
  const std::filesystem::path& path = *end;
  struct stat target {};
  const bool exists = ::stat(path.c_str(), &target) == 0;
  if (exists && S_ISDIR(target.st_mode)) return refuse("a folder");
  if (exists && !S_ISREG(target.st_mode)) {
    // A device such as /dev/full: written in place, since it cannot be renamed over.
    Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (device.get() < 0 || !write_all(device.get(), bytes) || !device.close()) {
      return refuse(system_reason(errno));
    }
    return {};
  }

  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::string temporary = (folder / fmt::format(".{}.XXXXXX", path.filename().string())).string();
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return refuse(system_reason(errno));
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const mode_t mode = exists ? (target.st_mode & 0777u) : (0666u & ~mask);
  if (::fchmod(file.get(), mode) != 0 || !write_all(file.get(), bytes) || ::fsync(file.get()) != 0 ||
      !file.close() || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary.c_str());
    return refuse(system_reason(reason));
  }
  Descriptor folder_descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder_descriptor.get() >= 0) ::fsync(folder_descriptor.get());
  return {};
}

}  // namespace attn

#include "core/document/tensors/document_folder.hpp"

#include <cerrno>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace attn {
namespace {

constexpr int kOpenFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr int kTries = 8;  // EAGAIN: something was renamed while the kernel walked

// A descriptor, or −errno.
int open_by_kernel(int folder, const std::string& name) {
  open_how how{};
  how.flags = kOpenFlags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (int tries = 0; tries < kTries; ++tries) {
    const long descriptor = ::syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how);
    if (descriptor >= 0) return static_cast<int>(descriptor);
    if (errno != EAGAIN && errno != EINTR) break;
  }
  return -errno;
}

// The same, one component after another; a link anywhere is an error (ELOOP).
int open_by_walk(int folder, const std::string& name) {
  Descriptor at(::fcntl(folder, F_DUPFD_CLOEXEC, 0));
  std::size_t from = 0;
  while (at.get() >= 0) {
    const std::size_t slash = name.find('/', from);
    const std::string part = name.substr(from, slash - from);
    if (part == "..") return -EXDEV;
    if (slash == std::string::npos) {
      const int descriptor = ::openat(at.get(), part.c_str(), kOpenFlags | O_NOFOLLOW);
      return descriptor < 0 ? -errno : descriptor;
    }
    from = slash + 1;
    if (part.empty() || part == ".") continue;
    struct stat state {};
    if (::fstatat(at.get(), part.c_str(), &state, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(state.st_mode))
      return -ELOOP;
    at = Descriptor(::openat(at.get(), part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }
  return -errno;
}

tl::unexpected<Error> leaves(const std::string& name, std::string found) {
  return tl::unexpected(Error{ErrorCode::value,
                              name,
                              {},
                              "a file in the document's own folder",
                              std::move(found),
                              "Copy it there, and name it from there."});
}

}  // namespace

Result<RegularFile> DocumentFolder::open(const std::string& name) const {
  if (name.empty() || name.find('\0') != std::string::npos) {
    return tl::unexpected(Error{ErrorCode::value,
                                name,
                                {},
                                "the name of a file",
                                name.empty() ? "an empty one" : "one with a NUL byte",
                                {}});
  }
  if (name.front() == '/') return leaves(name, "an absolute path");
  const std::filesystem::path path = path_.empty() ? std::filesystem::path(".") : path_;
  const Descriptor folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return tl::unexpected(open_error(path.string(), errno));
  int got = -ENOSYS;
  if (keeper_ == Keeper::kernel) got = open_by_kernel(folder.get(), name);
  // Without openat2, or where a container forbids it.
  if (got == -ENOSYS || got == -EPERM) got = open_by_walk(folder.get(), name);
  if (got == -EXDEV) return leaves(name, "a path that leads out of it");
  if (got == -ELOOP) return leaves(name, "a link that is not followed");
  if (got < 0) return tl::unexpected(open_error(name, -got));
  return RegularFile::adopt(Descriptor(got), name);
}

}  // namespace attn

#include "app/platform/clipboard_image.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/descriptor.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace attn::app {
namespace {

struct Copier {
  const char* display;  ///< the variable that says that this desktop is in use
  const char* program;
  std::array<const char*, 5> arguments;
};
constexpr std::array kCopiers{
    Copier{"WAYLAND_DISPLAY", "wl-copy", {"--type", "image/png"}},
    Copier{"DISPLAY", "xclip", {"-selection", "clipboard", "-t", "image/png", "-i"}},
};

bool installed(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((std::filesystem::path(folder) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

tl::unexpected<Error> failed(const std::string& copier, std::string found) {
  return tl::unexpected(
      Error{ErrorCode::io, {}, "Copy image", copier + " to take the picture", std::move(found), {}});
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

std::string image_copier() {
  for (const Copier& copier : kCopiers) {
    const char* display = std::getenv(copier.display);
    if (display != nullptr && *display != '\0' && installed(copier.program)) return copier.program;
  }
  return {};
}

Result<void> copy_image(const std::string& copier, std::string_view png) {
  std::vector<char*> words;
  for (const Copier& row : kCopiers) {
    if (copier != row.program) continue;
    words.push_back(const_cast<char*>(row.program));  // posix_spawn does not write to them
    for (const char* word : row.arguments)
      if (word != nullptr) words.push_back(const_cast<char*>(word));
  }
  if (words.empty()) return failed("a program", "none that is known");
  words.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed(copier, std::generic_category().message(errno));
  Descriptor out(ends[0]), in(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDIN_FILENO);
  // It stays behind to answer for the clipboard, and must not hold our output open.
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int problem = ::posix_spawnp(&child, words.front(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) return failed(copier, std::generic_category().message(problem));
  static_cast<void>(out.close());
  const bool given = write_all(in.get(), png);
  static_cast<void>(in.close());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (given && WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return failed(copier, WIFEXITED(status) ? fmt::format("exit code {}", WEXITSTATUS(status)) : "its end");
}

}  // namespace attn::app

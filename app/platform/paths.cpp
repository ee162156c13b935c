#include "app/platform/paths.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace attn::app {
namespace {

namespace fs = std::filesystem;

// A relative value is invalid by the XDG base directory specification, and is passed over.
fs::path absolute_from_environment(const char* name) {
  const char* value = std::getenv(name);
  const fs::path path = value == nullptr ? "" : value;
  return path.is_absolute() ? path : fs::path();
}

fs::path home_folder() {
  if (fs::path home = absolute_from_environment("HOME"); !home.empty()) return home;
  const passwd* user = getpwuid(getuid());
  return user == nullptr || user->pw_dir == nullptr ? fs::path() : fs::path(user->pw_dir);
}

Result<fs::path> program_folder(const char* variable, const char* below_home) {
  if (const fs::path base = absolute_from_environment(variable); !base.empty()) return base / "attnscope";
  if (const fs::path home = home_folder(); home.is_absolute()) return home / below_home / "attnscope";
  return tl::unexpected(Error{ErrorCode::not_found, "", variable, "a home folder", "none",
                              "Set HOME or " + std::string(variable) + " to an absolute path."});
}

}  // namespace

Result<fs::path> config_folder() {
  return program_folder("XDG_CONFIG_HOME", ".config");
}

Result<fs::path> state_folder() {
  return program_folder("XDG_STATE_HOME", ".local/state");
}

Result<void> ensure_folder(const fs::path& folder) {
  std::error_code problem;
  if (fs::is_directory(folder, problem)) return {};
  if (folder.has_parent_path() && folder.parent_path() != folder) {
    if (auto above = ensure_folder(folder.parent_path()); !above) return above;
  }
  if (::mkdir(folder.c_str(), 0700) == 0) return {};
  const int reason = errno;
  if (fs::is_directory(folder, problem)) return {};
  return tl::unexpected(Error{ErrorCode::io, folder.string(), "", "a folder that can be made",
                              std::generic_category().message(reason), ""});
}

fs::path data_folder() {
  std::error_code problem;
  const fs::path program = fs::read_symlink("/proc/self/exe", problem);
  const fs::path prefix = problem ? fs::path("/usr") : program.parent_path().parent_path();
  return prefix / "share" / "attnscope";
}

fs::path samples_folder() {
  return data_folder() / "samples";
}

}  // namespace attn::app

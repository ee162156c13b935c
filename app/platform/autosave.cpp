#include "app/platform/autosave.hpp"

#include <cerrno>
#include <charconv>
#include <system_error>
#include <vector>

#include <signal.h>
#include <unistd.h>

#include "app/platform/paths.hpp"
#include "core/base/file.hpp"

namespace attn::app {
namespace {

constexpr const char* kPrefix = "autosave-";
constexpr const char* kSuffix = ".json";
constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;

bool is_alive(pid_t process) {
  return ::kill(process, 0) == 0 || errno == EPERM;
}

// The process that a file is named after, or 0.
pid_t owner_of(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return 0;
  const char* digits = name.data() + std::string(kPrefix).size();
  pid_t process = 0;
  std::from_chars(digits, name.data() + name.size(), process);
  return process;
}

}  // namespace

Autosave::Autosave(const std::filesystem::path& folder) {
  if (!folder.empty()) path_ = folder / (kPrefix + std::to_string(::getpid()) + kSuffix);
}

Autosave::~Autosave() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

void Autosave::keep(const std::string& text) {
  if (path_.empty() || !ensure_folder(path_.parent_path())) return;
  if (write_file(path_, text)) kept_ = text;
}

std::optional<std::string> take_orphan(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::path newest;
  std::filesystem::file_time_type newest_time{};
  std::vector<std::filesystem::path> orphans;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    const pid_t owner = owner_of(entry.path());
    if (owner <= 0 || is_alive(owner)) continue;
    orphans.push_back(entry.path());
    std::error_code gone;
    const auto written = entry.last_write_time(gone);
    if (gone || (!newest.empty() && written < newest_time)) continue;
    newest = entry.path();
    newest_time = written;
  }
  std::optional<std::string> text;
  if (!newest.empty()) {
    if (auto read = read_file(newest, kMostBytes)) text = std::move(*read);
  }
  for (const auto& orphan : orphans) std::filesystem::remove(orphan, problem);
  return text;
}

}  // namespace attn::app

#include "app/platform/recent_files.hpp"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "app/platform/paths.hpp"
#include "core/base/file.hpp"
#include "core/base/text.hpp"

namespace attn::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 18;

}  // namespace

RecentFiles with_recent(RecentFiles list, const fs::path& file) {
  std::error_code problem;
  fs::path path = fs::absolute(file, problem).lexically_normal();
  if (problem) return list;
  std::erase(list, path);
  list.insert(list.begin(), std::move(path));
  if (list.size() > kRecentFiles) list.resize(kRecentFiles);
  return list;
}

RecentFiles load_recent_files(const fs::path& store) {
  const Result<std::string> text = read_file(store, kMaxBytes);
  if (!text) return {};
  const Json json = Json::parse(*text, nullptr, false);
  const auto files = json.is_object() ? json.find("files") : json.end();
  RecentFiles list;
  if (files == json.end() || !files->is_array()) return list;
  for (const Json& entry : *files) {
    if (!entry.is_string() || list.size() == kRecentFiles) continue;
    const fs::path path = entry.get<std::string>();
    if (path.is_absolute() && std::find(list.begin(), list.end(), path) == list.end()) list.push_back(path);
  }
  return list;
}

Result<void> save_recent_files(const fs::path& store, const RecentFiles& list) {
  if (auto folder = ensure_folder(store.parent_path()); !folder) return folder;
  Json files = Json::array();
  for (const fs::path& path : list) {
    // dump() throws on anything else.
    if (first_invalid_utf8(path.native()) == std::string::npos) files.push_back(path.native());
  }
  return write_file(store, Json{{"files", files}}.dump(2) + "\n");
}

}  // namespace attn::app

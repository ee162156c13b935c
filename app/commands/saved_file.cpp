#include "app/commands/saved_file.hpp"

#include <fstream>

#include "core/base/file.hpp"
#include "core/document/json_tree.hpp"

namespace attn::app {
namespace {

constexpr std::uint64_t kSessionBytes = std::uint64_t{256} << 20;
constexpr std::uintmax_t kSettingsBytes = 256 << 10;  // longer files cannot be settings
constexpr std::size_t kHeadBytes = 4096;              // a session says so at its start

std::string head_of(const std::filesystem::path& path) {
  std::string head(kHeadBytes, '\0');
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return {};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  return head;
}

// The settings of a short file that holds nothing else.
std::optional<SavedFile> settings_in(const std::filesystem::path& path) {
  std::error_code problem;
  if (std::filesystem::file_size(path, problem) > kSettingsBytes || problem) return std::nullopt;
  const auto text = read_file(path, kSettingsBytes);
  if (!text) return std::nullopt;
  auto json = nlohmann::json::parse(*text, nullptr, false);
  if (json.is_discarded() || kind_of_json(json) != FileKind::settings) return std::nullopt;
  return SavedFile{FileKind::settings, std::move(json)};
}

}  // namespace

Result<nlohmann::json> session_json(const std::string& text) {
  std::string copy = text;
  if (auto valid = parse_json(copy, 0, copy.size()); !valid) return tl::unexpected(valid.error());
  return nlohmann::json::parse(text, nullptr, false);
}

Result<std::optional<SavedFile>> read_saved_file(const std::filesystem::path& path) {
  if (path == "-") return std::nullopt;
  if (head_of(path).find("\"attnscope-session/") == std::string::npos) return settings_in(path);
  auto text = read_file(path, kSessionBytes);
  if (!text) return tl::unexpected(text.error());
  auto json = session_json(*text);
  if (!json) return tl::unexpected(in_file(json.error(), path.string()));
  return SavedFile{FileKind::session, std::move(*json)};
}

}  // namespace attn::app

#include "app/commands/saved_file.hpp"

#include <fstream>

#include "core/base/file.hpp"
#include "core/document/json_tree.hpp"

namespace attn::app {
namespace {

constexpr std::uint64_t kSessionBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t kSettingsBytes = 256 << 10;  // longer files cannot be settings
constexpr std::size_t kHeadBytes = 4096;             // a session says so at its start

}  // namespace

std::string head_of(const std::filesystem::path& path) {
  std::string head(kHeadBytes, '\0');
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return {};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  return head;
}

Result<nlohmann::json> session_json(const std::string& text) {
  std::string copy = text;
  if (auto valid = parse_json(copy, 0, copy.size()); !valid) return tl::unexpected(valid.error());
  return nlohmann::json::parse(text, nullptr, false);
}

Result<std::optional<SavedFile>> read_saved_file(const std::filesystem::path& path) {
  if (path == "-") return std::nullopt;
  const bool may_be_long = head_of(path).find("\"attnscope-session/") != std::string::npos;
  const auto text = read_file(path, may_be_long ? kSessionBytes : kSettingsBytes);
  if (!text) return std::nullopt;
  const auto loose = nlohmann::json::parse(*text, nullptr, false);
  const FileKind kind = loose.is_discarded() ? FileKind::document : kind_of_json(loose);
  if (kind == FileKind::document) return std::nullopt;
  auto json = kind == FileKind::session ? session_json(*text) : parse_settings(*text);
  if (!json) return tl::unexpected(in_file(json.error(), path.string()));
  return SavedFile{kind, std::move(*json)};
}

}  // namespace attn::app

#include "app/open_file.hpp"

#include <fstream>

#include "app/state/commands.hpp"
#include "app/state/session.hpp"
#include "core/base/file.hpp"
#include "core/document/json_tree.hpp"
#include "core/document/read_document.hpp"

namespace attn::app {
namespace {

constexpr std::uint64_t kSessionBytes = std::uint64_t{256} << 20;
constexpr std::uintmax_t kSettingsBytes = 256 << 10;  // longer files cannot be settings
constexpr std::size_t kHeadBytes = 4096;              // a session says so at its start

Action opened(Result<Document> document, Source source) {
  if (!document) return Refuse{in_file(document.error(), source.path.string())};
  return DocumentRead{std::make_shared<const Document>(std::move(*document)), std::move(source), false};
}

bool looks_like_json(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && (text[first] == '{' || text[first] == '[');
}

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
std::optional<nlohmann::json> settings_in(const std::filesystem::path& path) {
  std::error_code problem;
  if (std::filesystem::file_size(path, problem) > kSettingsBytes || problem) return std::nullopt;
  const auto text = read_file(path, kSettingsBytes);
  if (!text) return std::nullopt;
  auto json = nlohmann::json::parse(*text, nullptr, false);
  if (json.is_discarded() || kind_of_json(json) != FileKind::settings) return std::nullopt;
  return json;
}

}  // namespace

Action open_session(const std::string& text, const std::string& name) {
  std::string copy = text;
  if (auto valid = parse_json(copy, 0, copy.size()); !valid) return Refuse{in_file(valid.error(), name)};
  auto content = session_from_json(nlohmann::json::parse(text, nullptr, false));
  if (!content) return Refuse{in_file(content.error(), name)};
  Action document = content->source.text ? open_text(*content->source.text)
                                         : opened(read_document(content->source.path), content->source);
  if (auto* read = std::get_if<DocumentRead>(&document))
    return SessionRead{read->document, std::move(*content)};
  return document;
}

Action open_anything(const std::filesystem::path& path, std::size_t document) {
  if (path != "-") {
    if (head_of(path).find("\"attnscope-session/") != std::string::npos) {
      auto text = read_file(path, kSessionBytes);
      if (!text) return Refuse{text.error()};
      return open_session(*text, path.string());
    }
    if (auto settings = settings_in(path)) return SettingsRead{std::move(*settings)};
  }
  ReadOptions options;
  options.document = document;
  return opened(read_document(path, options), Source{path, nullptr});
}

std::string title_of(const std::filesystem::path& path) {
  const std::string head = head_of(path);
  const std::size_t key = head.find("\"title\"");
  const std::size_t first = key == std::string::npos ? key : head.find('"', head.find(':', key));
  std::size_t last = first;
  do {
    last = last == std::string::npos ? last : head.find('"', last + 1);
  } while (last != std::string::npos && head[last - 1] == '\\');
  if (last == std::string::npos) return in_words(path.stem().string());
  const auto title = nlohmann::json::parse(head.substr(first, last - first + 1), nullptr, false);
  return title.is_string() ? title.get<std::string>() : in_words(path.stem().string());
}

Action open_text(const std::string& text) {
  auto document = looks_like_json(text) ? parse_document(text, "pasted text") : document_from_text(text);
  return opened(std::move(document), Source{{}, std::make_shared<const std::string>(text)});
}

}  // namespace attn::app

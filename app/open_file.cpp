#include "app/open_file.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include "app/commands/saved_file.hpp"
#include "app/state/commands.hpp"
#include "core/document/json_tree.hpp"
#include "core/document/read_document.hpp"

namespace attn::app {
namespace {

Action opened(Result<Document> document, Source source) {
  if (!document) return Refuse{in_file(document.error(), source.path.string())};
  return DocumentRead{std::make_shared<const Document>(std::move(*document)), std::move(source), false};
}

bool looks_like_json(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && (text[first] == '{' || text[first] == '[');
}

Action open_session(const nlohmann::json& session, const std::string& name) {
  auto content = session_from_json(session);
  if (!content) return Refuse{in_file(content.error(), name)};
  Action document = content->source.text ? open_text(*content->source.text)
                                         : opened(read_document(content->source.path), content->source);
  if (auto* read = std::get_if<DocumentRead>(&document))
    return SessionRead{read->document, std::move(*content)};
  return document;
}

}  // namespace

Action open_session(const std::string& text, const std::string& name) {
  auto session = session_json(text);
  return session ? open_session(*session, name) : Refuse{in_file(session.error(), name)};
}

Action open_anything(const std::filesystem::path& path, std::size_t document, Progress* progress) {
  auto saved = read_saved_file(path);
  if (!saved) return Refuse{saved.error()};
  if (*saved && (*saved)->kind == FileKind::session) return open_session((*saved)->json, path.string());
  if (*saved) return SettingsRead{std::move((*saved)->json)};
  ReadOptions options;
  options.document = document;
  options.progress = progress;
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

std::vector<Sample> samples_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> sentences;
  std::ifstream file(folder / "look_at.txt");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) sentences[line.substr(0, colon)] = line.substr(colon + 2);
  }
  std::vector<Sample> found;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() == ".json") found.push_back({path, title_of(path), sentences[path.filename()]});
  }
  std::ranges::sort(found, {}, &Sample::path);
  return found;
}

Action open_text(const std::string& text) {
  auto document = looks_like_json(text) ? parse_document(text, "pasted text") : document_from_text(text);
  return opened(std::move(document), Source{{}, std::make_shared<const std::string>(text)});
}

}  // namespace attn::app

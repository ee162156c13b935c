#include "app/open_file.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include "app/commands/saved_file.hpp"
#include "app/state/commands.hpp"
#include "app/state/figure_record.hpp"
#include "core/base/file.hpp"
#include "core/document/json_tree.hpp"
#include "core/document/read_document.hpp"
#include "core/figure/figure_file.hpp"

namespace attn::app {
namespace {

constexpr std::uint64_t kFigureBytes = std::uint64_t{1} << 30;

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
  ReadOptions options;
  options.document = content->index;
  Action document = content->source.text
                        ? open_text(*content->source.text)
                        : opened(read_document(content->source.path, options), content->source);
  if (auto* read = std::get_if<DocumentRead>(&document))
    return SessionRead{read->document, std::move(*content)};
  return document;
}

// The first bytes of the files that core/figure writes; what else they may be, their reader says.
bool is_figure(const std::string& head) {
  const bool markup = head.starts_with("<") && head.find("<svg") != std::string::npos;
  return head.starts_with("\x89PNG") || head.starts_with("%PDF") || markup;
}

Action shown_in_figure(const DocumentRead& read, const FigureRecord& record) {
  SessionContent session = record.session;
  session.source = read.source;
  return SessionRead{read.document, std::move(session), true};
}

// The same file under two names is looked at once.
std::vector<std::filesystem::path> places_of(const std::string& name, const std::filesystem::path& figure,
                                             std::vector<std::filesystem::path> known) {
  std::error_code ignored;
  known.push_back(std::filesystem::absolute(figure, ignored).parent_path() / name);
  std::vector<std::filesystem::path> places;
  for (const auto& path : known) {
    const bool there = path.filename() == name && std::filesystem::is_regular_file(path, ignored);
    if (there && std::ranges::find(places, path) == places.end()) places.push_back(path);
  }
  return places;
}

Action open_figure(const std::filesystem::path& path, const OpenOptions& how) {
  const auto bytes = read_file(path, kFigureBytes);
  if (!bytes) return Refuse{bytes.error()};
  const auto text = read_figure_metadata(*bytes, path.string());
  if (!text) return Refuse{in_file(text.error(), path.string())};
  auto record = figure_record_from(*text);
  if (!record) return Refuse{in_file(record.error(), path.string())};
  if (const auto& own = record->session.source.text) {
    Action action = open_text(*own);
    const auto* read = std::get_if<DocumentRead>(&action);
    return read == nullptr ? action : shown_in_figure(*read, *record);
  }
  std::optional<Action> first;
  for (const auto& place :
       record->document.empty() ? decltype(how.known)() : places_of(record->document, path, how.known)) {
    Action action = open_for_figure(place, *record, how.progress);
    const auto* read = std::get_if<SessionRead>(&action);
    if (read == nullptr) continue;
    if (fingerprint_text(read->document->fingerprint) == record->session.fingerprint) return action;
    if (!first) first = std::move(action);
  }
  return first ? std::move(*first) : AskForDocument{{path, std::move(*record)}};
}

}  // namespace

Action open_session(const std::string& text, const std::string& name) {
  auto session = session_json(text);
  return session ? open_session(*session, name) : Refuse{in_file(session.error(), name)};
}

Action open_anything(const std::filesystem::path& path, const OpenOptions& how) {
  if (is_figure(head_of(path))) return open_figure(path, how);
  auto saved = read_saved_file(path);
  if (!saved) return Refuse{saved.error()};
  if (*saved && (*saved)->kind == FileKind::session) return open_session((*saved)->json, path.string());
  if (*saved) return SettingsRead{std::move((*saved)->json)};
  ReadOptions options;
  options.document = how.document;
  options.progress = how.progress;
  return opened(read_document(path, options), Source{path, nullptr});
}

Action open_for_figure(const std::filesystem::path& path, const FigureRecord& record, Progress* progress) {
  ReadOptions options;
  options.document = record.session.index;
  options.progress = progress;
  Action action = opened(read_document(path, options), Source{path, nullptr});
  const auto* read = std::get_if<DocumentRead>(&action);
  return read == nullptr ? action : shown_in_figure(*read, record);
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

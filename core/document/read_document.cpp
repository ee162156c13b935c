#include "core/document/read_document.hpp"

#include <algorithm>
#include <new>
#include <system_error>

#include <fmt/format.h>

#include "core/base/file.hpp"
#include "core/base/random.hpp"
#include "core/base/text.hpp"
#include "core/document/fields.hpp"
#include "core/document/file_kind.hpp"
#include "core/document/json_place.hpp"
#include "core/document/json_tree.hpp"
#include "core/document/keys.hpp"
#include "core/document/layers.hpp"
#include "core/document/limits.hpp"
#include "core/document/sequences.hpp"
#include "core/document/stored_values.hpp"
#include "core/document/tensor_document.hpp"
#include "core/document/tensors/tensor_files.hpp"
#include "core/document/tokenize.hpp"

namespace attn {
namespace {

constexpr std::string_view kFormat = "attnscope/1";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kParserPadding = 64;  // bytes behind the text that the parser may look at
constexpr std::size_t kTitleCharacters = 48;
constexpr const char* kRoot = "a document (an object), a list of tokens, or a list of documents";

// One document's text, or the list that it stands in.
struct Part {
  std::size_t from = 0;
  std::size_t to = 0;
  std::size_t line = 0;  ///< from 1, in a file with one document a line; else 0
  std::size_t of = 1;    ///< how many such parts there are
};

bool has_lines(const std::string& source) {
  const std::string suffix = std::filesystem::path(source).extension().string();
  return suffix == ".jsonl" || suffix == ".ndjson";
}

tl::unexpected<Error> refuse_choice(std::size_t chosen, std::size_t count) {
  return refuse(ErrorCode::usage, {},
                count == 1 ? "document 0" : fmt::format("a document from 0 to {}", count - 1),
                fmt::format("{}", chosen), "--document picks one, counted from 0.");
}

// Says in the document which one of how many it is.
void note_choice(Document& document, std::size_t chosen, std::size_t count) {
  document.index = chosen;
  document.of = count;
  if (count == 1) return;
  document.notes.push_back({Note::Kind::inferred,
                            {},
                            fmt::format("Document {} of {} (0 to {}) is open.", chosen, count, count - 1)});
}

// The chosen one of the lines that are not empty.
Result<Part> choose_line(const std::string& text, std::size_t start, std::size_t chosen) {
  std::vector<Part> parts;
  std::size_t line = 0;
  for (std::size_t from = start; from < text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    ++line;
    if (text.find_first_not_of(" \t\r\n", from) < to) parts.push_back({from, to, line, 1});
    from = to + 1;
  }
  if (parts.empty())
    return refuse(ErrorCode::syntax, text_place(text, start), "a document on a line", "none");
  if (chosen >= parts.size()) return refuse_choice(chosen, parts.size());
  parts[chosen].of = parts.size();
  return parts[chosen];
}

std::string default_title(const std::string& source) {
  const std::string stem = std::filesystem::path(source).stem().string();
  return source == "-" || stem.empty() ? "standard input" : stem;
}

Result<void> check_format(const Fields& fields) {
  auto format = fields.text("format");
  if (!format) return tl::unexpected(std::move(format.error()));
  if (!*format || **format == kFormat) return {};
  return refuse(ErrorCode::unsupported, fields.place_of("format"), fmt::format("\"{}\"", kFormat),
                fmt::format("\"{}\"", shorten_middle(**format, kTitleCharacters)));
}

// The keys that a document may have: of its sequence and its layer too, where it does not list these.
std::vector<std::string> document_keys(const Fields& fields) {
  auto known = keys::joined({keys::kDocument});
  const auto add = [&](std::span<const std::string_view> table) {
    known.insert(known.end(), table.begin(), table.end());
  };
  if (!fields.has("sequences")) add(keys::kSequence);
  if (!fields.has("sequences")) add(keys::kTokenLists);
  if (!fields.has("layers")) add(keys::kLayer);
  return known;
}

void note_shorthand(const Fields& fields, const std::vector<std::string>& known, std::vector<Note>& notes) {
  if (fields.has("sequences") && fields.has("layers")) return;
  std::string names;
  for (const JsonMember& member : fields.members()) {
    const bool is_part = member.key != "title" && member.key != "format" &&
                         std::find(known.begin(), known.end(), member.key) != known.end();
    if (is_part) names += (names.empty() ? "" : ", ") + member.key;
  }
  notes.push_back(
      {Note::Kind::inferred, fields.place(), fmt::format("A shorthand: one document made of {}.", names)});
}

Result<Document> read_object(const Fields& fields, const std::string& source) {
  Document document;
  auto valid = check_format(fields);
  const std::vector<std::string> known = document_keys(fields);
  if (valid) {
    valid = check_keys(
        fields, {"document", fields.has("sequences") ? "" : "sequence", fields.has("layers") ? "" : "layer"},
        known, document.notes);
  }
  if (!valid) return tl::unexpected(std::move(valid.error()));
  note_shorthand(fields, known, document.notes);
  auto title = fields.text("title");
  if (!title) return tl::unexpected(std::move(title.error()));
  auto settings = fields.settings("settings");
  if (!settings) return tl::unexpected(std::move(settings.error()));
  auto set = read_sequences(fields, document.notes);
  if (!set) return tl::unexpected(std::move(set.error()));
  auto layers = read_layers(fields, *set, document.notes);
  if (!layers) return tl::unexpected(std::move(layers.error()));
  document.title = title->value_or(default_title(source));
  document.settings = std::move(*settings);
  document.sequences = std::move(set->sequences);
  document.layers = std::move(*layers);
  document.stored_numbers = stored_numbers(document);
  if (document.stored_numbers > 0) {
    document.notes.push_back({Note::Kind::inferred,
                              {},
                              fmt::format("{} numbers stay in their files, and are read as they are needed.",
                                          grouped(static_cast<std::size_t>(document.stored_numbers)))});
  }
  return document;
}

bool is_token_list(const JsonNode& node) {
  const auto* list = node.as<JsonNode::List>();
  return list && !list->empty() && list->front().as<std::string>();
}

// One document: an object, or a list of tokens, which is the same as {"tokens": …} but for its pointers.
Result<Document> read_single(JsonNode& node, const std::string& place, const std::string& source,
                             TensorFiles& files) {
  if (node.as<std::string>()) {
    return refuse(ErrorCode::type, place, kRoot, describe(node), "A text is opened as {\"text\": \"…\"}.");
  }
  if (!is_token_list(node)) {
    auto fields = as_fields(node, place, kRoot, &files);
    return fields ? read_object(*fields, source)
                  : Result<Document>(tl::unexpected(std::move(fields.error())));
  }
  JsonNode::Object wrapped;
  wrapped.push_back({"tokens", std::move(node)});
  return read_object(Fields(wrapped, place, &files), source);
}

Result<Document> read_root(JsonNode& root, const std::string& place, const std::string& source,
                           const ReadOptions& options, TensorFiles& files) {
  auto* list = root.as<JsonNode::List>();
  if (!list || is_token_list(root)) {
    if (const NumberArray* array = root.array()) {
      return refuse(
          ErrorCode::type, place, kRoot, array->shape.front() == 0 ? "an empty list" : describe(root),
          "Bare numbers need a name: {\"tokens\": [\"a\", \"b\"], \"attention\": [[1, 0], [0.5, 0.5]]}");
    }
    if (options.document > 0) return refuse_choice(options.document, 1);
    return read_single(root, place, source, files);
  }
  if (options.document >= list->size()) return refuse_choice(options.document, list->size());
  auto document =
      read_single((*list)[options.document], fmt::format("{}/{}", place, options.document), source, files);
  if (document) note_choice(*document, options.document, list->size());
  return document;
}

Result<Document> parse_part(std::string& text, const Part& part, const std::string& source,
                            const ReadOptions& options, TensorFiles& files) {
  auto root = parse_json(text, part.from, part.to, {}, options.progress);
  if (!root) return tl::unexpected(std::move(root.error()));
  if (part.line == 0) return read_root(*root, {}, source, options, files);
  auto document = read_single(*root, {}, source, files);
  if (!document) document.error().place = fmt::format("line {}: {}", part.line, document.error().place);
  return document;
}

Result<Document> parse_text(std::string text, const std::string& source, const ReadOptions& options,
                            TensorFiles& files) {
  if (auto foreign = foreign_file(text)) return tl::unexpected(std::move(*foreign));
  const std::uint64_t fingerprint = digest(text);
  const std::size_t start = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  Result<Part> part = Part{start, text.size()};
  if (has_lines(source)) part = choose_line(text, start, options.document);
  if (!part) return tl::unexpected(std::move(part.error()));
  auto document = parse_part(text, *part, source, options, files);
  if (!document) return document;
  document->source = source;
  document->fingerprint = files.fingerprint() == 0 ? fingerprint : mix(fingerprint ^ files.fingerprint());
  if (part->line > 0) note_choice(*document, options.document, part->of);
  return document;
}

// A tensor file by itself: the document that it stands for, with places in the file in place of pointers.
Result<Document> read_tensor_document(std::shared_ptr<const RegularFile> file, const ReadOptions& options) {
  const std::string source = file->name();
  if (options.document > 0) return refuse_choice(options.document, 1);
  auto opened = open_tensor_file(std::move(file));
  if (!opened) return tl::unexpected(std::move(opened.error()));
  std::vector<Note> notes;
  auto members = tensor_document(*opened, source, notes);
  if (!members) return tl::unexpected(std::move(members.error()));
  TensorFiles files(source, std::move(*opened), options.read_at_once, options.cache);
  const TensorFile& alone = **files.open(source);
  auto document = read_object(Fields(*members, {}, &files), source);
  if (!document) {
    document.error().place = place_in_tensor_file(alone, document.error().place);
    return document;
  }
  for (Note& note : document->notes) note.place = place_in_tensor_file(alone, note.place);
  document->notes.insert(document->notes.end(), notes.begin(), notes.end());
  document->source = source;
  document->fingerprint = files.fingerprint();
  return document;
}

// Runs `read`; what it refuses is said of `source`, and so is that memory ends.
template <class Read>
Result<Document> guarded(const std::string& source, const Read& read) {
  try {
    return read().map_error([&](Error error) { return in_file(std::move(error), source); });
  } catch (const std::bad_alloc&) {
    return tl::unexpected(
        Error{ErrorCode::limit, source, "/", "a document that fits into memory", "one that does not", {}});
  }
}

}  // namespace

Result<Document> parse_document(std::string text, const std::string& source, const ReadOptions& options) {
  TensorFiles none;
  return guarded(source, [&] { return parse_text(std::move(text), source, options, none); });
}

Result<Document> read_document(const std::filesystem::path& path, const ReadOptions& options) {
  if (path == "-") {
    auto text = read_file(path, limits::kJsonBytes, kParserPadding);
    if (!text) return tl::unexpected(std::move(text.error()));
    return parse_document(std::move(*text), path.string(), options);
  }
  auto opened = RegularFile::open(path);
  if (!opened) {
    std::error_code ignored;
    const bool is_pipe =
        opened.error().code == ErrorCode::not_a_file && !std::filesystem::is_directory(path, ignored);
    if (is_pipe) opened.error().hint = "Standard input is read under the name -.";
    return tl::unexpected(std::move(opened.error()));
  }
  auto kind = kind_of_file(*opened);
  if (!kind) return tl::unexpected(std::move(kind.error()));
  return guarded(path.string(), [&]() -> Result<Document> {
    if (*kind) return read_tensor_document(std::make_shared<const RegularFile>(std::move(*opened)), options);
    auto text = read_file(*opened, limits::kJsonBytes, kParserPadding);
    if (!text) return tl::unexpected(std::move(text.error()));
    TensorFiles files(DocumentFolder(path.parent_path()), options.read_at_once, options.cache);
    return parse_text(std::move(*text), path.string(), options, files);
  });
}

Result<Document> document_from_text(const std::string& text) {
  const std::string source = "pasted text";
  if (first_invalid_utf8(text) != std::string_view::npos) {
    return tl::unexpected(in_file(encoding_error(text, 0, text.size()), source));
  }
  JsonNode::Object fields;
  fields.push_back({"text", JsonNode{text}});
  auto document = read_object(Fields(fields, {}), source);
  if (!document) return tl::unexpected(in_file(std::move(document.error()), source));
  std::string words;
  for (const std::string& token : document->sequences.front().tokens) {
    words += (words.empty() ? "" : " ") + token;
    if (words.size() > 4 * kTitleCharacters) break;
  }
  document->title = shorten_middle(words, kTitleCharacters);
  document->source = source;
  document->fingerprint = digest(text);
  return document;
}

}  // namespace attn

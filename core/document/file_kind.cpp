#include "core/document/file_kind.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/json_place.hpp"

namespace attn {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kTensorHint = "A tensor file is opened by its name, not through a text.";
constexpr std::string_view kTextHint = "Save it as UTF-8.";
constexpr std::string_view kBinaryHint =
    "attnscope opens JSON, JSON Lines, .npy, .npz and .safetensors files.";

constexpr std::string_view kNumpyStart = "\x93NUMPY"sv;
constexpr std::string_view kZipStart = "PK\x03\x04"sv;
constexpr std::string_view kEmptyZipStart = "PK\x05\x06"sv;

struct Kind {
  std::string_view start;
  std::string_view looks_like;
  std::string_view hint;
};
constexpr std::array<Kind, 18> kKinds = {{
    {"\x80\x02"sv, "a pickle", kPickleHint},
    {"\x80\x03"sv, "a pickle", kPickleHint},
    {"\x80\x04"sv, "a pickle", kPickleHint},
    {"\x80\x05"sv, "a pickle", kPickleHint},
    {kZipStart, "a zip archive, as numpy.savez and torch.save write", kTensorHint},
    {kNumpyStart, "a NumPy array", kTensorHint},
    {"\x89HDF"sv, "an HDF5 file", "Write its arrays as JSON."},
    {"GGUF"sv, "a GGUF model", "Write its arrays as JSON."},
    {"\x89PNG"sv, "a PNG picture", "A picture holds no numbers to compute with."},
    {"\xff\xd8\xff"sv, "a JPEG picture", "A picture holds no numbers to compute with."},
    {"%PDF"sv, "a PDF", "A picture holds no numbers to compute with."},
    {"\x1f\x8b"sv, "a gzip file", "Unpack it first."},
    {"\x28\xb5\x2f\xfd"sv, "a zstd file", "Unpack it first."},
    {"\xff\xfe"sv, "text in UTF-16", kTextHint},
    {"\xfe\xff"sv, "text in UTF-16", kTextHint},
    {"\x7f"
     "ELF"sv,
     "a program", ""},
    {"<"sv, "a web page or XML", "Open the data, not the page."},
    {"[\0"sv, "text in UTF-16", kTextHint},
}};

constexpr std::size_t kSafetensorsLength = 8;  // bytes of the header's length, in front of the header
constexpr std::string_view kJsonStarts = "{[\"-0123456789tfnNI'";
constexpr std::size_t kShownCharacters = 24;

Error refusal(std::string_view bytes, std::size_t at, std::string found, std::string_view hint) {
  return {ErrorCode::syntax, {}, text_place(bytes, at), "JSON", std::move(found), std::string(hint)};
}

// A length below 2⁴⁸, so that there are NUL bytes, which no text starts with; then a JSON object.
bool is_safetensors(std::string_view bytes) {
  return bytes.size() > kSafetensorsLength + 1 && bytes[kSafetensorsLength] == '{' && bytes[7] == '\0' &&
         bytes[6] == '\0';
}

bool is_json_start(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && (bytes[start] == '{' || bytes[start] == '[');
}

struct TensorKind {
  std::string_view suffix;
  TensorFileKind kind;
};
constexpr std::array<TensorKind, 3> kTensorKinds = {{
    {".npy", TensorFileKind::npy},
    {".npz", TensorFileKind::npz},
    {".safetensors", TensorFileKind::safetensors},
}};

const Kind* find_kind(std::string_view bytes) {
  const auto* kind = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const Kind& each) { return bytes.starts_with(each.start); });
  return kind == kKinds.end() ? nullptr : kind;
}

}  // namespace

std::optional<Error> foreign_file(std::string_view bytes) {
  // First: the bytes of a length may look like anything.
  if (is_safetensors(bytes)) return refusal(bytes, 0, "what looks like a safetensors file", kTensorHint);
  if (const Kind* kind = find_kind(bytes))
    return refusal(bytes, 0, fmt::format("what looks like {}", kind->looks_like), kind->hint);
  const std::size_t mark = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const std::size_t start = bytes.find_first_not_of(" \t\r\n", mark);
  if (start == std::string_view::npos || kJsonStarts.find(bytes[start]) != std::string_view::npos)
    return std::nullopt;
  std::string_view line = bytes.substr(start, 4 * kShownCharacters);
  line = line.substr(0, line.find_first_of("\r\n"));
  const std::size_t broken = first_invalid_utf8(line);
  // A character that the cut went through is no encoding error; the parser's own check finds real ones.
  line = line.substr(0, broken);
  const bool is_binary = std::ranges::any_of(bytes.substr(start, 4 * kShownCharacters), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r' && c != '\n' && c != '\f';
  });
  if (is_binary) return refusal(bytes, start, "a binary file of no known kind", kBinaryHint);
  return refusal(bytes, start, fmt::format("text that starts \"{}\"", shorten_middle(line, kShownCharacters)),
                 "Plain text is opened as {\"text\": \"…\"}.");
}

std::optional<TensorFileKind> tensor_file_kind(std::string_view head, std::string_view name) {
  if (is_safetensors(head)) return TensorFileKind::safetensors;
  if (head.starts_with(kNumpyStart)) return TensorFileKind::npy;
  if (head.starts_with(kZipStart) || head.starts_with(kEmptyZipStart)) return TensorFileKind::npz;
  const bool text = head.find('\0') == std::string_view::npos && is_json_start(head);
  const bool other = find_kind(head) != nullptr || text;
  const auto* kind = std::find_if(kTensorKinds.begin(), kTensorKinds.end(),
                                  [&](const TensorKind& each) { return name.ends_with(each.suffix); });
  if (other || kind == kTensorKinds.end()) return std::nullopt;
  return kind->kind;
}

FileLooks looks_of(std::string_view bytes) {
  if (const Kind* kind = find_kind(bytes)) {
    return {fmt::format("what looks like {}", kind->looks_like), std::string(kind->hint)};
  }
  return {is_json_start(bytes) ? "what looks like JSON" : "another kind of file", {}};
}

}  // namespace attn

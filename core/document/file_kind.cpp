#include "core/document/file_kind.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "core/document/json_place.hpp"

namespace attn {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kPickleHint =
    "A pickle is a program and is never run here. In Python: import torch; from safetensors.torch import "
    "save_file; "
    "save_file(torch.load(\"FILE\"), \"FILE.safetensors\")";
constexpr std::string_view kTensorHint = "This version reads tensors in JSON alone.";
constexpr std::string_view kTextHint = "Save it as UTF-8.";

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
    {"PK\x03\x04"sv, "a zip archive, as torch.save and numpy.savez write", kPickleHint},
    {"\x93NUMPY"sv, "a NumPy array", kTensorHint},
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

bool is_safetensors(std::string_view bytes) {
  return bytes.size() > kSafetensorsLength + 1 && bytes[kSafetensorsLength] == '{' && bytes[7] == '\0' &&
         bytes[6] == '\0' && bytes[0] != '{' && bytes[0] != '[';
}

}  // namespace

std::optional<Error> foreign_file(std::string_view bytes) {
  for (const Kind& kind : kKinds) {
    if (bytes.starts_with(kind.start))
      return refusal(bytes, 0, fmt::format("what looks like {}", kind.looks_like), kind.hint);
  }
  if (is_safetensors(bytes)) return refusal(bytes, 0, "what looks like a safetensors file", kTensorHint);
  const std::size_t mark = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const std::size_t start = bytes.find_first_not_of(" \t\r\n", mark);
  if (start == std::string_view::npos || kJsonStarts.find(bytes[start]) != std::string_view::npos)
    return std::nullopt;
  std::string_view line = bytes.substr(start, 4 * kShownCharacters);
  line = line.substr(0, line.find_first_of("\r\n"));
  const std::size_t broken = first_invalid_utf8(line);
  // A character that the cut went through is no encoding error; the parser's own check finds real ones.
  line = line.substr(0, broken);
  return refusal(bytes, start, fmt::format("text that starts \"{}\"", shorten_middle(line, kShownCharacters)),
                 "Plain text is opened as {\"text\": \"…\"}.");
}

}  // namespace attn

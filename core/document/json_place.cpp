#include "core/document/json_place.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"
#include "core/document/json_number.hpp"

namespace attn {
namespace {

constexpr std::size_t kShownCharacters = 40;

// Where the slow parser stopped: the offset behind the last byte that it took, and its own words.
struct Refusal {
  std::size_t end = 0;
  std::string message;
};

// Accepts everything and remembers the refusal.
class PlaceFinder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception& exception) override {
    refusal = Refusal{position, exception.what()};
    return false;
  }

  std::optional<Refusal> refusal;
};

// The slow parser's words and ours. The first row whose `said` stands in its message counts.
struct Wording {
  std::string_view said;
  std::string_view expected;
  enum At { token, character, escape } at;  // what offends: the token, its last character, or its last \\u
};
constexpr std::array<Wording, 16> kWordings = {{
    {"missing closing quote", "a closing double quote", Wording::token},
    {"control character", "line breaks and control characters in a text written as \\n or \\u000a",
     Wording::character},
    {"surrogate", "surrogates in pairs: \\ud83d\\ude00", Wording::escape},
    {"must be followed by 4 hex digits", "four hexadecimal digits after \\u", Wording::escape},
    {"forbidden character after backslash", "one of \" \\ / b f n r t u after a backslash",
     Wording::character},
    {"ill-formed UTF-8", "UTF-8", Wording::character},
    {"invalid number; expected", "a digit", Wording::character},
    {"number overflow", "a number up to 1.8e308", Wording::token},
    {"; expected end of input", "the end of the text after the first value", Wording::token},
    {"parsing object separator", "':'", Wording::token},
    {"parsing object key", "a name in double quotes", Wording::token},
    {"; expected '}'", "',' or '}'", Wording::token},
    {"; expected ']'", "',' or ']'", Wording::token},
    {"invalid comment", "a value", Wording::token},
    {"parsing value", "a value", Wording::token},
    {"", "JSON", Wording::token},
}};

struct Advice {
  std::string_view found;  ///< how the offending token starts
  std::string_view hint;
};
constexpr std::array<Advice, 10> kAdvice = {{
    {"'", "JSON writes texts in double quotes."},
    {"True", "JSON writes true in small letters."},
    {"False", "JSON writes false in small letters."},
    {"None", "JSON writes null."},
    {"NaN", "NaN and infinities only come from tensor files."},
    {"nan", "NaN and infinities only come from tensor files."},
    {"/", "JSON has no comments."},
    {"#", "JSON has no comments."},
    {"+", "JSON writes positive numbers without a sign."},
    {".", "JSON writes a digit before the point."},
}};

bool is_word_byte(char c) {
  return std::string_view(" \t\r\n,:[]{}\"").find(c) == std::string_view::npos;
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// First byte of the token that ends at `end`.
std::size_t token_start(std::string_view text, std::size_t end) {
  while (end > 0 && is_space(text[end - 1])) --end;
  if (end == 0) return 0;
  std::size_t start = end - 1;
  if (text[start] == '"') {
    const auto escaped = [&](std::size_t at) {
      std::size_t slashes = 0;
      while (at > slashes && text[at - 1 - slashes] == '\\') ++slashes;
      return slashes % 2 == 1;
    };
    while (start > 0 && (text[start - 1] != '"' || escaped(start - 1))) --start;
    return start > 0 ? start - 1 : 0;
  }
  while (is_word_byte(text[start]) && start > 0 && is_word_byte(text[start - 1])) --start;
  return start;
}

// Bytes of what starts at `rest`, as far as a message shows it.
std::size_t offender_length(std::string_view rest, Wording::At at) {
  if (at == Wording::escape) return std::min<std::size_t>(rest.size(), 6);  // \\uXXXX
  if (at == Wording::token && rest.front() == '"') return std::min(rest.find('"', 1), rest.size() - 1) + 1;
  if (at == Wording::token && is_word_byte(rest.front())) {
    return static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_word_byte) - rest.begin());
  }
  return split_characters(rest.substr(0, 4)).front().size();
}

std::string found_at(std::string_view text, std::size_t start, Wording::At at) {
  const std::string_view rest = text.substr(start);
  if (rest.empty()) return "the end of the text";
  const std::string shown = shorten_middle(rest.substr(0, offender_length(rest, at)), kShownCharacters);
  return shown.starts_with('"') && shown.size() > 1 ? shown : fmt::format("'{}'", shown);
}

// First byte of what offends in a text that was refused behind `end`.
std::size_t offender_start(std::string_view text, std::size_t end, Wording::At at) {
  if (at == Wording::token || end == 0) return token_start(text, end);
  std::size_t start = end - 1;
  if (at == Wording::escape) start = std::min(start, text.rfind("\\u", start));
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0u) == 0x80u) --start;
  return start;
}

// A word that starts as a number does, but is none.
bool is_broken_number(std::string_view rest) {
  if (rest.empty() || std::string_view("-0123456789").find(rest.front()) == std::string_view::npos)
    return false;
  return !is_json_number(rest.substr(0, offender_length(rest, Wording::token)));
}

std::string hint_for(std::string_view text, std::size_t start, std::string_view expected) {
  const std::string_view rest = text.substr(start);
  for (const Advice& advice : kAdvice) {
    if (rest.starts_with(advice.found)) return std::string(advice.hint);
  }
  std::size_t before = start;
  while (before > 0 && is_space(text[before - 1])) --before;
  if (!rest.empty() && (rest[0] == ']' || rest[0] == '}') && before > 0 && text[before - 1] == ',') {
    return "Take the comma before it away.";
  }
  if (rest.empty()) return "The file may be cut off.";
  if (expected.starts_with("the end"))
    return "Documents one a line are read from files whose name ends in .jsonl.";
  return {};
}

}  // namespace

std::string text_place(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t newline = before.rfind('\n');
  const std::string_view row = newline == std::string_view::npos ? before : before.substr(newline + 1);
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; };
  const auto column =
      static_cast<std::ptrdiff_t>(row.size()) - std::count_if(row.begin(), row.end(), continues) + 1;
  return fmt::format("{}:{} (byte {})", line, column, byte);
}

Error syntax_error(std::string_view text, std::size_t from, std::size_t to, std::size_t near) {
  const std::string_view part = text.substr(from, to - from);
  PlaceFinder finder;
  nlohmann::json::sax_parse(part.begin(), part.end(), &finder);
  Error error{ErrorCode::syntax, {}, {}, "JSON", {}, {}};
  if (!finder.refusal) {
    error.place = text_place(text, near);
    error.found = found_at(text.substr(0, to), std::min(near, to), Wording::token);
    return error;
  }
  const std::string& message = finder.refusal->message;
  const Wording& wording = *std::find_if(kWordings.begin(), kWordings.end(), [&](const Wording& row) {
    return message.find(row.said) != std::string::npos;
  });
  std::size_t end = finder.refusal->end;
  // A word that is no value ends before the byte that gave it away.
  const bool ended =
      end > 1 && end <= part.size() && !is_word_byte(part[end - 1]) && is_word_byte(part[end - 2]);
  if (ended && message.find("invalid literal") != std::string::npos) --end;
  const bool cut_off = end > part.size() || message.find("unexpected end of input") != std::string::npos;
  const std::size_t start = cut_off ? part.size() : offender_start(part, end, wording.at);
  const bool broken_number = wording.at == Wording::token && is_broken_number(part.substr(start));
  error.place = text_place(text, from + start);
  error.expected = broken_number ? "a number as JSON writes it" : wording.expected;
  error.found = found_at(part, start, wording.at);
  error.hint = hint_for(part, start, wording.expected);
  return error;
}

Error encoding_error(std::string_view text, std::size_t from, std::size_t to) {
  const std::size_t invalid = first_invalid_utf8(text.substr(from, to - from));
  const std::size_t byte = std::min(invalid, to - from - 1) + from;
  return {ErrorCode::encoding,
          {},
          text_place(text, byte),
          "UTF-8",
          fmt::format("the byte 0x{:02x}", static_cast<unsigned char>(text[byte])),
          "Save the file as UTF-8."};
}

}  // namespace attn

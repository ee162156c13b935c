#include "core/figure/files/pdf_metadata.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <glib.h>

#include "core/figure/files/metadata.hpp"

namespace attn {
namespace {

constexpr std::string_view kOurs = "attnscope ";
constexpr std::string_view kSpace{" \t\r\n\f\0", 6};
constexpr std::string_view kDelimiters{" \t\r\n\f\0()<>[]{}/%", 16};

// Walks over the bytes of a PDF file (ISO 32000-1). Whatever does not fit is nothing.
class Cursor {
 public:
  Cursor(std::string_view bytes, std::size_t at) : bytes_(bytes), at_(std::min(at, bytes.size())) {}

  [[nodiscard]] std::size_t at() const { return at_; }

  bool skip(std::string_view word) {
    at_ = std::min(bytes_.find_first_not_of(kSpace, at_), bytes_.size());
    if (bytes_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  std::optional<std::size_t> number() {
    skip({});
    std::size_t value = 0;
    const auto [end, problem] = std::from_chars(bytes_.data() + at_, bytes_.data() + bytes_.size(), value);
    if (problem != std::errc()) return std::nullopt;
    at_ = static_cast<std::size_t>(end - bytes_.data());
    return value;
  }

  // Up to the next space or bracket.
  std::string_view word() {
    const std::size_t end = std::min(bytes_.find_first_of(kDelimiters, at_), bytes_.size());
    const std::string_view found = bytes_.substr(at_, end - at_);
    at_ = end;
    return found;
  }

  // A text in ( ) or in < >.
  std::optional<std::string> text() {
    if (skip("(")) return literal();
    if (skip("<")) return hexadecimal();
    return std::nullopt;
  }

 private:
  std::optional<std::string> literal() {
    std::string out;
    for (int open = 1; at_ < bytes_.size(); ++at_) {
      const char letter = bytes_[at_];
      open += letter == '(' ? 1 : letter == ')' ? -1 : 0;
      if (open == 0) {
        ++at_;
        return out;
      }
      letter == '\\' ? escape(out) : out.push_back(letter);
    }
    return std::nullopt;
  }

  // What a backslash and the letters after it mean; at_ then stands on the last of them.
  void escape(std::string& out) {
    constexpr std::string_view kNames = "nrtbf", kMeanings = "\n\r\t\b\f";
    if (++at_ >= bytes_.size()) return;
    const char letter = bytes_[at_];
    if (const std::size_t known = kNames.find(letter); known != kNames.npos) {
      out += kMeanings[known];
    } else if (letter >= '0' && letter <= '7') {
      int value = 0, digits = 0;
      for (; digits < 3 && at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '7'; ++digits, ++at_)
        value = value * 8 + (bytes_[at_] - '0');
      --at_;
      out += static_cast<char>(value);
    } else if (letter != '\n') {
      out += letter;
    }
  }

  std::optional<std::string> hexadecimal() {
    std::string out;
    bool half = false;
    for (; at_ < bytes_.size(); ++at_) {
      const char letter = bytes_[at_];
      if (letter == '>') {
        ++at_;
        return out;
      }
      if (kSpace.find(letter) != kSpace.npos) continue;
      const int digit = g_ascii_xdigit_value(letter);
      if (digit < 0) return std::nullopt;
      half ? out.back() = static_cast<char>(out.back() | digit)
           : (out += static_cast<char>(digit << 4), '\0');
      half = !half;
    }
    return std::nullopt;
  }

  std::string_view bytes_;
  std::size_t at_;
};

// Where object `number` begins, by the table of cross-references at `table`.
std::optional<std::size_t> place_of(std::string_view bytes, std::size_t table, std::size_t number) {
  Cursor cursor(bytes, table);
  if (!cursor.skip("xref")) return std::nullopt;
  while (true) {
    const auto first = cursor.number(), count = cursor.number();
    if (!first || !count) return std::nullopt;
    for (std::size_t i = 0; i < *count; ++i) {
      const auto offset = cursor.number(), generation = cursor.number();
      if (!offset || !generation || !(cursor.skip("n") || cursor.skip("f"))) return std::nullopt;
      if (*first + i == number) return *offset;
    }
  }
}

// UTF-8 of a PDF's text: UTF-16 behind its mark, else as it stands.
std::optional<std::string> utf8_of(const std::string& text) {
  if (!text.starts_with("\xFE\xFF")) return text;
  std::vector<gunichar2> units;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    units.push_back(static_cast<gunichar2>(static_cast<unsigned char>(text[i]) << 8 |
                                           static_cast<unsigned char>(text[i + 1])));
  }
  glong length = 0;
  gchar* utf8 = g_utf16_to_utf8(units.data(), static_cast<glong>(units.size()), nullptr, &length, nullptr);
  if (utf8 == nullptr) return std::nullopt;
  std::string result(utf8, static_cast<std::size_t>(length));
  g_free(utf8);
  return result;
}

}  // namespace

std::string pdf_keywords(std::string_view metadata) {
  return std::string(kOurs) + std::string(metadata);
}

Result<std::string> pdf_metadata(std::string_view bytes, const std::string& name) {
  const auto broken = [&](std::size_t at, const char* expected) {
    return broken_figure(name, fmt::format("byte {}", at), expected, "something else");
  };
  const std::size_t start = bytes.rfind("startxref"), trailer = bytes.rfind("trailer");
  if (start == bytes.npos) return broken(bytes.size(), "the end of a PDF file");
  Cursor end(bytes, start);
  end.skip("startxref");
  const auto table = end.number();
  if (!table || !end.skip("%%EOF")) return broken(end.at(), "the end of a PDF file");
  Cursor listed(bytes, *table);
  if (!listed.skip("xref")) {
    // A table that is an object of its own is another program's.
    if (listed.number()) return no_metadata(name);
    return broken(*table, "the table of cross-references");
  }
  if (trailer == bytes.npos || trailer > start) return broken(start, "a trailer before it");
  const std::size_t named = bytes.substr(0, start).find("/Info", trailer);
  if (named == bytes.npos) return no_metadata(name);
  Cursor reference(bytes, named);
  reference.skip("/Info");
  const auto object = reference.number();
  const auto offset = object ? place_of(bytes, *table, *object) : std::nullopt;
  if (!offset) return broken(*table, "a table of cross-references that has the document's information");
  Cursor info(bytes, *offset);
  const auto number = info.number(), generation = info.number();
  if (number != object || !generation || !info.skip("obj") || !info.skip("<<"))
    return broken(*offset, "the document's information");

  std::optional<std::string> keywords;
  while (!info.skip(">>")) {
    const std::size_t at = info.at();
    if (!info.skip("/")) return broken(at, "a name in the document's information");
    const bool wanted = info.word() == "Keywords";
    const auto text = info.text();
    if (!text) info.skip("/");
    if (!text && (info.word().empty() || wanted)) return broken(at, "a text in the document's information");
    if (!wanted) continue;
    if (keywords) return two_metadata(name, fmt::format("byte {}", at));
    keywords = utf8_of(*text);
    if (!keywords) return broken(at, "keywords in UTF-16");
  }
  if (!keywords || !keywords->starts_with(kOurs)) return no_metadata(name);
  return checked_metadata(keywords->substr(kOurs.size()), name, fmt::format("byte {}", *offset));
}

}  // namespace attn

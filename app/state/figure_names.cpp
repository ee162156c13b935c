#include "app/state/figure_names.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn::app {
namespace {

constexpr std::size_t kMostBytes = 200;  // of a part of a path: file systems end at 255
constexpr std::size_t kLeastBytes = 8;   // of a title in it, whatever stands beside
constexpr std::size_t kMostDigits = 2;   // of a width

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

tl::unexpected<Error> wrong(const std::string& text, std::string expected, std::string found,
                            std::string hint = "Braces that stand for themselves are doubled: {{ and }}.") {
  return tl::unexpected(
      Error{ErrorCode::usage, visible(text), {}, std::move(expected), std::move(found), std::move(hint)});
}

// One part of a path, whatever a document calls itself.
std::string as_part_of_path(const std::string& text) {
  std::string part = shorten_middle(visible(text), kMostBytes);
  std::ranges::replace(part, '/', '_');
  std::ranges::replace(part, '\\', '_');
  return part.empty() || part == "." || part == ".." ? "_" : part;
}

// At most `bytes` of `text`; whole characters.
std::string shorten_to(const std::string& text, std::size_t bytes) {
  std::string shorter = text;
  for (std::size_t most = bytes; shorter.size() > bytes; --most) shorter = shorten_middle(text, most);
  return shorter;
}

// A piece of a name, with its facts.
struct Said {
  std::string text;
  bool words = false;
};

// `said` as one text, where the words of each part of the path share what the rest of it leaves them.
std::string joined(const std::vector<Said>& said) {
  std::string name;
  for (auto first = said.begin(); first != said.end();) {
    const auto last = std::find_if(first, said.end(), [](const Said& piece) { return piece.text == "/"; });
    std::size_t taken = 0, words = 0;
    for (const Said& piece : std::span(first, last)) {
      if (piece.words) ++words;
      if (!piece.words) taken += piece.text.size();
    }
    const std::size_t left = kMostBytes - std::min(taken, kMostBytes);
    const std::size_t room = std::max(kLeastBytes, left / std::max<std::size_t>(1, words));
    for (const Said& piece : std::span(first, last))
      name += piece.words ? shorten_to(piece.text, room) : piece.text;
    if (last == said.end()) break;
    name += last->text;
    first = last + 1;
  }
  return name;
}

constexpr std::array kFields{
    NameField{"name", "the file's name without its suffix",
              [](const FigureFacts& facts) { return as_part_of_path(facts.name); }, true},
    NameField{"title", "the document's title",
              [](const FigureFacts& facts) { return as_part_of_path(facts.title); }, true},
    NameField{"document", "which one of a file that holds several",
              [](const FigureFacts& facts) { return std::to_string(facts.document); }},
    NameField{"layer", "the layer's index",
              [](const FigureFacts& facts) { return std::to_string(facts.layer); }},
    NameField{"head", "the head's index, or mean, max, min",
              [](const FigureFacts& facts) { return to_text(facts.head); }},
    NameField{"stage", "the stage's name",
              [](const FigureFacts& facts) { return std::string(info(facts.stage).name); }},
};

}  // namespace

std::span<const NameField> name_fields() {
  return kFields;
}

Result<FigureNames> FigureNames::parse(const std::string& text) {
  FigureNames names;
  std::string literal;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '{' && c != '}') {
      literal += c;
      continue;
    }
    if (at + 1 < text.size() && text[at + 1] == c) {
      literal += c;
      ++at;
      continue;
    }
    const std::size_t end = text.find('}', at);
    if (c == '}' || end == std::string::npos)
      return wrong(text, "braces in pairs", c == '}' ? "a } alone" : "a { alone");
    const std::string inside = text.substr(at + 1, end - at - 1);
    const std::size_t colon = inside.find(':');
    const std::string word = inside.substr(0, colon);
    const auto field = std::ranges::find(kFields, word, &NameField::name);
    if (field == kFields.end()) {
      std::vector<std::string> known;
      for (const NameField& row : kFields) known.emplace_back(row.name);
      const std::string near = nearest_name(word, known);
      return wrong(text, join_or(known) + " in braces", fmt::format("\"{}\"", visible(word)),
                   near.empty() ? "Braces that stand for themselves are doubled: {{ and }}."
                                : fmt::format("Did you mean {{{}}}?", near));
    }
    std::string width = colon == std::string::npos ? "" : inside.substr(colon + 1);
    const bool zeros = width.starts_with('0');
    if (zeros) width.erase(0, 1);
    const bool good = (colon == std::string::npos || !width.empty()) && width.size() <= kMostDigits &&
                      std::ranges::all_of(width, is_digit);
    if (!good) return wrong(text, "a width such as {layer:02}", "{" + visible(inside) + "}", "");
    names.pieces_.push_back({std::move(literal)});
    names.pieces_.push_back(
        {{}, &*field, width.empty() ? 0 : static_cast<std::size_t>(std::stoul(width)), zeros ? '0' : ' '});
    literal.clear();
    at = end;
  }
  names.pieces_.push_back({std::move(literal)});
  return names;
}

bool FigureNames::differ() const {
  return pieces_.size() > 1;
}

std::string FigureNames::name_of(const FigureFacts& facts) const {
  std::vector<Said> said;
  for (const Piece& piece : pieces_) {
    if (piece.field == nullptr) {
      for (std::size_t at = 0; at < piece.text.size();) {
        const std::size_t slash = piece.text.find('/', at);
        const std::size_t end = slash == at ? at + 1 : std::min(slash, piece.text.size());
        said.push_back({piece.text.substr(at, end - at)});
        at = end;
      }
      continue;
    }
    const std::string text = piece.field->text(facts);
    const bool number = std::ranges::all_of(text, is_digit);
    const std::size_t room = number && piece.width > text.size() ? piece.width - text.size() : 0;
    said.push_back({std::string(room, piece.fill) + text, piece.field->words});
  }
  return joined(said);
}

std::string braces_doubled(const std::string& text) {
  std::string doubled;
  for (const char c : text) doubled += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
  return doubled;
}

}  // namespace attn::app

#include "core/document/tokenize.hpp"

#include <algorithm>
#include <array>

#include "core/base/text.hpp"

namespace attn {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15, property White_Space.
constexpr std::array<Range, 10> kSpaces = {{{0x09, 0x0D},
                                            {0x20, 0x20},
                                            {0x85, 0x85},
                                            {0xA0, 0xA0},
                                            {0x1680, 0x1680},
                                            {0x2000, 0x200A},
                                            {0x2028, 0x2029},
                                            {0x202F, 0x202F},
                                            {0x205F, 0x205F},
                                            {0x3000, 0x3000}}};

// Scripts Han, Hiragana and Katakana: what is written without spaces.
constexpr std::array<Range, 13> kCharacters = {{{0x2E80, 0x2FDF},
                                                {0x3005, 0x3007},
                                                {0x3021, 0x3029},
                                                {0x3031, 0x3035},
                                                {0x3041, 0x3096},
                                                {0x309D, 0x309F},
                                                {0x30A1, 0x30FA},
                                                {0x30FC, 0x30FF},
                                                {0x31F0, 0x31FF},
                                                {0x3400, 0x9FFF},
                                                {0xF900, 0xFAFF},
                                                {0xFF66, 0xFF9D},
                                                {0x1B000, 0x1B16F}}};

// Marks that change the character before them: voicing marks and variation selectors.
constexpr std::array<Range, 4> kMarks = {
    {{0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFF9E, 0xFF9F}, {0xE0100, 0xE01EF}}};

constexpr Range kRareHan = {0x20000, 0x3FFFF};

template <std::size_t N>
bool holds(const std::array<Range, N>& ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return point >= range.first && point <= range.last; });
}

bool stands_alone(char32_t point) {
  return holds(kCharacters, point) || (point >= kRareHan.first && point <= kRareHan.last);
}

// Bytes of the character that starts with `lead` in valid UTF-8.
std::size_t character_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

std::vector<std::string> tokenize(std::string_view text, std::size_t most) {
  std::vector<std::string> tokens;
  bool open = false;   // the last token goes on
  bool alone = false;  // the last token is one Chinese or Japanese character
  while (!text.empty() && tokens.size() <= most) {
    const std::string_view character = text.substr(0, character_length(text.front()));
    text.remove_prefix(character.size());
    const char32_t point = first_code_point(character);
    if (holds(kSpaces, point)) {
      open = false;
      continue;
    }
    const bool mark = open && holds(kMarks, point);
    if (mark || (open && !alone && !stands_alone(point))) {
      tokens.back() += character;
      continue;
    }
    tokens.emplace_back(character);
    open = true;
    alone = stands_alone(point);
  }
  return tokens;
}

}  // namespace attn

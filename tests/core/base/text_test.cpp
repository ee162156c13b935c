#include "core/base/text.hpp"

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace attn::test {
namespace {

// UTF-8 by the table of RFC 3629: the bytes of a code point.
std::string encode(char32_t point) {
  const auto byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
  if (point < 0x10000) {
    return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
  }
  return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)), byte(0x80 | (point >> 6 & 0x3F)),
          byte(0x80 | (point & 0x3F))};
}

TEST(Utf8, EveryCodePointIsOneCharacter) {
  for (char32_t point = 0; point <= 0x10FFFF; point += point < 0x3000 ? 1 : 37) {
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    const std::string text = encode(point);
    ASSERT_EQ(first_invalid_utf8(text) == std::string::npos, !surrogate)
        << std::hex << static_cast<unsigned>(point);
    if (surrogate) continue;
    ASSERT_EQ(first_code_point(text), point);
    ASSERT_EQ(split_characters(text + "a" + text).size(), 3u);
  }
}

TEST(Utf8, WhatIsNotValid) {
  for (const char* wrong :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xe2\x82", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xf0\x9f\x98"}) {
    EXPECT_EQ(first_invalid_utf8(wrong), 0u) << visible(wrong);
    EXPECT_EQ(first_invalid_utf8(std::string("é") + wrong), 2u) << visible(wrong);
  }
}

TEST(Visible, LeavesNoControlAndStaysValid) {
  support::Random random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes;
    for (std::size_t n = random.below(12); n > 0; --n) bytes += static_cast<char>(random.below(256));
    const std::string shown = visible(bytes);
    EXPECT_EQ(first_invalid_utf8(shown), std::string::npos);
    for (const char c : shown) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    EXPECT_EQ(visible(shown), shown) << "nothing more to write out";
  }
}

TEST(Visible, Examples) {
  for (const auto& [text, shown] : {std::pair<std::string, std::string>{"plain 猫 😀", "plain 猫 😀"},
                                    {"a\nb\tc\r", "a\\nb\\tc\\r"},
                                    {std::string(1, '\0'), "\\u0000"},
                                    {"\x1b[31m", "\\u001b[31m"},
                                    {"\u202eabc\u2066", "\\u202eabc\\u2066"},
                                    {"\u0085\u2028", "\\u0085\\u2028"},
                                    {"\xff"
                                     "a",
                                     "\\xffa"}}) {
    EXPECT_EQ(visible(text), shown);
  }
}

TEST(ShortenMiddle, KeepsBothEndsAndTheLimit) {
  EXPECT_EQ(shorten_middle("abcdef", 6), "abcdef");
  EXPECT_EQ(shorten_middle("abcdefg", 6), "abc…fg");
  EXPECT_EQ(shorten_middle("猫犬鳥魚", 3), "猫…魚");
  EXPECT_EQ(shorten_middle("abc", 1), "…");
  EXPECT_EQ(shorten_middle("abc", 0), "");
  for (std::size_t limit = 0; limit < 12; ++limit) {
    EXPECT_LE(split_characters(shorten_middle("añb猫cd😀efg", limit)).size(), limit);
  }
}

TEST(NearestName, IsTheOneWithTheFewestEdits) {
  const std::vector<std::string> names{"temperature", "masks", "scale", "heads"};
  for (const auto& [word, name] : {std::pair{"temprature", "temperature"},
                                   {"mask", "masks"},
                                   {"sacle", "scale"},
                                   {"head", "heads"},
                                   {"scale", "scale"},
                                   {"xyzzyxyzzy", ""},
                                   {"colour", ""},
                                   {"q", ""}}) {
    EXPECT_EQ(nearest_name(word, names), name) << word;
  }
  EXPECT_EQ(nearest_name("x", {}), "");
}

TEST(Words, AsPeopleWriteThem) {
  EXPECT_EQ(join_or({}), "");
  EXPECT_EQ(join_or({"a"}), "a");
  EXPECT_EQ(join_or({"a", "b"}), "a or b");
  EXPECT_EQ(join_or({"a", "b", "c"}), "a, b or c");
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(12345678), "12,345,678");
  EXPECT_EQ(shape_text(std::vector<int>{2, 5, 5}), "2 × 5 × 5");
  EXPECT_EQ(shape_text(std::vector<int>{}), "a single number");
}

}  // namespace
}  // namespace attn::test

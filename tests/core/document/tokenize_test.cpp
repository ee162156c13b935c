#include "core/document/tokenize.hpp"

#include <gtest/gtest.h>

namespace attn {
namespace {

using Tokens = std::vector<std::string>;

TEST(Tokenize, SplitsAtWhiteSpaceAndChineseAndJapaneseIntoCharacters) {
  struct Row {
    const char* text;
    Tokens tokens;
  };
  const std::vector<Row> rows = {
      {"", {}},
      {" \t\r\n\u3000\u00a0", {}},
      {"The cat  sat\non the mat.", {"The", "cat", "sat", "on", "the", "mat."}},
      {"a\u3000b\u2003c\u2028d", {"a", "b", "c", "d"}},
      {"我爱你。", {"我", "爱", "你", "。"}},
      {"ひらがなカタカナー", {"ひ", "ら", "が", "な", "カ", "タ", "カ", "ナ", "ー"}},
      {"GPT模型v2", {"GPT", "模", "型", "v2"}},
      {"か\u3099き", {"か\u3099", "き"}},
      {"葛\U000E0100飾", {"葛\U000E0100", "飾"}},
      {"\U00020BB7る", {"\U00020BB7", "る"}},
      {"한국어 문장", {"한국어", "문장"}},
      {"naïve 😀👍🏽 עברית", {"naïve", "😀👍🏽", "עברית"}},
  };
  for (const Row& row : rows) EXPECT_EQ(tokenize(row.text, 100), row.tokens) << row.text;
}

TEST(Tokenize, StopsBehindTheMostTokens) {
  EXPECT_EQ(tokenize("a b c d e f", 3).size(), 4u);
}

}  // namespace
}  // namespace attn

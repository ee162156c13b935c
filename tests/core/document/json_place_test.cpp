#include "core/document/json_place.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace attn {
namespace {

TEST(TextPlace, CountsLinesAndCharacters) {
  const std::string text = "ab\nä猫x\n";
  struct Row {
    std::size_t byte;
    const char* place;
  };
  for (const Row& row : std::vector<Row>{{0, "1:1 (byte 0)"},
                                         {2, "1:3 (byte 2)"},
                                         {3, "2:1 (byte 3)"},
                                         {5, "2:2 (byte 5)"},
                                         {8, "2:3 (byte 8)"},
                                         {10, "3:1 (byte 10)"},
                                         {99, "3:1 (byte 99)"}}) {
    EXPECT_EQ(text_place(text, row.byte), row.place);
  }
}

TEST(SyntaxError, SaysWhereAndWhatAndHowOut) {
  struct Row {
    const char* text;
    const char* place;
    const char* expected;
    const char* found;
    const char* hint;
  };
  const std::vector<Row> rows = {
      {"[1,]", "1:4 (byte 3)", "a value", "']'", "comma"},
      {"{\"a\":1,}", "1:8 (byte 7)", "a name in double quotes", "'}'", "comma"},
      {"[nul]", "1:2 (byte 1)", "a value", "'nul'", ""},
      {"[None]", "1:2 (byte 1)", "a value", "'None'", "null"},
      {"[1 // x\n]", "1:4 (byte 3)", "',' or ']'", "'//'", "comments"},
      {"[+1]", "1:2 (byte 1)", "a value", "'+1'", "sign"},
      {"[.5]", "1:2 (byte 1)", "a value", "'.5'", "digit"},
      {"[1.e5]", "1:4 (byte 3)", "a digit", "'e'", ""},
      {"[-01]", "1:2 (byte 1)", "a number as JSON writes it", "'-01'", ""},
      {"[\"a\\q\"]", "1:5 (byte 4)", "one of", "'q'", ""},
      {"[\"ä\\ud800x\"]", "1:4 (byte 4)", "surrogates in pairs", "'\\ud800'", ""},
      {"[\"\\u12\"]", "1:3 (byte 2)", "four hexadecimal digits", "'\\u12\"]'", ""},
      {"[\"a\\\"b\" \"c\"]", "1:9 (byte 8)", "',' or ']'", "\"c\"", ""},
      {"{\"a\" \"b\"}", "1:6 (byte 5)", "':'", "\"b\"", ""},
      {"{\"a\":}", "1:6 (byte 5)", "a value", "'}'", ""},
      {"[1}", "1:3 (byte 2)", "',' or ']'", "'}'", ""},
      {"[[1]", "1:5 (byte 4)", "',' or ']'", "the end of the text", "cut off"},
      {"{} {}", "1:4 (byte 3)", "the end of the text", "'{'", ".jsonl"},
      {"", "1:1 (byte 0)", "a value", "the end of the text", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const std::string text = row.text;
    const Error error = syntax_error(text, 0, text.size(), 0);
    EXPECT_EQ(error.code, ErrorCode::syntax);
    EXPECT_EQ(error.place, row.place);
    EXPECT_NE(error.expected.find(row.expected), std::string::npos) << error.expected;
    EXPECT_EQ(error.found, row.found);
    EXPECT_NE(error.hint.find(row.hint), std::string::npos) << error.hint;
  }
}

TEST(SyntaxError, OfTextThatIsJsonStillNamesAPlace) {
  const Error error = syntax_error("[1, 2]", 0, 6, 4);
  EXPECT_EQ(error.place, "1:5 (byte 4)");
  EXPECT_FALSE(error.expected.empty());
}

}  // namespace
}  // namespace attn

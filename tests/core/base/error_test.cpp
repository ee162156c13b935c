#include "core/base/error.hpp"

#include <gtest/gtest.h>

namespace attn::test {
namespace {

TEST(Error, IsOneLineOfWhatItKnows) {
  struct Row {
    Error error;
    const char* line;
  };
  const std::vector<Row> rows{
      {{ErrorCode::value, "a.json", "/q", "two", "three", "Try two."},
       "a.json: /q: expected two, found three. Try two."},
      {{ErrorCode::value, "", "/q", "two", "three", ""}, "/q: expected two, found three."},
      {{ErrorCode::value, "a.json", "", "two", "", ""}, "a.json: expected two."},
      {{ErrorCode::value, "a\nb", "\x1b[1m", "\t", "\xff", "\u202e"},
       "a\\nb: \\u001b[1m: expected \\t, found \\xff. \\u202e"},
  };
  for (const Row& row : rows) EXPECT_EQ(describe(row.error), row.line);
}

TEST(Error, IsSaidOfTheFirstFileThatNamesIt) {
  EXPECT_EQ(in_file({}, "b.json").file, "b.json");
  EXPECT_EQ(in_file({ErrorCode::io, "a.json", "", "", "", ""}, "b.json").file, "a.json");
}

}  // namespace
}  // namespace attn::test

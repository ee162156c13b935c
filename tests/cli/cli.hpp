#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn::cli {

/// The real program in a folder of its own, without a display.
class Cli : public testing::Test {
 protected:
  const support::TemporaryFolder folder;

  [[nodiscard]] support::Outcome attnscope(const std::vector<std::string>& arguments,
                                           const std::string& input = {}) const {
    return support::run(
        ATTNSCOPE_PROGRAM, arguments,
        {folder.path(), input, {{"DISPLAY", std::nullopt}, {"WAYLAND_DISPLAY", std::nullopt}}});
  }

  /// Runs, expects success and silence on standard error, and returns standard output.
  std::string done(const std::vector<std::string>& arguments, const std::string& input = {}) const {
    const support::Outcome outcome = attnscope(arguments, input);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return outcome.out;
  }

  /// The bytes of a file in the folder.
  [[nodiscard]] std::string bytes(const std::string& name) const {
    return support::bytes_of(folder.path() / name);
  }
};

/// Two heads, three queries, four keys, a causal mask.
inline constexpr const char* kDocument = R"({
  "title": "small",
  "sequences": {"a": {"tokens": ["x", "y", "z"]}, "b": {"tokens": ["1", "2", "3", "4"]}},
  "layers": [
    {"name": "first", "query": "a", "key": "b", "heads": 2,
     "q": [[[1, 0], [0, 1], [1, 1]], [[2, 0], [0, 2], [-1, 1]]],
     "k": [[[1, 0], [0, 1], [1, 1], [2, 0]], [[0, 1], [1, 0], [1, 1], [0, 2]]],
     "v": [[[1], [2], [3], [4]], [[4], [3], [2], [1]]]},
    {"name": "second", "query": "a", "key": "b",
     "scores": [[1, 2, 3, 4], [null, 1, 0, 0], [0, 0, 0, 0]]}
  ],
  "settings": {"masks": [{"kind": "causal", "align": "bottom_right"}]}
})";

}  // namespace attn::cli

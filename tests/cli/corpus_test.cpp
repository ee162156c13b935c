// Many damaged files at once: none ends the program, and each has its own verdict.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/cli/cli.hpp"

namespace attn::cli {
namespace {

using Json = nlohmann::json;

class Corpus : public Cli {
 protected:
  // One line of JSON a file, complete; a line on standard error for each that is refused. How many are not.
  std::size_t accepted(const std::vector<std::string>& files) const {
    std::vector<std::string> arguments{"check", "--json"};
    arguments.insert(arguments.end(), files.begin(), files.end());
    const support::Outcome outcome = attnscope(arguments);
    EXPECT_EQ(outcome.exit_code, 1);
    const std::vector<std::string> verdicts = support::lines(outcome.out);
    EXPECT_EQ(verdicts.size(), files.size());
    std::size_t good = 0;
    for (const std::string& line : verdicts) {
      const Json verdict = Json::parse(line, nullptr, false);
      if (verdict.value("ok", false)) {
        ++good;
        continue;
      }
      for (const char* part : {"file", "expected", "found"})
        EXPECT_NE(verdict.value(part, ""), "") << part << " in " << line;
      const bool is_missing = verdict.value("found", "") == "nothing by that name";
      EXPECT_EQ(verdict.value("place", "").empty(), is_missing) << "a place in " << line;
    }
    EXPECT_EQ(support::lines(outcome.err).size(), verdicts.size() - good);
    return good;
  }
};

TEST_F(Corpus, JsonTestSuite) {
  const char* data = std::getenv("ATTNSCOPE_DATA");
  if (data == nullptr) GTEST_SKIP() << "ATTNSCOPE_DATA names no folder of reference data";
  std::vector<std::string> files;
  for (const char* part : {"test_parsing", "test_transform"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(data) / "jsontestsuite" / part))
      files.push_back(entry.path().string());
  }
  EXPECT_EQ(files.size(), 340u);
  EXPECT_GT(accepted(files), 0u) << "some of them are lists of words";
}

// A session in which one value after the other is something else.
TEST_F(Corpus, DamagedSessions) {
  folder.write("d.json", kDocument);
  const Json whole = Json::parse(R"({"format": "attnscope-session/1", "title": "t", "document": "d.json",
    "fingerprint": "0123456789abcdef",
    "settings": {"files": [{"name": "f", "object": {"scale": 0.5}}], "sets": [{"path": "temperature", "value": 2}],
                 "window": {"masks": [{"kind": "causal"}]}},
    "view": {"layer": 1, "head": "0", "stage": "scores", "camera": {"row": 1, "column": 1, "cell": 20}}})");
  const Json flat = whole.flatten();
  std::vector<std::string> files;
  for (const auto& item : flat.items()) {
    for (Json::json_pointer at(item.key()); !at.empty(); at.pop_back()) {
      for (const Json& other :
           {Json(), Json(-1), Json("x"), Json::array(), Json::array({1}), Json::object(), Json(1e300)}) {
        Json damaged = whole;
        damaged[at] = other;
        files.push_back("s" + std::to_string(files.size()) + ".json");
        folder.write(files.back(), damaged.dump());
      }
    }
  }
  EXPECT_GT(accepted(files), 0u) << "a title may be anything";
}

}  // namespace
}  // namespace attn::cli

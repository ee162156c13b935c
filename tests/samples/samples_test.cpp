// The documents of assets/samples, through the real program: each opens without a remark and shows what its
// README says.
#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/samples/through_the_program.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn::samples {
namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;  // query, key
using Tokens = std::vector<std::string>;

// The mean weight of `pairs`, a number a head.
std::vector<double> mean_weights(const support::Npy& weights, const Pairs& pairs) {
  std::vector<double> means(weights.shape[0]);
  for (std::size_t head = 0; head < means.size(); ++head) {
    for (const auto& [i, j] : pairs) means[head] += row_of(weights, head, i)[j];
    means[head] /= static_cast<double>(pairs.size());
  }
  return means;
}

// Every token that stood before, with the key after its last earlier place.
Pairs induction_pairs(const Tokens& tokens) {
  Pairs pairs;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    for (std::size_t j = i; j-- > 0;) {
      if (tokens[j] != tokens[i]) continue;
      pairs.emplace_back(i, j + 1);
      break;
    }
  }
  return pairs;
}

Pairs previous_token_pairs(std::size_t n) {
  Pairs pairs;
  for (std::size_t i = 1; i < n; ++i) pairs.emplace_back(i, i - 1);
  return pairs;
}

double largest(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}

std::size_t place_of_largest(const std::vector<double>& values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

TEST(Samples, AreThere) {
  EXPECT_EQ(names(),
            (Tokens{"by_hand.json", "dates.json", "imitation.json", "induction.json", "padding.json",
                    "positions.json", "said_twice.json", "sparse.json", "translation.json", "tree.json"}));
}

TEST(Samples, EachHasATitleAndIsSmall) {
  for (const std::string& name : names()) {
    EXPECT_FALSE(document(name).value("title", "").empty()) << name;
    EXPECT_LT(std::filesystem::file_size(folder() / name), 300'000u) << name;
  }
}

TEST(Samples, CheckHasNothingToRemark) {
  for (const std::string& name : names()) {
    const support::Outcome outcome =
        support::run(ATTNSCOPE_PROGRAM, {"check", (folder() / name).string(), "--json"});
    EXPECT_EQ(outcome.exit_code, 0) << name;
    EXPECT_EQ(outcome.err, "") << name;
    const auto report = nlohmann::json::parse(outcome.out, nullptr, false);
    ASSERT_TRUE(report.is_object()) << name << ": " << outcome.out;
    EXPECT_EQ(report["ok"], true) << name;
    EXPECT_EQ(report["notes"], nlohmann::json::array()) << name;
  }
}

TEST(Samples, EachLayerIsExported) {
  const support::TemporaryFolder scratch;
  for (const std::string& name : names()) {
    for (std::size_t layer = 0; layer < document(name)["layers"].size(); ++layer) {
      const std::string picture = scratch / (name + std::to_string(layer) + ".png");
      const support::Outcome outcome = support::run(
          ATTNSCOPE_PROGRAM,
          {"export", (folder() / name).string(), "-o", picture, "--layer", std::to_string(layer)});
      EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
      EXPECT_TRUE(support::bytes_of(picture).starts_with("\x89PNG")) << name;
    }
  }
}

TEST(Samples, SayWhatToLookAt) {
  Tokens said;
  std::istringstream lines(support::bytes_of(folder() / "look_at.txt"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": Look at ");
    ASSERT_NE(colon, std::string::npos) << line;
    EXPECT_TRUE(line.ends_with('.')) << line;
    said.push_back(line.substr(0, colon));
  }
  EXPECT_EQ(said, names());
}

// Every sample but the trained ones, whose training takes minutes.
TEST(Samples, TheScriptWritesTheSameBytes) {
  const std::string env = "/usr/bin/env";
  if (support::run(env, {"python3", "--version"}).exit_code != 0) GTEST_SKIP() << "there is no python3";
  const support::TemporaryFolder scratch;
  const support::Outcome outcome =
      support::run(env, {"python3", (folder() / "make_samples.py").string(), scratch.path().string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  Tokens expected = names();
  std::erase(expected, "induction.json");
  std::erase(expected, "dates.json");
  EXPECT_EQ(scratch.names(), expected);
  for (const std::string& name : scratch.names()) {
    EXPECT_TRUE(support::bytes_of(scratch / name) == support::bytes_of(folder() / name)) << name;
  }
}

class Induction : public testing::Test {
 protected:
  const nlohmann::json sample = document("induction.json");
  const Tokens tokens = sample["sequences"]["after layer 0"]["tokens"].get<Tokens>();
};

TEST_F(Induction, IsARandomSequenceSaidTwice) {
  const auto half = static_cast<std::ptrdiff_t>(tokens.size() / 2);
  EXPECT_TRUE(std::equal(tokens.begin(), tokens.begin() + half, tokens.begin() + half, tokens.end()));
  EXPECT_EQ(induction_pairs(tokens).size(), tokens.size() / 2);
  EXPECT_EQ(sample["sequences"]["embedded"]["tokens"], sample["sequences"]["after layer 0"]["tokens"]);
}

TEST_F(Induction, AHeadOfLayer1FindsWhatCameAfterTheWordBefore) {
  const auto scores = mean_weights(computed("induction.json", "weights", 1), induction_pairs(tokens));
  EXPECT_GE(largest(scores), 0.5) << testing::PrintToString(scores);
}

TEST_F(Induction, AHeadOfLayer0ReadsThePreviousToken) {
  const support::Npy weights = computed("induction.json", "weights", 0);
  const auto scores = mean_weights(weights, previous_token_pairs(tokens.size()));
  EXPECT_GE(largest(scores), 0.5) << testing::PrintToString(scores);
  // Layer 0 alone cannot do what layer 1 does.
  EXPECT_LT(largest(mean_weights(weights, induction_pairs(tokens))), 0.25);
}

TEST_F(Induction, Layer1ReadsWhatLayer0Left) {
  const auto before = sample["sequences"]["embedded"]["embeddings"].get<std::vector<std::vector<double>>>();
  const auto after =
      sample["sequences"]["after layer 0"]["embeddings"].get<std::vector<std::vector<double>>>();
  const support::Npy output = computed("induction.json", "output", 0);
  ASSERT_EQ(output.shape, (std::vector<std::size_t>{tokens.size(), before.front().size()}));
  double worst = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::vector<double> added = row_of(output, 0, i);
    for (std::size_t c = 0; c < added.size(); ++c) {
      worst = std::max(worst, std::abs(before[i][c] + added[c] - after[i][c]));
    }
  }
  EXPECT_LT(worst, 2e-3);  // the document's numbers have three digits
}

TEST(Imitation, EachOwnStepFindsItsDemonstrationAndTheDetourNone) {
  const nlohmann::json sample = document("imitation.json");
  const auto own = sample["sequences"]["own steps"]["tokens"].get<Tokens>();
  const auto shown = sample["sequences"]["demonstration"]["tokens"].get<Tokens>();
  const Tokens expected{"look for cup",   "reach for cup",   "grasp cup",    "",
                        "carry cup",      "put under spout", "press button", "wait until full",
                        "grasp full cup", "hand over"};
  ASSERT_EQ(own.size(), expected.size());
  const support::Npy weights = computed("imitation.json", "weights");
  for (std::size_t i = 0; i < own.size(); ++i) {
    const std::vector<double> seen = row_of(weights, 0, i);
    if (own[i] == "chair in the way") {
      EXPECT_LT(largest(seen), 0.3);
      // By progress it is still where it was one step before.
      EXPECT_EQ(row_of(weights, 1, i), row_of(weights, 1, i - 1));
    } else {
      EXPECT_EQ(shown[place_of_largest(seen)], expected[i]) << own[i];
      EXPECT_GT(largest(seen), 0.5) << own[i];
      EXPECT_EQ(shown[place_of_largest(row_of(weights, 1, i))], expected[i]) << own[i];
    }
  }
}

TEST(Translation, EachWordFindsItsMeaning) {
  const nlohmann::json sample = document("translation.json");
  const auto target = sample["sequences"]["target"]["tokens"].get<Tokens>();
  const auto source = sample["sequences"]["source"]["tokens"].get<Tokens>();
  const support::Npy weights = computed("translation.json", "weights");
  const std::vector<std::pair<std::string, std::string>> meanings{
      {"Yesterday", "昨天"}, {"I", "我"}, {"a", "一本"}, {"book", "书"}, {"in", "在"}, {"library", "图书馆"}};
  for (const auto& [word, meaning] : meanings) {
    const auto i = static_cast<std::size_t>(std::find(target.begin(), target.end(), word) - target.begin());
    ASSERT_LT(i, target.size()) << word;
    EXPECT_EQ(source[place_of_largest(row_of(weights, 0, i))], meaning) << word;
  }
}

TEST(SaidTwice, HasAPreviousTokenHeadAndAnInductionHead) {
  const auto tokens = document("said_twice.json")["sequences"]["sentence"]["tokens"].get<Tokens>();
  const support::Npy weights = computed("said_twice.json", "weights");
  EXPECT_GE(mean_weights(weights, previous_token_pairs(tokens.size()))[0], 0.8);
  EXPECT_GE(mean_weights(weights, induction_pairs(tokens))[2], 0.8);
}

}  // namespace
}  // namespace attn::samples

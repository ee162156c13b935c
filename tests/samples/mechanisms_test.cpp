// Samples that show one part of the equation each, through the real program: the claims of their README.
#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/samples/through_the_program.hpp"

namespace attn::samples {
namespace {

using Row = std::vector<double>;
using Tokens = std::vector<std::string>;

Tokens tokens_of(const nlohmann::json& sample, const std::string& sequence) {
  return sample["sequences"][sequence]["tokens"].get<Tokens>();
}

double sum(const Row& row) {
  return std::accumulate(row.begin(), row.end(), 0.0);
}

// The weight on the letters of `part`, which stands once in the date's text.
double weight_on(const Row& row, const std::string& text, const std::string& part) {
  const auto from = row.begin() + static_cast<std::ptrdiff_t>(text.find(part));
  return std::accumulate(from, from + static_cast<std::ptrdiff_t>(part.size()), 0.0);
}

TEST(Dates, EachStepLooksAtThePartThatItWrites) {
  const nlohmann::json sample = document("dates.json");
  const std::pair<const char*, const char*> ways[] = {{"day first", "twenty-third of March 1987"},
                                                      {"month first", "March the twenty-third, 1987"}};
  for (int layer = 0; layer < 2; ++layer) {
    const auto& [sequence, text] = ways[layer];
    const Tokens letters = tokens_of(sample, sequence);
    ASSERT_EQ(std::accumulate(letters.begin(), letters.end(), std::string()), text);
    const support::Npy weights = computed("dates.json", "weights", layer);
    ASSERT_EQ(weights.shape, (std::vector<std::size_t>{1, 10, letters.size()}));
    // 1987-03-23; what writes the month's 0 and the dashes needs no letter in particular.
    for (const auto& [step, part] : {std::pair{0, "1987"},
                                     {1, "1987"},
                                     {2, "1987"},
                                     {3, "1987"},
                                     {6, "March"},
                                     {8, "twenty"},
                                     {9, "third"}}) {
      EXPECT_GT(weight_on(row_of(weights, 0, static_cast<std::size_t>(step)), text, part), 0.8)
          << text << ", step " << step;
    }
  }
}

TEST(Tree, TheRelationSaysWhoMayAnswer) {
  const nlohmann::json sample = document("tree.json");
  const Tokens words = tokens_of(sample, "sentence");
  const auto parents = sample["sequences"]["sentence"]["parents"].get<std::vector<int>>();
  const auto place = [&](const char* word) {
    return static_cast<std::size_t>(std::find(words.begin(), words.end(), word) - words.begin());
  };
  const support::Npy up = computed("tree.json", "weights", 0), down = computed("tree.json", "weights", 1),
                     beside = computed("tree.json", "weights", 2);
  for (const support::Npy* weights : {&up, &down, &beside}) ASSERT_FALSE(weights->values.empty());
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::vector<bool> above(words.size(), false);
    for (int at = static_cast<int>(i); at >= 0; at = parents[static_cast<std::size_t>(at)])
      above[static_cast<std::size_t>(at)] = true;
    const Row row = row_of(up, 0, i);
    for (std::size_t j = 0; j < words.size(); ++j)
      EXPECT_EQ(row[j] > 0, above[j]) << words[i] << " " << words[j];
    const bool has_children = std::find(parents.begin(), parents.end(), static_cast<int>(i)) != parents.end();
    EXPECT_NEAR(sum(row_of(down, 0, i)), has_children ? 1 : 0, 1e-6) << words[i];
  }
  EXPECT_GT(row_of(up, 0, place("red"))[place("sleeps")], row_of(up, 0, place("red"))[place("sofa")]);
  EXPECT_EQ(row_of(beside, 0, place("cat"))[place("sofa")], 1);
  EXPECT_EQ(row_of(beside, 0, place("sofa"))[place("cat")], 1);
}

TEST(Positions, Head3FindsTheWordOfTheFirstLineAndHead0DoesNot) {
  const std::size_t line = tokens_of(document("positions.json"), "song").size() / 2;
  for (int layer = 0; layer < 2; ++layer) {
    const support::Npy weights = computed("positions.json", "weights", layer);
    ASSERT_FALSE(weights.values.empty());
    // "row" stands three times; the words behind it stand once a line.
    for (std::size_t i = line + 3; i < 2 * line; ++i) {
      EXPECT_LT(row_of(weights, 0, i)[i - line], 0.1) << "layer " << layer;
      EXPECT_GT(row_of(weights, 3, i)[i - line], 0.25) << "layer " << layer;
    }
  }
}

TEST(Sparse, SparsemaxGivesExactZeros) {
  const support::Npy soft = computed("sparse.json", "weights", 0),
                     sparse = computed("sparse.json", "weights", 1);
  for (const support::Npy* both : {&soft, &sparse}) ASSERT_FALSE(both->values.empty());
  EXPECT_EQ(row_of(sparse, 0, 0), (Row{0.5, 0.5, 0, 0, 0, 0, 0, 0}));
  const Row first = row_of(soft, 0, 0);
  EXPECT_GT(*std::min_element(first.begin(), first.end()), 0.01);
  for (const support::Npy* both : {&soft, &sparse}) EXPECT_EQ(row_of(*both, 0, 4), Row(8, 0.125));
}

TEST(Padding, NobodyLooksAtTheFillingOrAhead) {
  const nlohmann::json sample = document("padding.json");
  int layer = 0;
  for (const char* sequence : {"filled on the right", "filled on the left"}) {
    const auto real = sample["sequences"][sequence]["attention_mask"].get<std::vector<int>>();
    const support::Npy weights = computed("padding.json", "weights", layer++);
    ASSERT_FALSE(weights.values.empty());
    int allowed = 0;
    for (std::size_t i = 0; i < real.size(); ++i) {
      allowed += real[i];
      Row expected(real.size(), 0);
      for (std::size_t j = 0; j <= i; ++j) expected[j] = real[j] == 0 ? 0 : 1.0 / allowed;
      const Row row = row_of(weights, 0, i);
      for (std::size_t j = 0; j < real.size(); ++j)
        EXPECT_NEAR(row[j], expected[j], 1e-6) << sequence << " " << i;
      const bool follows = i > 0 && real[i] == 1 && real[i - 1] == 1;
      if (follows) {
        EXPECT_GT(row_of(weights, 1, i)[i - 1], 0.8) << sequence << " " << i;
      }
    }
  }
}

}  // namespace
}  // namespace attn::samples

// Every stage of the equation against the plain loops of naive.hpp, for random documents under random
// settings.
#include <cmath>
#include <limits>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/core/attention/naive.hpp"
#include "tests/support/documents.hpp"
#include "tests/support/random_settings.hpp"

namespace attn::test {
namespace {

using namespace support;

// The first place where a stage differs from the reference, in words; empty where they agree.
std::string difference(const Matrix& actual, const std::vector<std::vector<double>>& expected,
                       double tolerance) {
  std::ostringstream words;
  const auto rows = static_cast<Index>(expected.size());
  const auto columns = static_cast<Index>(expected[0].size());
  if (actual.rows() != rows || actual.cols() != columns) {
    words << "shape " << actual.rows() << " × " << actual.cols() << ", expected " << rows << " × " << columns;
    return words.str();
  }
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < columns; ++j) {
      const double a = actual(i, j);
      const double e = expected[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
      const bool agree = std::isfinite(e) ? std::abs(a - e) <= tolerance * (1 + std::abs(e))
                                          : a == e || (std::isnan(a) && std::isnan(e));
      if (agree) continue;
      words << "(" << i << ", " << j << ") is " << a << ", expected " << e;
      return words.str();
    }
  }
  return {};
}

TEST(Reference, TheComparisonCanFail) {
  Matrix m(1, 2);
  m << 1, -std::numeric_limits<double>::infinity();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(difference(m, {{1, -infinity}}, 1e-12), "");
  EXPECT_NE(difference(m, {{1 + 1e-11, -infinity}}, 1e-12), "");
  EXPECT_NE(difference(m, {{1, infinity}}, 1e-12), "");
  EXPECT_NE(difference(m, {{1, -1e300}}, 1e-12), "");
  EXPECT_NE(difference(m, {{std::nan(""), -infinity}}, 1e-12), "");
  EXPECT_NE(difference(m, {{1}, {-infinity}}, 1e-12), "");
}

TEST(Reference, EveryStageOfRandomDocuments) {
  std::set<Stage> seen;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    Random random(seed);
    Document document = random_document(random);
    const nlohmann::json settings = random_settings(random, document);
    const Equation equation = equation_of(document, settings);
    for (const auto& [stage, expected] : naive_stages(document, equation.settings())) {
      const auto shape = equation.shape(stage);
      ASSERT_TRUE(shape) << info(stage).name << ": " << describe(shape.error());
      ASSERT_EQ(static_cast<std::size_t>(shape->heads), expected.size()) << info(stage).name;
      seen.insert(stage);
      for (std::size_t head = 0; head < expected.size(); ++head) {
        const std::string words =
            difference(stage_of(equation, stage, static_cast<Index>(head)), expected[head], 1e-12);
        ASSERT_EQ(words, "") << "seed " << seed << ", " << info(stage).name << " of head " << head << " of "
                             << origin_name(document.layers[0]) << " under " << settings;
      }
    }
  }
  EXPECT_EQ(seen.size(), kStages.size()) << "no document reached some stage";
}

TEST(Reference, StagesThatADocumentHasNotAreRefused) {
  Random random(1);
  const Sizes sizes{2, 1, 3, 4, 2, 2};
  struct Row {
    Document document;
    std::set<std::string> missing;
  };
  const std::set<std::string> values{"v", "contributions", "context", "output"};
  std::set<std::string> before_scores = values, before_bias = values;
  before_scores.insert({"q", "k"});
  before_bias.insert({"q", "k", "scores", "scaled", "capped"});
  for (const Row& row :
       {Row{qkv_document(random, sizes, true), {}}, Row{qkv_document(random, sizes, false), values},
        Row{scores_document(random, sizes), before_scores},
        Row{weights_document(random, sizes), before_bias}}) {
    const Equation equation = equation_of(row.document);
    for (const StageInfo& stage : kStages) {
      const auto shape = equation.shape(stage.stage);
      EXPECT_EQ(!shape.has_value(), row.missing.contains(std::string(stage.name))) << stage.name;
      const std::string words = shape ? std::string(stage.name) : describe(shape.error());
      EXPECT_NE(words.find(stage.name), std::string::npos) << words;
    }
  }
}

}  // namespace
}  // namespace attn::test

// Numbers: the formats agree, the selections select, threads change nothing.
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/cli/cli.hpp"
#include "tests/support/npy.hpp"

namespace attn::cli {
namespace {

using Shape = std::vector<std::size_t>;

class Compute : public Cli {
 protected:
  Compute() { folder.write("d.json", kDocument); }

  // The array that `compute d.json ARGUMENTS` writes as .npy.
  support::Npy npy(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"compute", "d.json", "-o", "out.npy"});
    done(arguments);
    return support::parse_npy(bytes("out.npy")).value_or(support::Npy{});
  }
};

// All numbers of nested lists, −∞ for null.
void flatten(const nlohmann::json& json, std::vector<double>& values) {
  if (!json.is_array()) {
    values.push_back(json.is_null() ? -HUGE_VAL : json.is_boolean() ? json.get<bool>() : json.get<double>());
    return;
  }
  for (const auto& item : json) flatten(item, values);
}

// The cells of a table without its first line and its first `leading` columns.
std::vector<double> csv_values(const std::string& text, std::size_t leading) {
  std::vector<double> values;
  const std::vector<std::string> lines = support::lines(text);
  for (std::size_t row = 1; row < lines.size(); ++row) {
    std::istringstream cells(lines[row]);
    std::string cell;
    for (std::size_t column = 0; std::getline(cells, cell, ','); ++column) {
      if (column >= leading) values.push_back(std::stod(cell));
    }
  }
  return values;
}

TEST_F(Compute, TheFormatsAgree) {
  for (const char* stage : {"q", "k", "v", "scores", "scaled", "capped", "biased", "mask", "logits",
                            "weights", "dropped", "context", "output"}) {
    const support::Npy array = npy({"--stage", stage});
    done({"compute", "d.json", "-o", "out.json", "--stage", stage});
    done({"compute", "d.json", "-o", "out.csv", "--stage", stage});
    std::vector<double> from_json;
    flatten(nlohmann::json::parse(bytes("out.json")), from_json);
    const std::vector<double> from_csv = csv_values(bytes("out.csv"), array.shape.size() - 1);
    ASSERT_EQ(from_json.size(), array.values.size()) << stage;
    ASSERT_EQ(from_csv.size(), array.values.size()) << stage;
    for (std::size_t i = 0; i < array.values.size(); ++i) {
      EXPECT_EQ(static_cast<float>(from_json[i]), static_cast<float>(array.values[i])) << stage << " " << i;
      EXPECT_EQ(static_cast<float>(from_csv[i]), static_cast<float>(array.values[i])) << stage << " " << i;
    }
  }
}

TEST_F(Compute, ShapesAndTypes) {
  struct Row {
    std::vector<std::string> arguments;
    std::string dtype;
    Shape shape;
  };
  const std::vector<Row> rows{
      {{}, "<f4", {2, 3, 4}},
      {{"--head", "all"}, "<f4", {2, 3, 4}},
      {{"--head", "1"}, "<f4", {3, 4}},
      {{"--head", "mean"}, "<f4", {3, 4}},
      {{"--head", "max"}, "<f4", {3, 4}},
      {{"--stage", "mask"}, "|b1", {2, 3, 4}},
      {{"--stage", "mask", "--head", "0"}, "|b1", {3, 4}},
      {{"--stage", "context"}, "<f4", {2, 3, 1}},
      {{"--stage", "output"}, "<f4", {3, 2}},
      {{"--layer", "1"}, "<f4", {1, 3, 4}},
      {{"--set", "layer=1"}, "<f4", {1, 3, 4}},
      {{"--layer", "all", "--head", "0"}, "<f4", {2, 3, 4}},
      {{"--precision", "exact"}, "<f8", {2, 3, 4}},
      {{"--precision", "fast"}, "<f4", {2, 3, 4}},
  };
  for (const Row& row : rows) {
    const support::Npy array = npy(row.arguments);
    EXPECT_EQ(array.dtype, row.dtype) << (row.arguments.empty() ? "" : row.arguments.back());
    EXPECT_EQ(array.shape, row.shape) << (row.arguments.empty() ? "" : row.arguments.back());
  }
}

TEST_F(Compute, AHeadIsASliceAndALayerToo) {
  const support::Npy all = npy({}), one = npy({"--head", "1"}),
                     layers = npy({"--layer", "all", "--head", "0"});
  EXPECT_TRUE(std::equal(one.values.begin(), one.values.end(), all.values.begin() + 12));
  EXPECT_TRUE(std::equal(layers.values.begin(), layers.values.begin() + 12, all.values.begin()));
  const support::Npy second = npy({"--layer", "1", "--head", "0"});
  EXPECT_TRUE(std::equal(second.values.begin(), second.values.end(), layers.values.begin() + 12));
}

TEST_F(Compute, LayersOfTwoShapesAreRefused) {
  const support::Outcome outcome = attnscope({"compute", "d.json", "-o", "out.npy", "--layer", "all"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("/layers/1: expected layers of one shape"), std::string::npos) << outcome.err;
  EXPECT_EQ(bytes("out.npy"), "");
}

TEST_F(Compute, ThreadsChangeNoByte) {
  done({"compute", "d.json", "-o", "one.npy", "--threads", "1"});
  for (const char* threads : {"2", "3", "4", "8"}) {
    done({"compute", "d.json", "-o", "many.npy", "--threads", threads});
    EXPECT_EQ(bytes("many.npy"), bytes("one.npy")) << threads;
  }
}

TEST_F(Compute, StandardInputAndOutput) {
  const std::string text = done({"compute", "-", "-o", "-", "--head", "1"}, kDocument);
  done({"compute", "d.json", "-o", "out.json", "--head", "1"});
  EXPECT_EQ(text, bytes("out.json"));
}

TEST_F(Compute, SettingsComeInTheirOrder) {
  folder.write("s.json", R"({"temperature": 2})");
  const auto logit = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--stage", "logits", "--head", "0", "--set", "scale=1"});
    return npy(arguments).values[0];
  };
  EXPECT_EQ(logit({}), 1);
  EXPECT_EQ(logit({"--settings", "s.json"}), 0.5);
  EXPECT_EQ(logit({"--set", "temperature=4", "--settings", "s.json"}), 0.25) << "--set is above a file";
  EXPECT_EQ(logit({"--set", "temperature=4", "--set", "temperature=8"}), 0.125) << "the last one holds";
}

TEST_F(Compute, OverwritesAndLeavesNothingElse) {
  folder.write("out.npy", "old");
  npy({});
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"d.json", "out.npy"}));
}

TEST_F(Compute, JsonWritesMinusInfinityAsNull) {
  const std::string text =
      done({"compute", "d.json", "-o", "-", "--stage", "logits", "--head", "0", "--layer", "1"});
  const auto json = nlohmann::json::parse(text);
  EXPECT_TRUE(json[1][0].is_null()) << "a null of the document";
  EXPECT_TRUE(json[0][3].is_null()) << "masked";
  EXPECT_EQ(json[0][1], 2);
}

}  // namespace
}  // namespace attn::cli

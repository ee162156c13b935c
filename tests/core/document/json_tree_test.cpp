#include "core/document/json_tree.hpp"

#include <cmath>
#include <random>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace attn {
namespace {

Result<JsonNode> parse(std::string text) {
  return parse_json(text, 0, text.size());
}

const NumberArray& array_of(Result<JsonNode>& node) {
  static const NumberArray kNone;
  const NumberArray* array = node ? node->array() : nullptr;
  EXPECT_NE(array, nullptr) << (node ? "no array" : describe(node.error()));
  return array ? *array : kNone;
}

TEST(JsonTree, KeepsKindsAndOrder) {
  auto node =
      parse(R"({"z": null, "a": true, "n": -1.50, "s": "x\u00e9", "l": ["a", 1], "o": {}, "t": [1, 2]})");
  ASSERT_TRUE(node) << describe(node.error());
  const auto& members = *node->as<JsonNode::Object>();
  ASSERT_EQ(members.size(), 7u);
  EXPECT_EQ(members[0].key, "z");
  EXPECT_NE(members[0].value.as<std::nullptr_t>(), nullptr);
  EXPECT_TRUE(*members[1].value.as<bool>());
  EXPECT_EQ(members[2].value.as<JsonNumber>()->text, "-1.50");
  EXPECT_EQ(members[2].value.as<JsonNumber>()->value, -1.5);
  EXPECT_EQ(*members[3].value.as<std::string>(), "x\xC3\xA9");
  EXPECT_EQ(members[4].value.as<JsonNode::List>()->size(), 2u);
  EXPECT_TRUE(members[5].value.as<JsonNode::Object>()->empty());
}

TEST(JsonTree, ScalarRoots) {
  for (const char* text : {"1", " 1.5e3 ", "\"a\"", "true", "false", "null", "-0"})
    EXPECT_TRUE(parse(text)) << text;
  for (const char* text : {"1 2", "\"a\" 1", "nul", "tru", "-", "1x", "null,", "NaN", "-Infinity"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
}

TEST(JsonTree, EmptyListsAreArraysOfNothing) {
  auto flat = parse("[]");
  EXPECT_EQ(array_of(flat).shape, (std::vector<std::size_t>{0}));
  auto deep = parse("[[], []]");
  EXPECT_EQ(array_of(deep).shape, (std::vector<std::size_t>{2, 0}));
}

TEST(JsonTree, ArraysBelowSettingsStayLists) {
  auto node = parse(R"({"settings": {"a": [1, [2]]}, "sequences": {"settings": [1]}})");
  ASSERT_TRUE(node);
  auto& members = *node->as<JsonNode::Object>();
  const auto& settings = *members[0].value.as<JsonNode::Object>();
  EXPECT_NE(settings[0].value.as<JsonNode::List>(), nullptr);
  EXPECT_NE((*members[1].value.as<JsonNode::Object>())[0].value.array(), nullptr);
}

TEST(JsonTree, RemembersTheFirstDefectOfEachKind) {
  using Kind = Defect::Kind;
  struct Row {
    const char* text;
    Kind kind;
    const char* place;
  };
  const std::vector<Row> rows = {
      {"[[1, 2], [3], [4]]", Kind::ragged, "/1"},
      {"[[1], [2, 3]]", Kind::ragged, "/1"},
      {"[[[1, 2]], [[3, 4], [5, 6]]]", Kind::ragged, "/1"},
      {"[[[1, 2]], [[3]]]", Kind::ragged, "/1/0"},
      {"[1, \"a\", \"b\"]", Kind::mixed, "/1"},
      {"[1, [2]]", Kind::mixed, "/1"},
      {"[1, {\"a\": [1]}]", Kind::mixed, "/1"},
      {"[[1], 2]", Kind::mixed, "/1"},
      {"[[1], [\"a\"]]", Kind::mixed, "/1/0"},
      {"[1, null, null]", Kind::null, "/1"},
      {"[null, 1]", Kind::null, "/0"},
      {"[1, -Infinity]", Kind::minus_infinity, "/1"},
      {"[1, 3.5e38]", Kind::overflow, "/1"},
      {"[1, -1e300]", Kind::overflow, "/1"},
      {"[1, true]", Kind::boolean, "/1"},
      {"[false]", Kind::boolean, "/0"},
  };
  for (const Row& row : rows) {
    auto node = parse(row.text);
    const NumberArray& array = array_of(node);
    ASSERT_EQ(array.defects.size(), 1u) << row.text;
    EXPECT_EQ(array.defects[0].kind, row.kind) << row.text;
    EXPECT_EQ(array.defects[0].place, row.place) << row.text;
    EXPECT_FALSE(array.defects[0].expected.empty());
    EXPECT_FALSE(array.defects[0].found.empty());
  }
}

TEST(JsonTree, KnowsWholeAndVanishedNumbers) {
  struct Row {
    const char* text;
    bool whole;
    std::size_t vanished;
  };
  const std::vector<Row> rows = {
      {"[0, -1, 16777216, 1e3, -0.0]", true, 0},
      {"[16777217]", false, 0},
      {"[0.5]", false, 0},
      {"[1e-300]", false, 1},
      {"[0.0e5, 0e-99]", true, 0},
      {"[1e-400, 0.5]", false, 1},
      {"[1, true]", true, 0},
      {"[1, null]", false, 0},
  };
  for (const Row& row : rows) {
    auto node = parse(row.text);
    EXPECT_EQ(array_of(node).vanished, row.vanished) << row.text;
    EXPECT_EQ(array_of(node).whole, row.whole) << row.text;
  }
}

TEST(JsonTree, NumbersAreTheNearest) {
  struct Row {
    const char* text;
    float value;
  };
  const std::vector<Row> rows = {
      {"0.1", 0.1f},
      {"1e0", 1},
      {"-0.0", -0.0f},
      {"16777217", 16777216},
      {"3.4028235e38", 3.40282347e38f},
      {"3.40282356e38", 3.40282347e38f},
      {"1e-45", 1.4e-45f},
      {"1.00000000000000000000000000000000000000000000001", 1},
      {"123456789012345678901234567890", 123456789012345678901234567890.0f},
      {"1e00000000000000000000000000001", 10},
      {"0.000000000000000000000000000000000000000000001e45", 1},
  };
  for (const Row& row : rows) {
    auto node = parse(fmt::format("[{}]", row.text));
    const NumberArray& array = array_of(node);
    ASSERT_EQ(array.values.size(), 1u) << row.text;
    EXPECT_TRUE(array.defects.empty()) << row.text;
    EXPECT_EQ(array.values[0], row.value) << row.text;
    EXPECT_EQ(std::signbit(array.values[0]), std::signbit(row.value)) << row.text;
  }
}

std::string write(const std::vector<float>& values, const std::vector<std::size_t>& shape, std::size_t axis,
                  std::size_t& next, std::mt19937& random) {
  if (axis == shape.size()) return fmt::format("{}", values[next++]);
  std::string text = "[";
  for (std::size_t i = 0; i < shape[axis]; ++i) {
    if (i > 0) text += random() % 4 == 0 ? " ,\n " : ",";
    text += write(values, shape, axis + 1, next, random);
  }
  return text + "]";
}

TEST(JsonTree, RandomArraysComeBackBitForBit) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    std::vector<std::size_t> shape(1 + random() % 5);
    std::size_t size = 1;
    for (std::size_t& length : shape) size *= length = 1 + random() % 4;
    std::vector<float> values(size);
    for (float& value : values) {
      value =
          std::ldexp(static_cast<float>(random() % 20001) - 10000.0f, static_cast<int>(random() % 200) - 120);
    }
    std::size_t next = 0;
    auto node = parse(write(values, shape, 0, next, random));
    const NumberArray& array = array_of(node);
    ASSERT_EQ(array.shape, shape);
    ASSERT_EQ(array.values, values);
    ASSERT_TRUE(array.defects.empty());
  }
}

TEST(JsonTree, LargeArraysGrowRight) {
  std::string text = "[";
  const std::size_t n = 300'000;
  for (std::size_t i = 0; i < n; ++i) text += fmt::format("{}{}", i == 0 ? "" : ",", i < 70'000 ? i % 10 : i);
  auto node = parse(text + "]");
  const NumberArray& array = array_of(node);
  ASSERT_EQ(array.values.size(), n);
  for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(array.values[i], static_cast<float>(i < 70'000 ? i % 10 : i));
}

TEST(JsonTree, ReadsAPartOfAText) {
  std::string text = "[1]\n[2,3]\n[4]";
  auto node = parse_json(text, 4, 9, "/7");
  EXPECT_EQ(array_of(node).shape, (std::vector<std::size_t>{2}));
  std::string broken = "[1]\n[2,3\n[4]";
  const auto refused = parse_json(broken, 4, 8);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().place, "2:5 (byte 8)");
}

}  // namespace
}  // namespace attn

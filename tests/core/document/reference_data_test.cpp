// The reference data, where the environment variable ATTNSCOPE_DATA names its folder.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/document/json_tree.hpp"
#include "tests/core/document/parse.hpp"

namespace attn {
namespace {

namespace fs = std::filesystem;

fs::path data_folder() {
  const char* named = std::getenv("ATTNSCOPE_DATA");
  return named ? fs::path(named) : fs::path();
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ReferenceData, CasesOpenUnlessTheyNeedWhatIsToCome) {
  if (data_folder().empty()) GTEST_SKIP() << "ATTNSCOPE_DATA names no folder of reference data";
  std::size_t opened = 0;
  for (const auto& entry : fs::recursive_directory_iterator(data_folder() / "cases")) {
    if (entry.path().filename() != "document.json") continue;
    const auto document = read_document(entry.path());
    if (document) {
      ++opened;
      for (const Note& note : document->notes)
        EXPECT_NE(note.kind, Note::Kind::warning) << entry.path() << note.text;
      continue;
    }
    EXPECT_EQ(document.error().code, ErrorCode::unsupported) << describe(document.error());
  }
  EXPECT_GT(opened, 100u);
}

TEST(ReferenceData, FirstCasesOpen) {
  if (data_folder().empty()) GTEST_SKIP() << "ATTNSCOPE_DATA names no folder of reference data";
  std::ifstream list(data_folder() / "cases/FIRST.txt");
  for (std::string name; list >> name;) {
    const auto document = read_document(data_folder() / "cases" / name / "document.json");
    EXPECT_TRUE(document) << describe(document.error());
  }
}

// Whether the suite's file is accepted; `-Infinity` alone in an array is this program's own extension.
bool accepted(const fs::path& path) {
  std::string text = content(path);
  const std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const auto node = parse_json(text, start, text.size());
  if (!node) {
    EXPECT_FALSE(node.error().place.empty()) << path;
    EXPECT_FALSE(node.error().expected.empty()) << path;
  }
  return node.has_value();
}

TEST(ReferenceData, JsonTestSuite) {
  if (data_folder().empty()) GTEST_SKIP() << "ATTNSCOPE_DATA names no folder of reference data";
  const std::vector<std::string> exceptions = {"n_number_minus_infinity.json", "y_object_duplicated_key.json",
                                               "y_object_duplicated_key_and_value.json"};
  std::size_t either_accepted = 0;
  for (const auto& entry : fs::directory_iterator(data_folder() / "jsontestsuite/test_parsing")) {
    const std::string name = entry.path().filename();
    const bool ours = accepted(entry.path());
    if (name.starts_with("i_")) either_accepted += ours ? 1u : 0u;
    if (name.starts_with("i_")) continue;
    const bool exception = std::find(exceptions.begin(), exceptions.end(), name) != exceptions.end();
    EXPECT_EQ(ours, name.starts_with("y_") != exception) << name;
  }
  EXPECT_EQ(either_accepted, 6u);
}

// Where readers differ on the value: refused, or the double nearest to the text.
TEST(ReferenceData, JsonTestSuiteTransforms) {
  if (data_folder().empty()) GTEST_SKIP() << "ATTNSCOPE_DATA names no folder of reference data";
  std::size_t refused = 0;
  for (const auto& entry : fs::directory_iterator(data_folder() / "jsontestsuite/test_transform")) {
    const std::string name = entry.path().filename();
    const bool unclear =
        name.starts_with("object_same_key") || name.find("invalid_codepoint") != std::string::npos;
    EXPECT_EQ(accepted(entry.path()), !unclear) << name;
    refused += unclear ? 1u : 0u;
    if (!name.starts_with("number_")) continue;
    const std::string text = content(entry.path());
    std::string in_object = R"({"x": )" + text.substr(1, text.rfind(']') - 1) + "}";
    const auto node = parse_json(in_object, 0, in_object.size());
    ASSERT_TRUE(node) << name;
    const auto* number = node->as<JsonNode::Object>()->front().value.as<JsonNumber>();
    ASSERT_TRUE(number) << name;
    EXPECT_EQ(number->value, std::strtod(text.c_str() + 1, nullptr)) << name;
  }
  EXPECT_EQ(refused, 9u);
}

}  // namespace
}  // namespace attn

// The samples and the documents of the reference data hold to the schemas, as python3-jsonschema reads them.
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/conformance/cases.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn::conformance {
namespace {

namespace fs = std::filesystem;

// Reads the folder of schemas, then a document a line; prints each that does not hold, and how many were
// read.
constexpr const char* kValidate = R"(
import json, sys
from jsonschema import Draft202012Validator
folder, *files = sys.stdin.read().splitlines()
read = lambda file: json.load(open(file, encoding='utf-8-sig'))
schema = read(folder + '/document.schema.json')
schema['$id'] = 'https://attnscope.invalid/document.schema.json'
settings = read(folder + '/settings.schema.json')
schema['$defs']['settings'] = dict(settings, **{'$id': 'https://attnscope.invalid/settings.schema.json'})
for part in (schema, settings):
    Draft202012Validator.check_schema(part)
validator = Draft202012Validator(schema)
for file in files:
    for error in validator.iter_errors(read(file)):
        print(file, error.json_path, error.message[:200])
print(len(files), 'documents')
)";

class Schema : public testing::Test {
 protected:
  void SetUp() override {
    try {
      if (support::run("/usr/bin/env", {"python3", "-c", "from jsonschema import Draft202012Validator"})
              .exit_code == 0)
        return;
    } catch (const std::exception&) {
    }
    GTEST_SKIP() << "python3-jsonschema is missing";
  }

  // What does not hold, one a line, and the count.
  static std::string findings(const std::vector<fs::path>& documents) {
    std::string input = std::string(ATTNSCOPE_ASSETS) + "/schema\n";
    for (const fs::path& document : documents) input += document.string() + "\n";
    const auto outcome = support::run("/usr/bin/env", {"python3", "-c", kValidate}, {{}, input, {}});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
};

std::string count_of(const std::vector<fs::path>& documents) {
  return std::to_string(documents.size()) + " documents\n";
}

TEST_F(Schema, HoldsForTheSamples) {
  std::vector<fs::path> samples;
  for (const auto& entry : fs::directory_iterator(fs::path(ATTNSCOPE_ASSETS) / "samples")) {
    if (entry.path().extension() == ".json") samples.push_back(entry.path());
  }
  ASSERT_FALSE(samples.empty());
  EXPECT_EQ(findings(samples), count_of(samples));
}

TEST_F(Schema, HoldsForTheReferenceData) {
  const fs::path cases = case_folder();
  std::vector<fs::path> documents;
  for (const std::string& name : all_case_names(cases)) {
    const Case one = read_case(cases, name);
    const fs::path document = one.folder / one.document;
    if (!is_beyond_this_version(name) && document.extension() == ".json") documents.push_back(document);
  }
  if (documents.empty()) GTEST_SKIP() << "ATTNSCOPE_DATA is not set";
  EXPECT_EQ(findings(documents), count_of(documents));
}

TEST_F(Schema, FindsWhatIsWrong) {
  const std::vector<const char*> right{
      R"(["a", "b"])", R"({"text": "a b", "settings": {"masks": ["causal"], "normalizer": "sparsemax"}})",
      R"([{"text": "a"}, ["a", "b"]])"};
  const std::vector<const char*> wrong{
      R"("a")",
      R"({"tokens": "a b"})",
      R"({"text": "a", "heads": 0})",
      R"({"text": "a", "settings": {"temprature": 1}})",
      R"({"text": "a", "settings": {"masks": "causal"}})",
      R"({"text": "a", "settings": {"masks": ["block"]}})",
      R"({"text": "a", "settings": {"masks": [{"kind": "block", "size": 0}]}})",
      R"({"text": "a", "settings": {"normalizer": {"kind": "entmax", "alfa": 1}}})",
      R"({"text": "a", "settings": {"view": {"stage": "weight"}}})",
      R"({"text": "a", "recurrence": {"steps": 2}})",
      R"({"text": "a", "q": {"file": 3}})",
      R"({"text": "a", "score": "cosine"})"};
  const support::TemporaryFolder folder;
  std::vector<fs::path> documents;
  for (const auto* texts : {&right, &wrong}) {
    for (const char* text : *texts) {
      const std::string name = std::to_string(documents.size()) + ".json";
      folder.write(name, text);
      documents.push_back(folder.path() / name);
    }
  }
  const std::string found = findings(documents);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const bool refused = found.find(documents[i].string()) != std::string::npos;
    EXPECT_EQ(refused, i >= right.size()) << (i < right.size() ? right[i] : wrong[i - right.size()]);
  }
}

}  // namespace
}  // namespace attn::conformance

// The schema of documents is written by hand: its keys are those that the reader knows.
#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/attention/families.hpp"
#include "core/document/keys.hpp"
#include "core/document/tensors/dtype.hpp"

namespace attn::test {
namespace {

using Json = nlohmann::json;
using Names = std::set<std::string>;

class DocumentSchema : public testing::Test {
 protected:
  static Json read(const std::string& name) {
    std::ifstream file(std::string(ATTNSCOPE_ASSETS) + "/schema/" + name);
    return Json::parse(file);
  }
  const Json schema = read("document.schema.json");
  const Json settings = read("settings.schema.json");
};

// The keys of `object`'s properties, those that are refused apart.
Names keys_of(const Json& object, bool refused) {
  Names names;
  for (const auto& [name, value] : object.at("properties").items()) {
    if ((value == false) == refused) names.insert(name);
  }
  return names;
}

template <class Table>
Names names_of(const Table& table) {
  return {table.begin(), table.end()};
}

TEST_F(DocumentSchema, HasTheKeysOfTheReader) {
  const Json& parts = schema["$defs"];
  EXPECT_EQ(keys_of(parts["document"], false), names_of(keys::kDocument));
  EXPECT_EQ(keys_of(parts["shorthand"], false), names_of(keys::kTokenLists));
  EXPECT_EQ(keys_of(parts["sequence"], false), names_of(keys::kSequence));
  EXPECT_EQ(keys_of(parts["layer"], false), names_of(keys::kLayer));
  Names refused = keys_of(parts["sequence"], true);
  refused.merge(keys_of(parts["layer"], true));
  Names unsupported;
  for (const keys::Unsupported& row : keys::kUnsupported) unsupported.emplace(row.key);
  EXPECT_EQ(refused, unsupported);
}

TEST_F(DocumentSchema, HasTheTensorsOfTheReader) {
  const Json& forms = schema["$defs"]["tensor"]["anyOf"];
  ASSERT_EQ(forms.size(), 4u);
  EXPECT_EQ(keys_of(forms[2], false), names_of(keys::kBase64Tensor));
  EXPECT_EQ(keys_of(forms[3], false), names_of(keys::kFileTensor));
  Names types;
  for (const Dtype& row : dtypes()) types.emplace(row.name);
  EXPECT_EQ(forms[2]["properties"]["dtype"]["enum"].get<Names>(), types);
  const Json tensor{{"$ref", "#/$defs/tensor"}};
  for (const auto& [table, part] : {std::pair{names_of(keys::kSequenceTensors), "sequence"},
                                    std::pair{names_of(keys::kLayerTensors), "layer"}}) {
    for (const std::string& name : table)
      EXPECT_EQ(schema["$defs"][part]["properties"][name].value("$ref", ""), tensor["$ref"]) << name;
  }
}

// Every reference of `node` names something that is there.
void expect_references(const Json& node, const Json& root, const Json& other) {
  if (node.is_object() && node.contains("$ref")) {
    const auto text = node["$ref"].get<std::string>();
    const std::size_t hash = std::min(text.find('#'), text.size());
    const std::string file = text.substr(0, hash);
    EXPECT_TRUE(file.empty() || file == "settings.schema.json") << text;
    const Json::json_pointer place(hash < text.size() ? text.substr(hash + 1) : "");
    EXPECT_TRUE((file.empty() ? root : other).contains(place)) << text;
  }
  if (!node.is_structured()) return;
  for (const Json& child : node) expect_references(child, root, other);
}

TEST_F(DocumentSchema, HasNoReferenceToNothing) {
  expect_references(schema, schema, settings);
  expect_references(settings, settings, Json::object());
}

}  // namespace
}  // namespace attn::test

// Where settings come from, and how paths change parts of them.
#include "core/attention/settings.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/document/keys.hpp"
#include "tests/support/documents.hpp"
#include "tests/support/random_settings.hpp"

namespace attn::test {
namespace {

using namespace support;
using Json = nlohmann::json;

Document plain_document() {
  Random random(1);
  return qkv_document(random, {2, 2, 3, 3, 2, 2});
}

// Sources from lowest to highest; which & (1 << s) says whether source s speaks, with temperature s + 2.
TEST(Settings, TheHighestSourceThatSpeaksWins) {
  for (unsigned which = 0; which < 128; ++which) {
    const auto speaks = [&](unsigned source) { return (which >> source & 1u) != 0; };
    Document document = plain_document();
    SettingsStack stack;
    if (speaks(0)) document.settings = {{"temperature", 2}};
    if (speaks(1)) document.layers[0].settings = {{"temperature", 3}};
    if (speaks(2)) stack.files.push_back({"a.json", {{"temperature", 4}}});
    if (speaks(3)) stack.files.push_back({"b.json", {{"temperature", 5}}});
    if (speaks(4)) stack.sets.push_back({"temperature", 6});
    if (speaks(5)) stack.sets.push_back({"temperature", 7});
    if (speaks(6)) stack.window = {{"temperature", 8}};
    double expected = 1;
    for (unsigned source = 0; source < 7; ++source) expected = speaks(source) ? source + 2 : expected;
    const auto settings = resolve_settings(document, 0, stack);
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->temperature.all, expected) << which;
  }
}

TEST(Settings, OfALayerHoldForThatLayerOnly) {
  Document document = plain_document();
  document.layers.push_back(document.layers[0]);
  document.layers[1].settings = {{"temperature", 3}};
  EXPECT_EQ(resolve_settings(document, 0, {})->temperature.all, 1);
  EXPECT_EQ(resolve_settings(document, 1, {})->temperature.all, 3);
}

TEST(Settings, AKeyReplacesWholeAndAPathChangesOnePart) {
  Document document = plain_document();
  document.settings = {{"head_gates", {{"mute", {0}}, {"gain", {{"1", 0.5}}}}}};
  SettingsStack whole, part;
  whole.files.push_back({"f", {{"head_gates", {{"solo", {1}}}}}});
  part.sets.push_back({"head_gates.solo", {1}});
  const HeadGates replaced = resolve_settings(document, 0, whole)->head_gates;
  const HeadGates changed = resolve_settings(document, 0, part)->head_gates;
  EXPECT_EQ(replaced, (HeadGates{{}, {1}, {}}));
  EXPECT_EQ(changed, (HeadGates{{0}, {1}, {{1, 0.5}}}));
}

struct PathRow {
  const char* key;
  const char* before;             // value in the document
  std::vector<const char*> sets;  // as on the command line
  const char* after;              // value in force
};

TEST(Settings, PathsChangeParts) {
  const std::vector<PathRow> rows{
      {"temperature", "1", {"temperature=0.5"}, "0.5"},
      {"temperature", "1", {"temperature.all=0.5"}, R"({"all": 0.5})"},
      {"temperature", "2", {"temperature.heads.1=0.5"}, R"({"all": 2, "heads": {"1": 0.5}})"},
      {"temperature",
       R"({"all": 2, "heads": {"0": 3}})",
       {"temperature.heads.1=0.5"},
       R"({"all": 2, "heads": {"0": 3, "1": 0.5}})"},
      {"temperature",
       "1",
       {"temperature.heads.0=2", "temperature.all=3"},
       R"({"all": 3, "heads": {"0": 2}})"},
      {"temperature", R"({"heads": {"0": 3}})", {"temperature=4"}, "4"},
      {"masks", R"([{"kind": "causal"}])", {"masks.0.offset=1"}, R"([{"kind": "causal", "offset": 1}])"},
      {"masks",
       R"([{"kind": "causal"}, {"kind": "window"}])",
       {"masks.1.left=2", "masks.0.align=bottom_right"},
       R"([{"kind": "causal", "align": "bottom_right"}, {"kind": "window", "left": 2}])"},
      {"masks", R"([{"kind": "causal"}])", {R"(masks.0={"kind": "padding"})"}, R"([{"kind": "padding"}])"},
      {"masks", R"([{"kind": "causal"}])", {"masks=[]"}, "[]"},
      {"head_gates",
       "{}",
       {"head_gates.mute=[1]", "head_gates.gain.0=2"},
       R"({"mute": [1], "gain": {"0": 2}})"},
      {"normalizer", R"({"kind": "softmax"})", {"normalizer.kind=softmax"}, R"({"kind": "softmax"})"},
      {"scale", "null", {"scale=none"}, R"("none")"},
      {"scale", "null", {"scale=\"none\""}, R"("none")"},
      {"scale", "2", {"scale=null"}, "null"},
      {"view", "{}", {"view.stage=logits", "view.range=[0, 1]"}, R"({"stage": "logits", "range": [0, 1]})"},
  };
  for (const PathRow& row : rows) {
    Document document = plain_document();
    document.settings = {{row.key, Json::parse(row.before)}};
    SettingsStack stack;
    for (const char* set : row.sets) stack.sets.push_back(*parse_setting_change(set));
    const auto settings = effective_settings(document, 0, stack);
    ASSERT_TRUE(settings) << row.sets[0] << ": " << describe(settings.error());
    EXPECT_EQ(settings->at(row.key), Json::parse(row.after)) << row.sets[0];
  }
}

TEST(Settings, AChangeIsAPathAndAValue) {
  const auto change = [](const char* text) { return parse_setting_change(text).value(); };
  EXPECT_EQ(change("temperature=0.5"), (SettingChange{"temperature", 0.5}));
  EXPECT_EQ(change("scale=inv_dk"), (SettingChange{"scale", "inv_dk"}));
  EXPECT_EQ(change("a.b=c=d"), (SettingChange{"a.b", "c=d"})) << "the first = divides";
  EXPECT_EQ(change("masks="), (SettingChange{"masks", ""}));
  EXPECT_EQ(change("heads=[1,"), (SettingChange{"heads", "[1,"})) << "not JSON: a string";
  for (const char* wrong : {"", "temperature", "=1"}) {
    const auto refused = parse_setting_change(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
  }
}

TEST(Settings, InForceSayThemselves) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const Document document = random_document(random);
    SettingsStack stack;
    stack.window = random_settings(random, document);
    const Settings settings = resolve_settings(document, 0, stack).value();
    SettingsStack again;
    again.window = effective_settings(document, 0, stack).value();
    EXPECT_EQ(resolve_settings(document, 0, again).value(), settings) << stack.window;
    again.window = without_defaults(again.window);
    EXPECT_EQ(resolve_settings(document, 0, again).value(), settings) << stack.window;
    const auto text = parse_settings(again.window.dump());
    ASSERT_TRUE(text) << describe(text.error());
    EXPECT_EQ(*text, again.window);
  }
}

TEST(Settings, NameTheLayer) {
  Document document = plain_document();
  document.layers.push_back(document.layers[0]);
  EXPECT_EQ(chosen_layer(document, {}).value(), 0u);
  document.settings = {{"layer", 1}};
  EXPECT_EQ(chosen_layer(document, {}).value(), 1u);
  SettingsStack stack;
  stack.sets.push_back({"layer", 2});
  const auto refused = chosen_layer(document, stack);
  ASSERT_FALSE(refused);
  EXPECT_NE(describe(refused.error()).find("below 2, found 2"), std::string::npos)
      << describe(refused.error());
}

// A document's reader tells a misplaced setting from a word that nobody knows.
TEST(Settings, AreKnownToTheReaderOfDocuments) {
  const auto in = [](const auto& table, std::string_view name) {
    return std::find(table.begin(), table.end(), name) != table.end();
  };
  for (const SettingKey& key : setting_keys()) {
    const bool of_layer = in(keys::kLayer, key.name) || key.name == "score";
    EXPECT_NE(in(keys::kSettings, key.name), of_layer) << key.name;
  }
}

}  // namespace
}  // namespace attn::test

// Settings that are wrong: each refusal names the place, what was expected and what was found.
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/attention/settings.hpp"
#include "tests/support/documents.hpp"

namespace attn::test {
namespace {

using namespace support;
using Json = nlohmann::json;

struct Row {
  const char* settings;
  const char* place;
  const char* expected;
  const char* found;
};

void expect_refused(const Result<void>& checked, const Row& row) {
  ASSERT_FALSE(checked) << row.settings << " is accepted";
  const Error& error = checked.error();
  EXPECT_EQ(error.place, row.place) << row.settings;
  EXPECT_NE(error.expected.find(row.expected), std::string::npos) << row.settings << ": " << describe(error);
  EXPECT_NE(error.found.find(row.found), std::string::npos) << row.settings << ": " << describe(error);
}

TEST(SettingRefusals, NamePlaceExpectedAndFound) {
  const std::vector<Row> rows{
      {R"([])", "/settings", "an object", "[]"},
      {R"({"temprature": 1})", "/settings/temprature", "a setting", "temprature"},
      {R"({"Temperature": 1})", "/settings/Temperature", "a setting", "Temperature"},
      {R"({"": 1})", "/settings/", "a setting", "\"\""},
      {R"({"temperature": 0})", "/settings/temperature", "above 0", "0"},
      {R"({"temperature": -1})", "/settings/temperature", "above 0", "-1"},
      {R"({"temperature": "1"})", "/settings/temperature", "above 0", "\"1\""},
      {R"({"temperature": null})", "/settings/temperature", "above 0", "null"},
      {R"({"temperature": {"al": 1}})", "/settings/temperature/al", "all", "al"},
      {R"({"temperature": {"all": 0}})", "/settings/temperature/all", "above 0", "0"},
      {R"({"temperature": {"heads": {"1": -2}}})", "/settings/temperature/heads/1", "above 0", "-2"},
      {R"({"temperature": {"heads": {"one": 2}}})", "/settings/temperature/heads", "index", "one"},
      {R"({"temperature": {"heads": [2]}})", "/settings/temperature/heads", "head", "[2]"},
      {R"({"layer": -1})", "/settings/layer", "whole number", "-1"},
      {R"({"layer": 1.5})", "/settings/layer", "whole number", "1.5"},
      {R"({"layer": 1e300})", "/settings/layer", "whole number", "1e+300"},
      {R"({"batch": "0"})", "/settings/batch", "whole number", "\"0\""},
      {R"({"heads": 0})", "/settings/heads", "from 1", "0"},
      {R"({"heads": true})", "/settings/heads", "from 1", "true"},
      {R"({"scale": "sqrt"})", "/settings/scale", "inv_sqrt_dk", "sqrt"},
      {R"({"scale": true})", "/settings/scale", "number", "true"},
      {R"({"scale": ["none"]})", "/settings/scale", "number", "[\"none\"]"},
      {R"({"masks": {"kind": "causal"}})", "/settings/masks", "a list", "causal"},
      {R"({"masks": "causal"})", "/settings/masks", "a list", "causal"},
      {R"({"masks": [1]})", "/settings/masks/0", "a mask", "1"},
      {R"({"masks": [{}]})", "/settings/masks/0", "a mask", "{}"},
      {R"({"masks": [{"kind": 3}]})", "/settings/masks/0", "a mask", "3"},
      {R"({"masks": [{"kind": "causal"}, {"kind": "casual"}]})", "/settings/masks/1/kind", "causal",
       "casual"},
      {R"({"masks": [{"kind": "causal", "ofset": 1}]})", "/settings/masks/0/ofset", "offset", "ofset"},
      {R"({"masks": [{"kind": "causal", "offset": 0.5}]})", "/settings/masks/0/offset", "whole", "0.5"},
      {R"({"masks": [{"kind": "causal", "offset": null}]})", "/settings/masks/0/offset", "whole", "null"},
      {R"({"masks": [{"kind": "causal", "offset": 1e12}]})", "/settings/masks/0/offset", "whole",
       "1000000000000"},
      {R"({"masks": [{"kind": "causal", "align": "left"}]})", "/settings/masks/0/align", "top_left", "left"},
      {R"({"masks": [{"kind": "window", "left": "all"}]})", "/settings/masks/0/left", "or null", "all"},
      {R"({"masks": [{"kind": "causal", "combine": "xor"}]})", "/settings/masks/0/combine", "and", "xor"},
      {R"({"masks": [{"kind": "causal", "negate": 1}]})", "/settings/masks/0/negate", "true or false", "1"},
      {R"({"bias": {"kind": "document"}})", "/settings/bias", "a list", "document"},
      {R"({"bias": [{"kind": "alibis"}]})", "/settings/bias/0/kind", "alibi", "alibis"},
      {R"({"bias": [{"kind": "alibi", "slopes": "flat"}]})", "/settings/bias/0/slopes", "geometric", "flat"},
      {R"({"bias": [{"kind": "alibi", "slopes": [1, "2"]}]})", "/settings/bias/0/slopes", "list of numbers",
       "2"},
      {R"({"bias": [{"kind": "t5", "buckets": 1}]})", "/settings/bias/0/buckets", "from 2", "1"},
      {R"({"bias": [{"kind": "t5", "table": [[1], [1, 2]]}]})", "/settings/bias/0/table", "nested lists",
       "[[1]"},
      {R"({"bias": [{"kind": "t5", "table": {"shape": [2], "data": [1]}}]})", "/settings/bias/0/table",
       "nested", "shape"},
      {R"({"bias": [{"kind": "expression"}]})", "/settings/bias/0", "\"expr\"", "expression"},
      {R"({"bias": [{"kind": "expression", "expr": 1}]})", "/settings/bias/0/expr", "an expression", "1"},
      {R"({"bias": [{"kind": "document", "slope": 1}]})", "/settings/bias/0/slope", "parameter of document",
       "slope"},
      {R"({"head_gates": []})", "/settings/head_gates", "mute", "[]"},
      {R"({"head_gates": {"muted": []}})", "/settings/head_gates/muted", "mute", "muted"},
      {R"({"head_gates": {"mute": 1}})", "/settings/head_gates/mute", "a list", "1"},
      {R"({"head_gates": {"solo": [-1]}})", "/settings/head_gates/solo", "whole", "-1"},
      {R"({"head_gates": {"gain": [1]}})", "/settings/head_gates/gain", "head", "[1]"},
      {R"({"head_gates": {"gain": {"0": "loud"}}})", "/settings/head_gates/gain/0", "a number", "loud"},
      {R"({"head_gates": {"gain": {"-1": 1}}})", "/settings/head_gates/gain", "index", "-1"},
      {R"({"normalizer": "softmin"})", "/settings/normalizer", "softmax", "softmin"},
      {R"({"normalizer": {"alpha": 2}})", "/settings/normalizer", "a normaliser", "alpha"},
      {R"({"normalizer": {"kind": "entmax", "alpha": 0.5}})", "/settings/normalizer/alpha", "from 1", "0.5"},
      {R"({"normalizer": {"kind": "top_k"}})", "/settings/normalizer", "\"k\"", "top_k"},
      {R"({"normalizer": {"kind": "top_k", "k": 0}})", "/settings/normalizer/k", "from 1", "0"},
      {R"({"normalizer": {"kind": "sink", "logits": 1}})", "/settings/normalizer/logits", "list", "1"},
      {R"({"masks": [{"kind": "block", "size": 0}]})", "/settings/masks/0/size", "from 1", "0"},
      {R"({"masks": [{"kind": "dilated", "stride": 2}]})", "/settings/masks/0", "\"window\"", "dilated"},
      {R"({"masks": [{"kind": "random", "p": 1.5}]})", "/settings/masks/0/p", "to 1", "1.5"},
      {R"({"masks": [{"kind": "global", "tokens": [-1]}]})", "/settings/masks/0/tokens", "whole numbers",
       "-1"},
      {R"({"masks": [{"kind": "tree", "relation": "uncle"}]})", "/settings/masks/0/relation", "siblings",
       "uncle"},
      {R"({"masks": [{"kind": "painted", "strokes": [{"rows": [2, 1], "cols": [0, 1], "allow": true}]}]})",
       "/settings/masks/0/strokes", "rows", "[2,1]"},
      {R"({"masks": [{"kind": "painted", "strokes": [], "negate": true}]})", "/settings/masks/0", "without",
       "negate"},
      {R"({"masks": [{"kind": "expression", "expr": "k <"}]})", "/settings/masks/0/expr", "an expression",
       "k <"},
      {R"({"score": {"kind": "dott"}})", "/settings/score/kind", "dot", "dott"},
      {R"({"score": {"kind": "general", "activation": "gelu"}})", "/settings/score/activation", "tanh",
       "gelu"},
      {R"({"score": {"kind": "additive", "W_1": "big"}})", "/settings/score/W_1", "nested lists", "big"},
      {R"({"score": {"kind": "euclidean", "power": 0}})", "/settings/score/power", "from", "0"},
      {R"({"position": "rotary"})", "/settings/position", "rope", "rotary"},
      {R"({"position": {"kind": "rope", "fraction": 2}})", "/settings/position/fraction", "to 1", "2"},
      {R"({"position": {"kind": "rope", "style": "odd"}})", "/settings/position/style", "interleaved", "odd"},
      {R"({"embedding_scale": "sqrt"})", "/settings/embedding_scale", "sqrt_dmodel", "sqrt"},
      {R"({"normalizer": {"kind": "softmin"}})", "/settings/normalizer/kind", "softmax", "softmin"},
      {R"({"normalizer": {"kind": "softmax", "axis": "rows"}})", "/settings/normalizer/axis", "queries",
       "rows"},
      {R"({"empty_rows": "one"})", "/settings/empty_rows", "uniform", "one"},
      {R"({"view": {"stage": "weight"}})", "/settings/view/stage", "weights", "weight"},
      {R"({"view": {"stage": 9}})", "/settings/view/stage", "weights", "9"},
      {R"({"view": {"colormap": 1}})", "/settings/view/colormap", "name", "1"},
      {R"({"view": {"range": [1, 0]}})", "/settings/view/range", "low < high", "[1,0]"},
      {R"({"view": {"range": [0]}})", "/settings/view/range", "low < high", "[0]"},
      {R"({"view": {"labels": "yes"}})", "/settings/view/labels", "true or false", "yes"},
      {R"({"view": {"region": [0, 1, 1, 1]}})", "/settings/view/region",
       "null, or [row from, row to, column from, column to], from < to", "[0,1,1,1]"},
      {R"({"softcap": -1})", "/settings/softcap", "above 0", "-1"},
      {R"({"softcap_after_bias": 1})", "/settings/softcap_after_bias", "true or false", "1"},
      {R"({"dropout": {"p": 1}})", "/settings/dropout/p", "not including, 1", "1"},
      {R"({"dropout": {"p": -0.1}})", "/settings/dropout/p", "from 0", "-0.1"},
      {R"({"dropout": {"where": "scores"}})", "/settings/dropout/where", "output", "scores"},
      {R"({"dropout": {"rate": 0.1}})", "/settings/dropout/rate", "seed", "rate"},
      {R"({"rollout": {"residual": 2}})", "/settings/rollout/residual", "to 1", "2"},
      {R"({"rollout": {"heads": "sum"}})", "/settings/rollout/heads", "mean", "sum"},
      {R"({"seed": -1})", "/settings/seed", "whole number", "-1"},
  };
  for (const Row& row : rows) expect_refused(check_settings(Json::parse(row.settings), "/settings"), row);
}

TEST(SettingRefusals, NumbersThatAreNone) {
  for (const double wrong :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    EXPECT_FALSE(check_settings({{"temperature", wrong}}, "")) << wrong;
    EXPECT_FALSE(check_settings({{"temperature", {{"heads", {{"0", wrong}}}}}}, "")) << wrong;
    EXPECT_FALSE(check_settings({{"scale", wrong}}, "")) << wrong;
    EXPECT_FALSE(check_settings({{"layer", wrong}}, "")) << wrong;
    EXPECT_FALSE(check_settings({{"heads", wrong}}, "")) << wrong;
    EXPECT_FALSE(check_settings({{"head_gates", {{"gain", {{"0", wrong}}}}}}, "")) << wrong;
    EXPECT_FALSE(check_settings({{"masks", {{{"kind", "causal"}, {"offset", wrong}}}}}, "")) << wrong;
    EXPECT_FALSE(check_settings({{"view", {{"range", {wrong, 1}}}}}, "")) << wrong;
    EXPECT_FALSE(check_settings({{"view", {{"range", {0, wrong}}}}}, "")) << wrong;
  }
}

TEST(SettingRefusals, UnknownKeysNameTheNearest) {
  for (const auto& [wrong, near] : {std::pair{"temprature", "temperature"},
                                    {"mask", "masks"},
                                    {"head_gate", "head_gates"},
                                    {"normaliser", "normalizer"},
                                    {"soft_cap", "softcap"}}) {
    const auto checked = check_settings({{wrong, 1}}, "");
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().hint, std::string("Did you mean \"") + near + "\"?");
  }
  EXPECT_EQ(check_settings({{"qqqqqqqqqqqqqqqqqq", 1}}, "").error().hint, "") << "nothing is near";
}

TEST(SettingRefusals, HintAtWhatWasMeant) {
  const auto hint = [](const Json& settings) {
    const auto checked = check_settings(settings, "");
    return checked ? "accepted" : checked.error().hint;
  };
  EXPECT_EQ(hint({{"masks", "causal"}}), "One alone is a list, too: [\"causal\"].");
  EXPECT_EQ(hint({{"bias", {{"kind", "alibi"}}}}), "One alone is a list, too: [{\"kind\":\"alibi\"}].");
  EXPECT_EQ(hint({{"masks", 3}}), "For example [\"causal\"].");
  EXPECT_EQ(hint({{"normalizer", {{"kind", "softmax"}, {"alpha", 2}}}}), "alpha is a parameter of entmax.");
  EXPECT_EQ(hint({{"view", {{"stage", "weigths"}}}}), "Did you mean \"weights\"?");
  Document document;
  document.layers.push_back({});
  for (const SettingChange& none : {SettingChange{"masks", nullptr}, SettingChange{"masks", Json::array()}}) {
    const auto settings = resolve_settings(document, 0, {{}, {none, {"masks.0.offset", 1}}, Json::object()});
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().hint, "Give the list first: masks=[\"causal\"].");
  }
}

TEST(SettingRefusals, OfAFileHaveALineAndAColumn) {
  const std::vector<Row> rows{
      {"{\"temperature\": }", "1:17", "", ""},
      {"{\n \"temperature\": 1,\n}", "3:1", "", ""},
      {"{\"temperature\": 1, \"temperature\": 2}", "", "once", ""},
      {"{\"temperature\": 1} x", "1:20", "", ""},
      {"{\"temperature\": NaN}", "/temperature", "a number", ""},
      {"", "1:1", "", ""},
  };
  for (const Row& row : rows) {
    const auto parsed = parse_settings(row.settings);
    ASSERT_FALSE(parsed) << row.settings;
    EXPECT_NE(parsed.error().place.find(row.place), std::string::npos)
        << row.settings << ": " << describe(parsed.error());
    EXPECT_NE(describe(parsed.error()).find(row.expected), std::string::npos) << describe(parsed.error());
  }
}

TEST(SettingRefusals, OfAPathNameThePath) {
  const std::vector<Row> rows{
      {"temprature=1", "--set temprature", "a setting", "temprature"},
      {"temperature=0", "--set temperature", "above 0", "0"},
      {"temperature=hot", "--set temperature", "above 0", "hot"},
      {"temperature.heads.x=1", "--set temperature.heads", "index", "x"},
      {"masks.0.offset=1", "--set masks.0.offset", "settings with a mask", "none"},
      {"masks=causal", "--set masks", "a list of masks", "causal"},
      {"normalizer.kind=softmin", "--set normalizer.kind", "softmax", "softmin"},
      {"score.w=1", "--set score", "a score", "w"},
      {"layer.x=1", "--set layer.x", "a path", "x"},
      {"softcap=-1", "--set softcap", "above 0", "-1"},
  };
  Random random(1);
  const Document document = qkv_document(random, {2, 2, 3, 3, 2, 2});
  for (const Row& row : rows) {
    SettingsStack stack;
    stack.sets.push_back(*parse_setting_change(row.settings));
    const auto settings = resolve_settings(document, 0, stack);
    expect_refused(settings ? Result<void>() : tl::unexpected(settings.error()), row);
  }
  SettingsStack beyond;
  beyond.sets = {{"masks", {{{"kind", "causal"}}}}, {"masks.1.offset", 1}};
  const auto settings = resolve_settings(document, 0, beyond);
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().place, "--set masks.1.offset");
  EXPECT_EQ(settings.error().expected, "an index below 1");
}

TEST(SettingRefusals, SayWhichSourceWasWrong) {
  Random random(1);
  Document document = qkv_document(random, {1, 1, 2, 2, 2, 2});
  const auto words = [&](const SettingsStack& stack) {
    const auto settings = resolve_settings(document, 0, stack);
    return settings ? "accepted" : describe(settings.error());
  };
  SettingsStack stack;
  stack.files.push_back({"mine.json", {{"temperature", 0}}});
  EXPECT_EQ(words(stack).find("mine.json: /temperature: "), 0u) << words(stack);
  document.layers[0].settings = {{"temperature", 0}};
  EXPECT_EQ(words({}).find("test: /layers/0/settings/temperature: "), 0u) << words({});
  document.settings = {{"temperature", 0}};
  EXPECT_EQ(words({}).find("test: /settings/temperature: "), 0u) << words({});
}

}  // namespace
}  // namespace attn::test

// Every setting has a row here that fails where the setting is ignored.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/attention/bias.hpp"
#include "core/attention/mask.hpp"
#include "core/attention/normalizer.hpp"
#include "core/attention/position.hpp"
#include "core/attention/score.hpp"
#include "tests/support/documents.hpp"

namespace attn::test {
namespace {

using namespace support;
using Json = nlohmann::json;

// Two layers with all that a setting may refer to.
Document full_document() {
  Random random(42);
  Document document = qkv_document(random, {2, 2, 3, 5, 2, 2});
  Layer& layer = document.layers[0];
  layer.bias = random_tensor(random, {3, 5});
  layer.mask = Tensor({5}, {1, 1, 1, 0, 1});
  document.sequences[1].attention_mask = {1, 1, 1, 1, 0};
  Layer second = layer;
  second.bias = random_tensor(random, {3, 5});
  document.layers.push_back(std::move(second));
  return document;
}

// A sequence that looks at itself, with embeddings, projections and all that a mask may ask for.
Document self_document() {
  Random random(44);
  Document document = projections_document(random, {2, 2, 6, 6, 4, 2}, false);
  add_bias_mask_padding(random, document, {2, 2, 6, 6, 4, 2});
  Sequence& sequence = document.sequences[0];
  sequence.segments = {0, 0, 1, 1, 2, 2};
  sequence.parents = {1, -1, 1, 2, 3, 1};
  sequence.image = ImageGrid{1, 4, 2};
  document.layers[0].bias = random_tensor(random, {6, 6});
  document.layers[0].mask.reset();
  return document;
}

Document batched_weights() {
  Random random(43);
  return weights_document(random, {2, 2, 3, 5, 1, 1}, 2);
}

// All numbers of all stages and heads of the layer that the settings choose.
std::vector<double> all_numbers(const Document& document, const Json& settings) {
  SettingsStack stack;
  stack.window = settings;
  const Equation equation = equation_of(document, settings, chosen_layer(document, stack).value());
  std::vector<double> numbers;
  for (const StageInfo& stage : kStages) {
    const auto shape = equation.shape(stage.stage);
    for (Index head = 0; shape && head < shape->heads; ++head) {
      const Matrix values = stage_of(equation, stage.stage, head);
      numbers.insert(numbers.end(), values.data(), values.data() + values.size());
    }
  }
  return numbers;
}

struct Row {
  const char* what;  // the key, and after a dot the part of it
  Json one, other;   // values of the key that must give different numbers
  Document (*document)() = full_document;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows{
      {"layer", 0, 1},
      {"batch", 0, 1, batched_weights},
      {"heads", nullptr, 1},
      {"head_gates.mute", Json::object(), {{"mute", {0}}}},
      {"head_gates.solo", Json::object(), {{"solo", {0}}}},
      {"head_gates.gain", Json::object(), {{"gain", {{"1", 0.5}}}}},
      {"scale", "inv_sqrt_dk", "inv_dk"},
      {"scale.dmodel", "inv_sqrt_dmodel", "sqrt_dmodel"},
      {"scale.number", "none", 0.5},
      {"scale.null", nullptr, "none"},
      {"bias", nullptr, Json::array()},
      {"bias.twice", {{{"kind", "document"}}}, {{{"kind", "document"}}, {{"kind", "document"}}}},
      {"masks", nullptr, Json::array()},
      {"temperature", 1, 2},
      {"temperature.heads", {{"all", 1}}, {{"all", 1}, {"heads", {{"1", 2}}}}},
      {"empty_rows", "zero", "uniform"},
      {"embedding_scale", 1, 2, self_document},
      {"embedding_scale.sqrt_dmodel", 1, "sqrt_dmodel", self_document},
      {"position", "none", "rope"},
      {"score", nullptr, "cosine"},
      {"softcap", 0, 0.5},
      {"softcap_after_bias", false, true},
      {"normalizer", "softmax", "sparsemax"},
      {"normalizer.axis", "softmax", {{"kind", "softmax"}, {"axis", "queries"}}},
      {"dropout.p", {{"p", 0}}, {{"p", 0.5}}},
      {"dropout.seed", {{"p", 0.5}}, {{"p", 0.5}, {"seed", 1}}},
      {"dropout.where", {{"p", 0.5}}, {{"p", 0.5}, {"where", "output"}}},
      {"seed", 0, 1},
  };
  return kRows;
}

std::string key_of(const Row& row) {
  const std::string what = row.what;
  return what.substr(0, what.find('.'));
}

TEST(SettingEffects, EachChangesSomeNumber) {
  for (const Row& row : rows()) {
    const std::string key = key_of(row);
    Json one{{key, row.one}}, other{{key, row.other}};
    // A row that may attend to nothing, so that the setting has something to do.
    if (key == "softcap_after_bias") one["softcap"] = other["softcap"] = 0.5;
    // Something must be drawn from the seed.
    if (key == "seed") one["score"] = other["score"] = "general";
    if (key == "empty_rows") one["masks"] = other["masks"] = {{{"kind", "causal"}, {"offset", -1}}};
    EXPECT_NE(all_numbers(row.document(), one), all_numbers(row.document(), other))
        << row.what << " is ignored";
    EXPECT_EQ(all_numbers(row.document(), one), all_numbers(row.document(), one)) << row.what;
  }
}

TEST(SettingEffects, NoKeyIsLeftOut) {
  for (const SettingKey& key : setting_keys()) {
    // The view is drawn, never a number: below. Rollout joins layers, which no stage of one layer shows.
    if (key.name == "view" || key.name == "rollout") continue;
    const auto is_key = [&](const Row& row) { return key_of(row) == key.name; };
    EXPECT_TRUE(std::ranges::any_of(rows(), is_key)) << key.name << " has no row in this file";
  }
}

TEST(SettingEffects, TheViewChangesNoNumberButItself) {
  const std::vector<double> plain = all_numbers(full_document(), Json::object());
  struct Part {
    const char* key;
    Json value;
  };
  for (const Part& part :
       {Part{"stage", "logits"}, Part{"colormap", "magma"}, Part{"range", {0, 1}}, Part{"labels", false}}) {
    const Json settings{{"view", {{part.key, part.value}}}};
    EXPECT_EQ(all_numbers(full_document(), settings), plain);
    EXPECT_FALSE(equation_of(full_document(), settings).settings().view == View{})
        << part.key << " is ignored";
  }
}

// A family of kinds, and how the settings hold one of them.
struct Family {
  const char* key;
  Kinds kinds;
  bool in_list;
  std::span<const Parameter> common;
};
const std::vector<Family>& families() {
  static const std::vector<Family> kFamilies{
      {"masks", kinds_of(mask_kinds()), true, mask_common_parameters()},
      {"bias", kinds_of(bias_kinds()), true, {}},
      {"score", kinds_of(score_kinds()), false, {}},
      {"position", kinds_of(position_kinds()), false, {}},
      {"normalizer", kinds_of(normalizer_kinds()), false, {}},
  };
  return kFamilies;
}

struct ParameterRow {
  const char* family;
  const char* kind;
  const char* parameter;
  Json one, other;
  Json rest = Json::object();  // parameters that both have
  Document (*document)() = full_document;
};

const std::vector<ParameterRow>& parameter_rows() {
  const Json two_by_two{{1, 0.5}, {-1, 2}};
  const Json other_matrix{{1, 0.5}, {-1, 3}};
  const Json vector{1, 2};
  const Json other_vector{1, 3};
  static const std::vector<ParameterRow> kRows{
      {"masks", "causal", "offset", 0, 1},
      {"masks", "causal", "align", "top_left", "bottom_right"},
      {"masks", "causal", "negate", false, true},
      {"masks", "causal", "combine", "and", "or"},
      {"masks", "window", "left", nullptr, 0},
      {"masks", "window", "right", nullptr, 0},
      {"masks", "window", "offset", 0, 1, {{"right", 0}}},
      {"masks", "window", "align", "top_left", "bottom_right", {{"right", 0}}},
      {"masks", "prefix", "length", 1, 2},
      {"masks", "block", "size", 1, 2},
      {"masks", "dilated", "stride", 1, 2, {{"window", 4}}},
      {"masks", "dilated", "window", 0, 2, {{"stride", 1}}},
      {"masks", "strided", "stride", 1, 2},
      {"masks", "global", "tokens", {0}, {1}},
      {"masks", "random", "p", 0.3, 0.8},
      {"masks", "random", "seed", 0, 1, {{"p", 0.5}}},
      {"masks", "tree", "relation", "parent", "children", Json::object(), self_document},
      {"masks", "grid", "radius", 0, 1, Json::object(), self_document},
      {"masks",
       "painted",
       "strokes",
       Json::array(),
       {{{"rows", {0, 1}}, {"cols", {0, 1}}, {"allow", false}}}},
      {"masks", "expression", "expr", "k <= q", "k < q + 2"},
      {"bias", "alibi", "slopes", "geometric", {1, 2}},
      {"bias", "alibi", "symmetric", false, true},
      {"bias", "t5", "table", {{1, 2}, {3, 4}}, {{1, 2}, {3, 5}}, {{"buckets", 2}}},
      {"bias", "t5", "buckets", 4, 8},
      {"bias", "t5", "max_distance", 3, 100, {{"buckets", 8}, {"bidirectional", false}}, self_document},
      {"bias", "t5", "bidirectional", true, false},
      {"bias", "expression", "expr", "q", "k"},
      {"score", "general", "W", two_by_two, other_matrix},
      {"score", "general", "b", 0, 1, {{"activation", "tanh"}}},
      {"score", "general", "activation", "none", "relu"},
      {"score", "additive", "W_1", two_by_two, other_matrix},
      {"score", "additive", "W_2", two_by_two, other_matrix},
      {"score", "additive", "v", vector, other_vector},
      {"score", "additive", "b", vector, other_vector},
      {"score", "concat", "w", {1, 2, 3, 4}, {1, 2, 3, 5}},
      {"score", "concat", "b", 0, 1, {{"activation", "tanh"}}},
      {"score", "concat", "activation", "none", "tanh"},
      {"score", "euclidean", "power", 1, 2},
      {"score", "gated", "u", two_by_two, other_matrix},
      {"score", "gated", "W", two_by_two, other_matrix},
      {"position", "rope", "theta", 10, 100, Json::object(), self_document},
      {"position", "rope", "style", "half", "interleaved", Json::object(), self_document},
      {"position", "rope", "fraction", 1, 0.5, Json::object(), self_document},
      {"position", "rope", "factor", 1, 2, Json::object(), self_document},
      {"normalizer", "sink", "logits", {0, 0}, {0, 1}},
      {"normalizer", "entmax", "alpha", 1.2, 1.7},
      {"normalizer", "sigmoid", "bias", 0, 1},
      {"normalizer", "top_k", "k", 1, 2},
  };
  return kRows;
}

Json settings_with(const Family& family, const Json& term) {
  return {{family.key, family.in_list ? Json::array({term}) : term}};
}

TEST(SettingEffects, EachParameterOfAKindChangesIt) {
  for (const ParameterRow& row : parameter_rows()) {
    const auto family =
        std::ranges::find_if(families(), [&](const Family& f) { return f.key == std::string(row.family); });
    const auto settings = [&](const Json& value) {
      const auto kind = std::ranges::find(family->kinds, row.kind, [](const KindInfo* k) { return k->name; });
      Json term = starting_term(**kind);
      term.update(row.rest);
      term[row.parameter] = value;
      return settings_with(*family, term);
    };
    EXPECT_NE(all_numbers(row.document(), settings(row.one)),
              all_numbers(row.document(), settings(row.other)))
        << row.kind << "." << row.parameter << " is ignored";
  }
}

TEST(SettingEffects, NoParameterOfAKindIsLeftOut) {
  for (const Family& family : families()) {
    for (const KindInfo* kind : family.kinds) {
      for (const Parameter& parameter : kind->parameters) {
        const auto is_it = [&](const ParameterRow& row) {
          return row.family == std::string(family.key) && row.kind == kind->name &&
                 row.parameter == parameter.name;
        };
        EXPECT_TRUE(std::ranges::any_of(parameter_rows(), is_it))
            << kind->name << "." << parameter.name << " has no row here";
      }
    }
  }
}

// Every kind of a family gives numbers of its own. The fourth family's `none` and the third's `dot` are what
// holds without them.
TEST(SettingEffects, EachKindDiffersFromTheOthers) {
  for (const Family& family : families()) {
    std::vector<std::vector<double>> seen;
    for (const KindInfo* kind : family.kinds) {
      // The document's own mask is there in one document alone.
      const bool own = family.in_list && kind->name == "document";
      Json term = starting_term(*kind);
      if (kind->name == "painted") term["strokes"] = {{{"rows", {0, 2}}, {"cols", {0, 1}}, {"allow", false}}};
      if (kind->name == "expression") term["expr"] = "k <= q + 1";
      if (kind->name == "prefix") term["length"] = 3;
      if (kind->name == "sink") term["logits"] = {1, 2};  // 0 is softmax_plus_one
      Json settings = settings_with(family, term);
      settings["scale"] = 1;
      const auto numbers = all_numbers(own ? full_document() : self_document(), settings);
      EXPECT_TRUE(std::ranges::find(seen, numbers) == seen.end())
          << family.key << " " << kind->name << " is like another";
      seen.push_back(numbers);
    }
  }
}

}  // namespace
}  // namespace attn::test

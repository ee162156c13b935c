// Every setting has a row here that fails where the setting is ignored.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/attention/mask.hpp"
#include "core/attention/normalizer.hpp"
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
    if (key == "empty_rows") one["masks"] = other["masks"] = {{{"kind", "causal"}, {"offset", -1}}};
    EXPECT_NE(all_numbers(row.document(), one), all_numbers(row.document(), other))
        << row.what << " is ignored";
    EXPECT_EQ(all_numbers(row.document(), one), all_numbers(row.document(), one)) << row.what;
  }
}

// Keys with nothing to change yet, and whether that is still so.
bool has_one_value_only(std::string_view key) {
  if (key == "normalizer") return normalizer_kinds().size() == 1;
  if (key == "score") return !check_settings({{"score", {{"kind", "cosine"}}}}, "");
  return key == "view";  // drawn, never a number: below
}

TEST(SettingEffects, NoKeyIsLeftOut) {
  for (const SettingKey& key : setting_keys()) {
    if (key.read == nullptr || has_one_value_only(key.name)) continue;
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

struct MaskRow {
  const char* kind;
  const char* parameter;
  Json one, other;
  Json rest = Json::object();  // parameters that both have
};

const std::vector<MaskRow>& mask_rows() {
  static const std::vector<MaskRow> kRows{
      {"causal", "offset", 0, 1},
      {"causal", "align", "top_left", "bottom_right"},
      {"window", "left", nullptr, 0},
      {"window", "right", nullptr, 0},
      {"window", "offset", 0, 1, {{"right", 0}}},
      {"window", "align", "top_left", "bottom_right", {{"right", 0}}},
      {"causal", "negate", false, true},
      {"causal", "combine", "and", "or"},
  };
  return kRows;
}

TEST(SettingEffects, EachParameterOfAMaskChangesIt) {
  for (const MaskRow& row : mask_rows()) {
    const auto settings = [&](const Json& value) {
      Json mask = row.rest;
      mask["kind"] = row.kind;
      mask[row.parameter] = value;
      return Json{{"masks", {mask}}};
    };
    EXPECT_NE(all_numbers(full_document(), settings(row.one)),
              all_numbers(full_document(), settings(row.other)))
        << row.kind << "." << row.parameter << " is ignored";
  }
}

TEST(SettingEffects, NoParameterOfAMaskIsLeftOut) {
  for (const MaskKind& kind : mask_kinds()) {
    for (const Parameter& parameter : kind.parameters) {
      const auto is_it = [&](const MaskRow& row) {
        return row.kind == kind.name && row.parameter == parameter.name;
      };
      EXPECT_TRUE(std::ranges::any_of(mask_rows(), is_it))
          << kind.name << "." << parameter.name << " has no row here";
    }
  }
}

TEST(SettingEffects, EachKindOfMaskChangesSomething) {
  const std::vector<double> open = all_numbers(full_document(), {{"masks", Json::array()}});
  for (const MaskKind& kind : mask_kinds()) {
    Json mask{{"kind", kind.name}};
    if (kind.name == "window") mask["left"] = 0;  // by default it lets all through
    EXPECT_NE(all_numbers(full_document(), {{"masks", {mask}}}), open) << kind.name;
  }
}

}  // namespace
}  // namespace attn::test

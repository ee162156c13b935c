// Masks, each cell of them, against the formulas of FORMAT.md.
#include "core/attention/mask.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/core/attention/naive.hpp"
#include "tests/support/documents.hpp"
#include "tests/support/random_settings.hpp"

namespace attn::test {
namespace {

using namespace support;
using Json = nlohmann::json;

Sizes random_sizes(Random& random) {
  return {2, 2, random.from_to(1, 9), random.from_to(1, 9), 1, 1};
}

LayerFacts facts_of(const Document& document) {
  return *layer_facts(document, 0, std::nullopt);
}

MaskMatrix mask_of(const Document& document, const Json& list, Index head = 0) {
  const LayerFacts facts = facts_of(document);
  const auto masks = read_masks(list, "/masks");
  if (!masks) throw std::runtime_error(describe(masks.error()));
  return CompiledMasks::make(*masks, facts)->band(head, {0, facts.n_q}, facts.n_k);
}

// Two sequences, or one that looks at itself; with all that a mask may ask for.
Document document_with_facts(Random& random, Sizes& sizes) {
  Document document = qkv_document(random, sizes);
  if (random.chance(0.4)) {
    sizes.n_k = sizes.n_q;
    document = qkv_document(random, sizes);
    document.layers[0].key = document.layers[0].value = document.layers[0].query;
  }
  add_bias_mask_padding(random, document, sizes);
  return document;
}

TEST(Mask, EveryKindFollowsItsFormula) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    Sizes sizes = random_sizes(random);
    Document document = document_with_facts(random, sizes);
    Json json = random_mask(random, document);
    json.erase("combine");
    const MaskTerm term = read_masks(Json::array({json}), "")->front();
    seen.insert(term.term.kind);
    for (Index head = 0; head < 2; ++head) {
      const MaskMatrix mask = mask_of(document, Json::array({json}), head);
      for (Index i = 0; i < mask.rows(); ++i) {
        for (Index j = 0; j < mask.cols(); ++j) {
          const bool m =
              naive_mask(document, document.layers[0], term.term, static_cast<std::size_t>(head), i, j);
          ASSERT_EQ(mask(i, j), m != term.negate) << json << " at " << head << ", " << i << ", " << j;
        }
      }
    }
  }
  EXPECT_EQ(seen.size() + 1, mask_kinds().size()) << "some kind but painted was never drawn";
}

TEST(Mask, StrokesOverwriteInTheirOrder) {
  Random random(8);
  const Document document = qkv_document(random, {2, 2, 3, 4, 1, 1});
  const Json strokes = Json::parse(R"([
      {"rows": [0, 2], "cols": [1, 9], "allow": true},
      {"rows": [1, 3], "cols": [2, 3], "allow": false, "heads": [1]},
      {"rows": [0, 3], "cols": [0, 4], "allow": false, "heads": []},
      {"rows": [1, 1], "cols": [0, 4], "allow": false}])");
  const Json list = Json::array({{{"kind", "causal"}}, {{"kind", "painted"}, {"strokes", strokes}}});
  const auto cells = [&](Index head) {
    std::string text;
    const MaskMatrix mask = mask_of(document, list, head);
    for (Index i = 0; i < mask.rows(); ++i) {
      for (Index j = 0; j < mask.cols(); ++j) text += mask(i, j) ? '1' : '0';
      text += ' ';
    }
    return text;
  };
  EXPECT_EQ(cells(0), "1111 1111 1110 ");
  EXPECT_EQ(cells(1), "1111 1101 1100 ");
}

TEST(Mask, ComposesFromLeftToRight) {
  Random random(7);
  const Document document = qkv_document(random, {1, 1, 6, 6, 1, 1});
  const Json causal{{"kind", "causal"}}, window{{"kind", "window"}, {"left", 1}, {"right", 1}};
  const auto with = [](Json mask, const char* key, const Json& value) {
    mask[key] = value;
    return mask;
  };
  const MaskMatrix c = mask_of(document, Json::array({causal}));
  const MaskMatrix w = mask_of(document, Json::array({window}));
  EXPECT_TRUE((mask_of(document, Json::array()) == true).all());
  EXPECT_TRUE((mask_of(document, Json::array({causal, window})) == (c && w)).all());
  EXPECT_TRUE((mask_of(document, Json::array({causal, with(window, "combine", "or")})) == (c || w)).all());
  EXPECT_TRUE((mask_of(document, Json::array({causal, with(window, "negate", true)})) == (c && !w)).all());
  EXPECT_TRUE((mask_of(document, Json::array({with(causal, "combine", "or")})) == true).all())
      << "or with all allowed";
  // (causal or window) and not causal: only the cells just above the diagonal.
  const Json list = Json::array({causal, with(window, "combine", "or"), with(causal, "negate", true)});
  const MaskMatrix above = mask_of(document, list);
  EXPECT_TRUE((above == ((c || w) && !c)).all());
  EXPECT_EQ(above.count(), 5);
}

TEST(Mask, ExamplesByHand) {
  struct Row {
    const char* json;
    Index n_q, n_k;
    std::vector<std::string> cells;
  };
  const std::vector<Row> rows{
      {R"({"kind": "causal"})", 3, 4, {"1000", "1100", "1110"}},
      {R"({"kind": "causal", "align": "bottom_right"})", 3, 4, {"1100", "1110", "1111"}},
      {R"({"kind": "causal", "align": "bottom_right"})", 4, 2, {"00", "00", "10", "11"}},
      {R"({"kind": "causal", "offset": -1})", 3, 3, {"000", "100", "110"}},
      {R"({"kind": "window", "left": 1})", 3, 4, {"1111", "1111", "0111"}},
      {R"({"kind": "window", "left": 0, "right": 1})", 3, 4, {"1100", "0110", "0011"}},
      {R"({"kind": "window", "left": 0, "right": 0, "align": "bottom_right", "offset": -1})",
       2,
       3,
       {"100", "010"}},
      {R"({"kind": "window", "left": -1, "right": 2})", 3, 4, {"0110", "0011", "0001"}},
      {R"({"kind": "padding"})", 2, 2, {"11", "11"}},
  };
  Random random(3);
  for (const Row& row : rows) {
    const Document document = qkv_document(
        random, {1, 1, static_cast<std::size_t>(row.n_q), static_cast<std::size_t>(row.n_k), 1, 1});
    const MaskMatrix mask = mask_of(document, Json::array({Json::parse(row.json)}));
    for (Index i = 0; i < row.n_q; ++i) {
      std::string cells;
      for (Index j = 0; j < row.n_k; ++j) cells += mask(i, j) ? '1' : '0';
      EXPECT_EQ(cells, row.cells[static_cast<std::size_t>(i)]) << row.json << " row " << i;
    }
  }
}

TEST(Mask, AnyBandEqualsTheRowsOfTheWhole) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed);
    const Sizes sizes = random_sizes(random);
    Document document = qkv_document(random, sizes);
    add_bias_mask_padding(random, document, sizes);
    const LayerFacts facts = facts_of(document);
    const auto masks = read_masks({random_mask(random, document), random_mask(random, document)}, "");
    const CompiledMasks compiled = *CompiledMasks::make(*masks, facts);
    const MaskMatrix whole = compiled.band(1, {0, facts.n_q}, facts.n_k);
    const Index begin = static_cast<Index>(random.below(sizes.n_q));
    const MaskMatrix part = compiled.band(1, {begin, facts.n_q}, facts.n_k);
    EXPECT_TRUE((part == whole.bottomRows(facts.n_q - begin)).all());
  }
}

TEST(Mask, TheDocumentsOwnHoldWithoutBeingNamed) {
  Random random(5);
  Document document = qkv_document(random, {1, 1, 2, 2, 1, 1});
  const auto kinds = [&] {
    std::string names;
    for (const MaskTerm& mask : default_masks(facts_of(document))) names += mask.term.kind + " ";
    return names;
  };
  EXPECT_EQ(kinds(), "");
  document.sequences[1].attention_mask = {1, 1};
  EXPECT_EQ(kinds(), "") << "no key is padding";
  document.sequences[1].attention_mask = {1, 0};
  EXPECT_EQ(kinds(), "padding ");
  document.layers[0].mask = Tensor({2}, {1, 0});
  EXPECT_EQ(kinds(), "padding document ");
}

TEST(Mask, JsonRoundTripKeepsTheMeaning) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    Document document = qkv_document(random, {1, 1, 2, 2, 1, 1});
    document.layers[0].mask = Tensor({2}, {1, 0});
    const auto masks = *read_masks({random_mask(random, document), random_mask(random, document)}, "");
    EXPECT_EQ(*read_masks(masks_to_json(masks), ""), masks);
  }
}

}  // namespace
}  // namespace attn::test

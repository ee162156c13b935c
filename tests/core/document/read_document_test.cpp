// What opens, and what is then in the document: shorthands, origins, notes.

#include "core/document/read_document.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/document/limits.hpp"
#include "tests/core/document/parse.hpp"

namespace attn {
namespace {

using test::has_note;
using test::parsed;

constexpr auto kInferred = Note::Kind::inferred;
constexpr auto kWarning = Note::Kind::warning;

std::vector<float> numbers(const Tensor& tensor) {
  return {tensor.values().begin(), tensor.values().end()};
}

TEST(Shorthands, Open) {
  struct Row {
    const char* text;
    const char* origin;
    std::size_t layers;
    std::size_t heads;
    std::size_t n_q;
    std::size_t n_k;
  };
  const std::vector<Row> rows = {
      {R"(["The", "cat"])", "embeddings", 1, 4, 2, 2},
      {R"({"text": "The cat sat"})", "embeddings", 1, 4, 3, 3},
      {R"({"tokens": ["a", "b"]})", "embeddings", 1, 4, 2, 2},
      {R"({"tokens": ["a", "b"], "heads": 8})", "embeddings", 1, 8, 2, 2},
      {R"({"tokens": ["a"], "embeddings": [[1, 2]]})", "embeddings", 1, 1, 1, 1},
      {R"({"tokens": ["a"], "embeddings": [[1, 2]], "heads": 2})", "embeddings", 1, 2, 1, 1},
      {R"({"tokens": ["a"], "q": [[1, 2]], "k": [[1, 2]]})", "q, k", 1, 1, 1, 1},
      {R"({"tokens": ["a"], "q": [[[1]], [[2]]], "k": [[[1]]], "v": [[[1]]]})", "q, k, v", 1, 2, 1, 1},
      {R"({"tokens": ["a"], "scores": [[null]]})", "scores", 1, 1, 1, 1},
      {R"({"tokens": ["a"], "attention": [[1]]})", "weights", 1, 1, 1, 1},
      {R"({"tokens": ["a"], "attentions": [[[1]], [[1]]]})", "weights", 1, 2, 1, 1},
      {R"({"tokens": ["a"], "attn": [[[[1]], [[1]]]]})", "weights", 1, 2, 1, 1},
      {R"({"tokens": ["a"], "weights": [[[[[1]]]], [[[[1]]]], [[[[1]]]]]})", "weights", 3, 1, 1, 1},
      {R"({"query_tokens": ["a"], "key_tokens": ["b", "c"], "attention": [[0.5, 0.5]]})", "weights", 1, 1, 1,
       2},
      {R"({"query_tokens": ["a"], "key_tokens": ["b", "c"]})", "embeddings", 1, 4, 1, 2},
      {R"({"query_tokens": ["a", "b"]})", "embeddings", 1, 4, 2, 2},
      {R"({"query_tokens": ["a"], "key_tokens": ["b", "c"], "layers": [{}]})", "embeddings", 1, 4, 1, 2},
      {R"({"attention": [[1, 0], [0, 1]]})", "weights", 1, 1, 2, 2},
      {R"({"q": [[1]], "k": [[1], [2]]})", "q, k", 1, 1, 1, 2},
      {R"({"embeddings": [[1], [2]]})", "embeddings", 1, 1, 2, 2},
      {R"({"sequences": {"s": {"text": "a b c"}}})", "embeddings", 1, 4, 3, 3},
      {R"({"sequences": {"s": {"text": "a"}, "t": {"text": "b c"}}, "key": "t"})", "embeddings", 1, 4, 1, 2},
      {R"({"layers": [{"q": [[1]], "k": [[1]]}, {"scores": [[1]]}]})", "q, k", 2, 1, 1, 1},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const Document document = parsed(row.text);
    ASSERT_EQ(document.layers.size(), row.layers);
    const Layer& layer = document.layers.front();
    EXPECT_EQ(origin_name(layer), row.origin);
    EXPECT_EQ(layer.heads, row.heads);
    EXPECT_EQ(document.query_of(layer).tokens.size(), row.n_q);
    EXPECT_EQ(document.key_of(layer).tokens.size(), row.n_k);
    EXPECT_TRUE(has_note(document, kInferred, "", "") || !document.notes.empty());
  }
}

TEST(Shorthands, OfRankFiveHaveLayersAndABatch) {
  const Document document = parsed(R"({"tokens": ["a"], "attention": [[[[[1]], [[2]]]], [[[[3]], [[4]]]]]})");
  ASSERT_EQ(document.layers.size(), 2u);
  const auto& second = std::get<GivenWeights>(document.layers[1].origin);
  EXPECT_EQ(second.weights.shape(), (std::vector<std::size_t>{1, 2, 1, 1}));
  EXPECT_EQ(numbers(second.weights), (std::vector<float>{3, 4}));
  EXPECT_EQ(document.layers[1].name, "layer 1");
  EXPECT_TRUE(has_note(document, kInferred, "/attention", "layers × batch × heads"));
}

TEST(Shorthands, CarryFieldsOfLayersAndSequences) {
  const Document document =
      parsed(R"({"tokens": ["a", "b"], "q": [[1], [2]], "k": [[1], [2]], "v": [[1], [2]],
    "W_o": [[1, 2]], "b_o": [3, 4], "weight_layout": "in_out", "attention_mask": [1, 0], "bias": [0, -Infinity],
    "mask": [[true, false], [true, true]], "name": "mine", "title": "T", "settings": {"temperature": 0.1}})");
  const Layer& layer = document.layers.front();
  EXPECT_EQ(document.title, "T");
  EXPECT_EQ(layer.name, "mine");
  EXPECT_EQ(document.sequences[0].attention_mask, (std::vector<std::uint8_t>{1, 0}));
  EXPECT_EQ(numbers(*layer.bias), (std::vector<float>{0, -INFINITY}));
  EXPECT_EQ(numbers(*layer.mask), (std::vector<float>{1, 0, 1, 1}));
  EXPECT_EQ(numbers(*std::get<GivenQkv>(layer.origin).W_o), (std::vector<float>{1, 2}));
  EXPECT_EQ(document.settings.dump(), R"({"temperature":0.1})");
  EXPECT_TRUE(layer.settings.empty());
}

TEST(Documents, KeepEveryFieldOfASequence) {
  const Document document = parsed(R"({"format": "attnscope/1", "sequences": {
    "z": {"tokens": ["", "\u00e9\n", "😀"], "embeddings": {"shape": [3, 1], "data": [1, 2.5, -3e-2]},
          "segments": [0, 1, -1], "positions": [5, 6, 7], "parents": [1, 2, -1], "attention_mask": [true, true, false]},
    "a": {"embeddings": [[1], [2]]}}, "layers": [{"query": "a", "key": "z", "value": "z"}]})");
  ASSERT_EQ(document.sequences.size(), 2u);
  const Sequence& first = document.sequences[0];
  EXPECT_EQ(first.name, "z");  // the file's order
  EXPECT_EQ(first.tokens, (std::vector<std::string>{"", "\xC3\xA9\n", "\xF0\x9F\x98\x80"}));
  EXPECT_EQ(numbers(*first.embeddings), (std::vector<float>{1, 2.5f, -3e-2f}));
  EXPECT_EQ(first.segments, (std::vector<std::int64_t>{0, 1, -1}));
  EXPECT_EQ(first.positions, (std::vector<std::int64_t>{5, 6, 7}));
  EXPECT_EQ(first.parents, (std::vector<std::int64_t>{1, 2, -1}));
  EXPECT_EQ(first.attention_mask, (std::vector<std::uint8_t>{1, 1, 0}));
  EXPECT_EQ(document.sequences[1].tokens, (std::vector<std::string>{"0", "1"}));
  EXPECT_TRUE(has_note(document, kInferred, "/sequences/a", "numbered"));
  EXPECT_EQ(document.layers[0].query, 1u);
  EXPECT_EQ(document.layers[0].key, 0u);
  EXPECT_EQ(document.layers[0].value, 0u);
}

TEST(Documents, DefaultKeyIsTheQuery) {
  const Document document = parsed(R"({"sequences": {"a": {"tokens": ["x"]}, "b": {"tokens": ["y"]}},
    "layers": [{}, {"query": "b"}, {"key": "b"}]})");
  EXPECT_EQ(document.layers[0].key, 0u);
  EXPECT_EQ(document.layers[1].key, 1u);
  EXPECT_EQ(document.layers[1].value, 1u);
  EXPECT_EQ(document.layers[2].query, 0u);
  EXPECT_EQ(document.layers[2].value, 1u);
}

TEST(Documents, OutInWeightsAreTransposed) {
  const std::string head = R"({"tokens": ["a"], "embeddings": [[1, 2]], )";
  const Document in_out =
      parsed(head + R"("W_q": [[1, 2], [3, 4]], "W_k": [[1, 2], [3, 4]], "W_v": [[5], [6]],
    "W_o": [[1, 2, 3]], "b_q": [7, 8]})");
  const Document out_in = parsed(head + R"("W_q": [[1, 3], [2, 4]], "W_k": [[1, 3], [2, 4]], "W_v": [[5, 6]],
    "W_o": [[1], [2], [3]], "b_q": [7, 8], "weight_layout": "out_in"})");
  const auto& a = std::get<Projections>(in_out.layers[0].origin);
  const auto& b = std::get<Projections>(out_in.layers[0].origin);
  EXPECT_EQ(numbers(a.W_q), (std::vector<float>{1, 2, 3, 4}));
  for (const auto& [x, y] : {std::pair(&a.W_q, &b.W_q), std::pair(&a.W_k, &b.W_k), std::pair(&a.W_v, &b.W_v),
                             std::pair(&*a.W_o, &*b.W_o)}) {
    EXPECT_EQ(x->shape(), y->shape());
    EXPECT_EQ(numbers(*x), numbers(*y));
  }
  EXPECT_EQ(numbers(*b.b_q), (std::vector<float>{7, 8}));
}

TEST(Documents, GroupedProjections) {
  const Document document = parsed(R"({"tokens": ["a"], "embeddings": [[1]], "heads": 4, "kv_heads": 2,
    "W_q": [[1, 2, 3, 4]], "W_k": [[1, 2]], "W_v": [[1, 2, 3, 4]],
    "W_o": [[1], [2], [3], [4], [5], [6], [7], [8]]})");
  EXPECT_EQ(document.layers[0].heads, 4u);
  EXPECT_EQ(document.layers[0].kv_heads, 2u);
}

TEST(Documents, NullAndMinusInfinityAreMaskedScores) {
  const Document document =
      parsed(R"({"scores": {"shape": [1, 4], "data": [null, -Infinity, 3.4028235e38, -0.0]}})");
  const auto scores = numbers(std::get<GivenScores>(document.layers[0].origin).scores);
  EXPECT_EQ(scores[0], -INFINITY);
  EXPECT_EQ(scores[1], -INFINITY);
  EXPECT_EQ(scores[2], 3.40282347e38f);
  EXPECT_TRUE(std::signbit(scores[3]));
}

TEST(Documents, SettingsKeepEveryDigit) {
  const Document document = parsed(R"({"sequences": {"settings": {"tokens": ["a"], "embeddings": [[1]]}},
    "settings": {"seed": 12345678901234567, "masks": [{"rows": [0, 3]}], "x": [0.1, 1e300], "y": null, "z": "é"},
    "layers": [{"settings": {"softcap": 30}}]})");
  EXPECT_EQ(document.settings["seed"], 12345678901234567);
  EXPECT_TRUE(document.settings["masks"][0]["rows"][1].is_number_integer());
  EXPECT_EQ(document.settings["x"][0], 0.1);
  EXPECT_EQ(document.settings["x"][1], 1e300);
  EXPECT_TRUE(document.settings["y"].is_null());
  EXPECT_EQ(document.settings["z"], "é");
  EXPECT_EQ(document.layers[0].settings["softcap"], 30);
  EXPECT_FALSE(document.sequences[0].synthetic_embeddings);
}

TEST(Documents, UnknownKeysAreWarnings) {
  const Document document = parsed(R"({"tokenz": 1, "sequences": {"s": {"tokens": ["a"], "embedings": [[1]]}},
    "layers": [{"head": 2}]})");
  EXPECT_TRUE(has_note(document, kWarning, "/sequences/s/embedings", "\"embeddings\""));
  EXPECT_TRUE(has_note(document, kWarning, "/layers/0/head", "\"heads\""));
  EXPECT_TRUE(has_note(document, kWarning, "/tokenz", "document"));
}

TEST(Documents, UnknownKeysAreNotListedAsRead) {
  const Document document = parsed(R"({"tokens": ["a"], "atention": [[1]], "heads": 4})");
  EXPECT_TRUE(has_note(document, kWarning, "/atention", "the nearest is \"attention\""));
  EXPECT_TRUE(has_note(document, kInferred, "", "made of tokens, heads."));
}

TEST(Documents, ASettingOutsideTheSettingsIsToldItsPlace) {
  const Document document = parsed(R"({"tokens": ["a"], "masks": [], "layers": [{"temperature": 2}]})");
  for (const char* place : {"/masks", "/layers/0/temperature"})
    EXPECT_TRUE(has_note(document, kWarning, place, "belongs into \"settings\"")) << place;
}

TEST(Documents, RowsThatDoNotSumToOneAreAWarningALayer) {
  const Document document = parsed(R"({"tokens": ["a", "b"], "attention": [
    [[[0.5, 0.5], [0.995, 0]], [[1, 0], [0, 0]]],
    [[[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.25], [0.25, 0.25]]]]})");
  std::size_t warnings = 0;
  for (const Note& note : document.notes) warnings += note.kind == kWarning ? 1 : 0;
  EXPECT_EQ(warnings, 1u) << "rows of zeros, and what f16 rounds, are as they should be";
  EXPECT_TRUE(has_note(document, kWarning, "/attention",
                       "layer 1: 2 of 4 rows do not sum to 1; the first is head 1, row 0: 0.75."));
}

TEST(Documents, ARowOfABatchIsNamedWithItsBatch) {
  const Document document =
      parsed(R"({"layers": [{"name": "mine", "attention": [[[[1]], [[1]]], [[[1]], [[0.5]]]]}]})");
  EXPECT_TRUE(has_note(document, kWarning, "/layers/0/attention",
                       "mine: 1 of 4 rows do not sum to 1; the first is batch 1, head 1, row 0: 0.5."));
}

TEST(Documents, NumbersThatVanishAreAWarning) {
  const Document document =
      parsed(R"({"tokens": ["a"], "q": [[1e-60, 1e-400, 0, 1e-45]], "k": [[1, 1, 1, 1]]})");
  EXPECT_TRUE(has_note(document, kWarning, "/q", "2 number"));
}

TEST(Documents, WeightsOutsideZeroToOneAreAWarning) {
  EXPECT_TRUE(has_note(parsed(R"({"attn": [[-3, 2], [1, 0]]})"), kWarning, "/attn", "2 weight"));
}

TEST(Documents, SyntheticEmbeddingsOnlyWhereTheyAreNeeded) {
  const Document made = parsed(R"({"tokens": ["a", "b"]})");
  EXPECT_TRUE(made.sequences[0].synthetic_embeddings);
  EXPECT_EQ(made.sequences[0].embeddings->shape(), (std::vector<std::size_t>{2, 64}));
  EXPECT_TRUE(has_note(made, kInferred, "", "synthetic"));
  for (const char* text :
       {R"({"tokens": ["a"], "attention": [[1]]})", R"({"tokens": ["a"], "q": [[1]], "k": [[1]]})"}) {
    EXPECT_FALSE(parsed(text).sequences[0].embeddings);
  }
}

TEST(Documents, AListOrLinesAreAChoice) {
  ReadOptions second;
  second.document = 1;
  const std::string list = R"([{"tokens": ["a"]}, ["b", "c"]])";
  const std::string lines = "{\"tokens\": [\"a\"]}\r\n\r\n[\"b\", \"c\"]";
  EXPECT_EQ(parsed(list).sequences[0].tokens.size(), 1u);
  EXPECT_EQ(parsed(list, "a.json", second).sequences[0].tokens.size(), 2u);
  EXPECT_EQ(parsed(lines, "a.jsonl").sequences[0].tokens.size(), 1u);
  EXPECT_EQ(parsed(lines, "a.jsonl", second).sequences[0].tokens.size(), 2u);
  EXPECT_TRUE(has_note(parsed(list), kInferred, "", "Document 0 of 2"));
  EXPECT_TRUE(has_note(parsed(lines, "a.jsonl"), kInferred, "", "Document 0 of 2"));
}

TEST(Documents, HaveATitleASourceAndAFingerprint) {
  const Document document = parsed(R"(["a"])", "dir/my file.json");
  EXPECT_EQ(document.title, "my file");
  EXPECT_EQ(document.source, "dir/my file.json");
  EXPECT_NE(document.fingerprint, parsed(R"(["b"])").fingerprint);
  EXPECT_EQ(document.fingerprint, parsed(R"(["a"])").fingerprint);
  EXPECT_EQ(parsed("\xEF\xBB\xBF[\"a\"]").sequences[0].tokens[0], "a");
}

TEST(Documents, FromText) {
  const auto document = document_from_text("The cat\n sat. 猫");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->sequences[0].tokens, (std::vector<std::string>{"The", "cat", "sat.", "猫"}));
  EXPECT_EQ(document->title, "The cat sat. 猫");
  EXPECT_TRUE(document->sequences[0].synthetic_embeddings);
  EXPECT_EQ(document->layers[0].heads, 4u);
  for (const std::string& text : {std::string(), std::string("  "), std::string("\xFF")}) {
    const auto refused = document_from_text(text);
    ASSERT_FALSE(refused);
    EXPECT_FALSE(refused.error().place.empty());
    EXPECT_FALSE(refused.error().expected.empty());
  }
}

TEST(Documents, AtTheLimitsOpen) {
  std::string keys = R"({"tokens": ["a"])";
  for (std::size_t i = 1; i < limits::kObjectKeys; ++i) keys += fmt::format(",\"k{}\":0", i);
  EXPECT_LT(parsed(keys + "}").notes.size(), 20u);
  parsed("[\"" + std::string(limits::kTokenBytes, 'a') + "\"]");
  parsed(R"({"tokens": ["a"], "x": )" + std::string(63, '[') + std::string(63, ']') + "}");
  parsed(R"({"tokens": ["a"], "x": 0.)" + std::string(1022, '1') + "}");
  parsed(R"({"tokens": ["a"], "x": [0.)" + std::string(1022, '1') + "   ]}");
}

// Flat, nested and deeper: whatever the numbers stand in, the reader looks up from time to time.
TEST(Documents, AreGivenUpWhenSomebodySaysSo) {
  constexpr std::size_t kNumbers = 200'000;
  std::string flat, nested;
  for (std::size_t i = 0; i < kNumbers; ++i) {
    flat += i == 0 ? "0.25" : ",0.25";
    nested += i == 0 ? "[0.25]" : ",[0.25]";
  }
  const std::string shaped =
      R"({"shape": [1, 1, )" + std::to_string(kNumbers) + R"(], "data": [)" + flat + "]}";
  for (const std::string& x : {"[[[" + flat + "]]]", "[[" + nested + "]]", shaped}) {
    const std::string text = R"({"tokens": ["a"], "q": )" + x + "}";
    Progress progress;
    ReadOptions options;
    options.progress = &progress;
    progress.outdated = [&] { return progress.done > 100'000; };
    const auto given_up = parse_document(text, "numbers.json", options);
    ASSERT_FALSE(given_up);
    EXPECT_EQ(given_up.error().code, ErrorCode::cancelled);
    EXPECT_EQ(progress.total, text.size());
    EXPECT_LT(progress.done, 400'000U) << "of " << text.size();
    progress.outdated = nullptr;
    const auto read = parse_document(text, "numbers.json", options);
    EXPECT_TRUE(!read || read->layers.size() == 1);
    if (!read) {
      EXPECT_NE(read.error().code, ErrorCode::cancelled);
    }
    EXPECT_GT(progress.done, text.size() / 2);
  }
}

}  // namespace
}  // namespace attn

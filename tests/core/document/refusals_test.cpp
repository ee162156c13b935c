// One row for each way in which a document can be refused: the code, the place, and a word of what the
// message says was expected and was found.

#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/core/document/parse.hpp"

namespace attn {
namespace {

struct Refusal {
  std::string text;
  ErrorCode code;
  std::string place;
  std::string expected;
  std::string found;
};

std::string in_layer(const std::string& fields, const std::string& tokens = R"("a","b")") {
  return R"({"sequences":{"s":{"tokens":[)" + tokens + R"(]}},"layers":[{)" + fields + "}]}";
}

std::string in_sequence(const std::string& fields) {
  return R"({"sequences":{"s":{)" + fields + "}}}";
}

void expect_refused(const Refusal& row, const std::string& source = "a.json") {
  SCOPED_TRACE(row.text.substr(0, 300));
  const Error error = test::refused(row.text, source);
  EXPECT_EQ(static_cast<int>(error.code), static_cast<int>(row.code)) << describe(error);
  EXPECT_EQ(error.file, source);
  EXPECT_EQ(error.place, row.place) << describe(error);
  EXPECT_TRUE(test::contains(error.expected, row.expected)) << describe(error);
  EXPECT_TRUE(test::contains(error.found, row.found)) << describe(error);
}

using E = ErrorCode;
using namespace std::string_literals;

// `/0` so many times.
std::string zeros(std::size_t count) {
  std::string pointer;
  for (std::size_t i = 0; i < count; ++i) pointer.append("/0");
  return pointer;
}

TEST(Refusals, OfText) {
  const std::string bom = "\xEF\xBB\xBF";
  const std::vector<Refusal> rows = {
      {"", E::syntax, "1:1 (byte 0)", "JSON value", "nothing"},
      {" \n ", E::syntax, "1:1 (byte 0)", "JSON value", "nothing"},
      {bom, E::syntax, "1:2 (byte 3)", "JSON value", "nothing"},
      {R"({"tokens": ["a" "b"]})", E::syntax, "1:17 (byte 16)", "',' or ']'", "\"b\""},
      {"{\"tokens\":\n [\"ä\", x]}", E::syntax, "2:8 (byte 19)", "a value", "'x'"},
      {R"({"tokens": ["a",]})", E::syntax, "1:17 (byte 16)", "a value", "']'"},
      {R"({"tokens": ["a"])", E::syntax, "1:17 (byte 16)", "',' or '}'", "end of the text"},
      {R"({"tokens": ["a)", E::syntax, "1:15 (byte 14)", "double quote", "end of the text"},
      {"{\"tokens\": [\"a\nb\"]}", E::syntax, "1:15 (byte 14)", "control characters", "\n"},
      {R"({"tokens": ["\x"]})", E::syntax, "1:15 (byte 14)", "after a backslash", "x"},
      {R"({"tokens" ["a"]})", E::syntax, "1:11 (byte 10)", "':'", "'['"},
      {R"({tokens: ["a"]})", E::syntax, "1:2 (byte 1)", "double quotes", "tokens"},
      {R"({'tokens': ["a"]})", E::syntax, "1:2 (byte 1)", "double quotes", "tokens"},
      {R"(["a"] ["b"])", E::syntax, "1:7 (byte 6)", "end of the text", "'['"},
      {R"({"heads": 01})", E::syntax, "1:11 (byte 10)", "a number", "01"},
      {R"({"heads": 1.})", E::syntax, "1:13 (byte 12)", "a digit", "'}'"},
      {R"({"mask": True})", E::syntax, "1:10 (byte 9)", "a value", "True"},
      {"{\"a\":1}\0x"s, E::syntax, "1:8 (byte 7)", "text", "NUL"},
      {"[\"\xE4\"]", E::encoding, "1:3 (byte 2)", "UTF-8", "0xe4"},
      {"[\"\xC3\xA4\xC0\xAF\"]", E::encoding, "1:4 (byte 4)", "UTF-8", "0xc0"},
      {R"(["\ud800"])", E::syntax, "1:3 (byte 2)", "pairs", "ud800"},
      {"\x80\x04\x95", E::syntax, "1:1 (byte 0)", "JSON", "pickle"},
      {"PK\x03\x04", E::syntax, "1:1 (byte 0)", "JSON", "zip"},
      {"\x89PNG\r\n", E::syntax, "1:1 (byte 0)", "JSON", "PNG"},
      {"\xff\xfe[\0"s, E::syntax, "1:1 (byte 0)", "JSON", "UTF-16"},
      {"<!doctype html>", E::syntax, "1:1 (byte 0)", "JSON", "web page"},
      {"x\x01\x02\x03", E::syntax, "1:1 (byte 0)", "JSON", "binary file"},
      {" The cat sat", E::syntax, "1:2 (byte 1)", "JSON", "The cat"},
  };
  for (const Refusal& row : rows) expect_refused(row);
}

TEST(Refusals, OfTheRoot) {
  const std::vector<Refusal> rows = {
      {"\"The cat\"", E::type, "/", "document", "\"The cat\""},
      {"12", E::type, "/", "document", "12"},
      {"null", E::type, "/", "document", "null"},
      {"true", E::type, "/", "document", "true"},
      {"[]", E::type, "/", "document", "empty"},
      {"[[0.5, 0.5], [1, 0]]", E::type, "/", "document", "2 × 2 numbers"},
      {"{}", E::shape, "/", "tokens", "none"},
      {R"(["a", 1])", E::type, "/tokens/1", "text", "1"},
      {R"([{"tokens": []}])", E::shape, "/0/tokens", "one token", "none"},
      {R"({"format": "attnscope/2", "tokens": ["a"]})", E::unsupported, "/format", "attnscope/1",
       "attnscope/2"},
      {R"({"title": 1, "tokens": ["a"]})", E::type, "/title", "text", "1"},
      {R"({"settings": [1], "tokens": ["a"]})", E::type, "/settings", "object", "list"},
      {R"({"tokens": ["a"], "tokens": ["b"]})", E::duplicate, "/tokens", "once", "twice"},
      {R"({"sequences": {"a/b": {"tokens": ["a"], "x~": 1, "x~": 2}}})", E::duplicate, "/sequences/a~1b/x~0",
       "once", "twice"},
  };
  for (const Refusal& row : rows) expect_refused(row);
  ReadOptions second;
  second.document = 1;
  EXPECT_EQ(test::refused(R"([{"tokens": ["a"]}, 1])", "a.json", second).place, "/1");
}

TEST(Refusals, OfSequences) {
  const std::vector<Refusal> rows = {
      {R"({"sequences": []})", E::type, "/sequences", "object", "list"},
      {R"({"sequences": {}})", E::shape, "/sequences", "one sequence", "none"},
      {R"({"sequences": {"s": 1}})", E::type, "/sequences/s", "a sequence", "1"},
      {in_sequence(""), E::shape, "/sequences/s", "tokens", "none"},
      {in_sequence(R"("tokens": [])"), E::shape, "/sequences/s/tokens", "one token", "none"},
      {in_sequence(R"("tokens": "a")"), E::type, "/sequences/s/tokens", "list", "\"a\""},
      {in_sequence(R"("tokens": [1])"), E::type, "/sequences/s/tokens/0", "text", "number"},
      {in_sequence(R"("tokens": ["a", null])"), E::type, "/sequences/s/tokens/1", "text", "null"},
      {in_sequence(R"("text": ["a"])"), E::type, "/sequences/s/text", "text", "list"},
      {in_sequence(R"("text": " \n ")"), E::shape, "/sequences/s/text", "one token", "none"},
      {in_sequence(R"("text": "a", "tokens": ["a"])"), E::value, "/sequences/s/text", "either", "both"},
      {in_sequence(R"("tokens": ["a"], "embeddings": [1, 2])"), E::shape, "/sequences/s/embeddings", "2 axes",
       "1"},
      {in_sequence(R"("tokens": ["a"], "embeddings": [[1], [2]])"), E::shape, "/sequences/s/embeddings",
       "1 row", "2 × 1"},
      {in_sequence(R"("tokens": ["a"], "embeddings": [[]])"), E::shape, "/sequences/s/embeddings",
       "one number", "none"},
      {in_sequence(R"("tokens": ["a"], "embeddings": null)"), E::type, "/sequences/s/embeddings", "numbers",
       "null"},
      {in_sequence(R"("tokens": ["a"], "attention_mask": [1, 1])"), E::shape, "/sequences/s/attention_mask",
       "1", "2"},
      {in_sequence(R"("tokens": ["a"], "attention_mask": [2])"), E::value, "/sequences/s/attention_mask", "0",
       "2"},
      {in_sequence(R"("tokens": ["a"], "attention_mask": "1")"), E::type, "/sequences/s/attention_mask",
       "list", "\"1\""},
      {in_sequence(R"("tokens": ["a"], "segments": [0.5])"), E::value, "/sequences/s/segments", "whole",
       "not"},
      {in_sequence(R"("tokens": ["a"], "segments": [[0]])"), E::shape, "/sequences/s/segments", "flat",
       "1 × 1"},
      {in_sequence(R"("tokens": ["a"], "positions": [16777217])"), E::value, "/sequences/s/positions",
       "16,777,216", ""},
      {in_sequence(R"("tokens": ["a"], "positions": [true])"), E::type, "/sequences/s/positions/0", "number",
       "true"},
      {in_sequence(R"("tokens": ["a", "b"], "parents": [0, -1])"), E::value, "/sequences/s/parents/0", "tree",
       "ancestor"},
      {in_sequence(R"("tokens": ["a", "b"], "parents": [1, 0])"), E::value, "/sequences/s/parents/0", "tree",
       "ancestor"},
      {in_sequence(R"("tokens": ["a", "b"], "parents": [-1, 2])"), E::value, "/sequences/s/parents/1",
       "0 to 1", "2"},
      {in_sequence(R"("tokens": ["a", "b"], "parents": [-2, 0])"), E::value, "/sequences/s/parents/0", "-1",
       "-2"},
      {in_sequence(R"("tokens": ["a"], "image": {"rows": 1})"), E::type, "/sequences/s/image",
       "rows and cols", "not both"},
      {in_sequence(R"("tokens": ["a"], "image": [1, 1])"), E::type, "/sequences/s/image", "an image",
       "2 numbers"},
      {in_sequence(R"("tokens": ["a"], "image": {"rows": 1, "cols": 2})"), E::shape, "/sequences/s/image",
       "1 tokens", "0 + 1 × 2"},
      {in_sequence(R"("tokens": ["a"], "image": {"rows": 1, "cols": 1, "skip": 2})"), E::value,
       "/sequences/s/image/skip", "from 0 to 1", "2"},
      {in_sequence(R"("tokens": ["a"], "times": [[0, 1]])"), E::unsupported, "/sequences/s/times", "times",
       "times"},
      {R"({"query_tokens": ["a"], "tokens": ["a"]})", E::value, "/tokens", "either", "both"},
      {R"({"key_tokens": ["a"], "q": [[1]], "k": [[1]]})", E::type, "/", "query_tokens", "no query_tokens"},
      {R"({"query_tokens": ["a"], "key_tokens": ["b"], "embeddings": [[1]]})", E::value, "/embeddings",
       "alone", "embeddings"},
  };
  for (const Refusal& row : rows) expect_refused(row);
}

TEST(Refusals, OfLayers) {
  const std::vector<Refusal> rows = {
      {R"({"tokens": ["a"], "layers": {}})", E::type, "/layers", "list", "object"},
      {R"({"tokens": ["a"], "layers": []})", E::shape, "/layers", "one layer", "none"},
      {R"({"tokens": ["a"], "layers": [1]})", E::type, "/layers", "layers", "numbers"},
      {R"({"tokens": ["a"], "layers": ["x"]})", E::type, "/layers/0", "a layer", "\"x\""},
      {R"({"layers": [{}]})", E::shape, "/layers/0", "tokens", "none"},
      {R"({"layers": [{"query": "s", "q": [[1]], "k": [[1]]}]})", E::value, "/layers/0/query", "no sequences",
       "\"s\""},
      {in_layer(R"("query": "t")"), E::value, "/layers/0/query", "s", "\"t\""},
      {in_layer(R"("key": 1)"), E::type, "/layers/0/key", "text", "1"},
      {in_layer(R"("heads": 0)"), E::value, "/layers/0/heads", "from 1", "0"},
      {in_layer(R"("heads": 1.5)"), E::value, "/layers/0/heads", "from 1", "1.5"},
      {in_layer(R"("heads": "2")"), E::type, "/layers/0/heads", "number", "\"2\""},
      {in_layer(R"("heads": 5)"), E::value, "/layers/0/heads", "64", "5"},
      {in_layer(R"("heads": 4, "kv_heads": 3)"), E::value, "/layers/0/kv_heads", "divide", "3"},
      {in_layer(R"("heads": 4, "kv_heads": 2)"), E::value, "/layers/0/kv_heads", "4", "2"},
      {in_layer(R"("settings": 1)"), E::type, "/layers/0/settings", "object", "1"},
      {in_layer(R"("score": "cosine")"), E::type, "/layers/0/score", "a score", "cosine"},
      {in_layer(R"("score": {})"), E::type, "/layers/0/score/kind", "kind of score", "nothing"},
      {in_layer(R"("score": {"kind": "general", "W": [[1], [1, 2]]})"), E::shape, "/layers/0/score/W/1", "1",
       "2"},
      {in_layer(R"("recurrence": {})"), E::unsupported, "/layers/0/recurrence", "recurrent", "recurrence"},
      {in_layer(R"("q": {"file": "q.npy"}, "k": [[1]])"), E::value, "/layers/0/q: q.npy",
       "in the text itself", "no folder"},
      {in_layer(R"("q": {"base64": ""}, "k": [[1]])"), E::value, "/layers/0/q/dtype", "f16", "nothing"},
      {in_layer(R"("bias": [[[[0]]]])"), E::shape, "/layers/0/bias", "1 to 3 axes", "4"},
      {in_layer(R"("bias": [0, 0, 0])"), E::shape, "/layers/0/bias", "4 × 2 × 2", "3"},
      {in_layer(R"("bias": [[[0]], [[0]]])"), E::shape, "/layers/0/bias", "4 × 2 × 2", "2 × 1 × 1"},
      {in_layer(R"("bias": [null, 0])"), E::type, "/layers/0/bias/0", "number", "null"},
      {in_layer(R"("bias": [true, false])"), E::type, "/layers/0/bias/0", "number", "true"},
      {in_layer(R"("mask": [[true], [false], [true]])"), E::shape, "/layers/0/mask", "4 × 2 × 2", "3 × 1"},
      {in_layer(R"("mask": [0, -1])"), E::value, "/layers/0/mask", "0", "-1"},
      {in_layer(R"("mask": [0, -Infinity])"), E::value, "/layers/0/mask/1", "number", "-Infinity"},
  };
  for (const Refusal& row : rows) expect_refused(row);
}

TEST(Refusals, OfOrigins) {
  const std::vector<Refusal> rows = {
      {in_layer(R"("q": [[1], [2]])"), E::type, "/layers/0/k", "k beside", "nothing"},
      {in_layer(R"("k": [[1], [2]])"), E::type, "/layers/0/q", "q beside", "nothing"},
      {in_layer(R"("v": [[1], [2]])"), E::type, "/layers/0/q", "q beside", "nothing"},
      {in_layer(R"("q": [[1], [2]], "k": [[1], [2]], "scores": [[1, 2], [3, 4]])"), E::value, "/layers/0",
       "one origin", "scores"},
      {in_layer(R"("attention": [[1, 0], [0, 1]], "W_o": [[1]])"), E::value, "/layers/0", "W_o", "without"},
      {in_layer(R"("attention": [[1, 0], [0, 1]], "attn": [[1, 0], [0, 1]])"), E::value, "/layers/0/attn",
       "one name", "both"},
      {in_layer(R"("q": "x", "k": [[1]])"), E::type, "/layers/0/q", "lists of numbers", "\"x\""},
      {in_layer(R"("q": 1, "k": [[1]])"), E::type, "/layers/0/q", "lists of numbers", "1"},
      {in_layer(R"("q": ["x"], "k": [[1]])"), E::type, "/layers/0/q/0", "number", "\"x\""},
      {in_layer(R"("q": [[1, "x"]], "k": [[1]])"), E::type, "/layers/0/q/0/1", "number", "\"x\""},
      {in_layer(R"("q": [[1, 2], 3], "k": [[1]])"), E::type, "/layers/0/q/1", "list of 2", "3"},
      {in_layer(R"("q": [[1, 2], [3]], "k": [[1]])"), E::shape, "/layers/0/q/1", "2 elements", "1"},
      {in_layer(R"("q": [[1, 2], [3, [4]]], "k": [[1]])"), E::type, "/layers/0/q/1/1", "number", "list"},
      {in_layer(R"("q": [1, 2], "k": [[1]])"), E::shape, "/layers/0/q", "2 to 3 axes", "1"},
      {in_layer(R"("q": [[1, null]], "k": [[1]])"), E::type, "/layers/0/q/0/1", "number", "null"},
      {in_layer(R"("q": [[1, NaN]], "k": [[1]])"), E::value, "/layers/0/q/0/1", "number", "NaN"},
      {in_layer(R"("q": [[1, 1e39]], "k": [[1]])"), E::value, "/layers/0/q/0/1", "float32", "1e39"},
      {in_layer(R"("q": [[1, 1e400]], "k": [[1]])"), E::value, "/layers/0/q/0/1", "1.8e308", "1e400"},
      {in_layer(R"("q": [[1], [2], [3]], "k": [[1], [2]])"), E::shape, "/layers/0/q", "1 × 2 × any",
       "1 × 3 × 1"},
      {in_layer(R"("q": [[1], [2]], "k": [[1, 1], [2, 2]])"), E::shape, "/layers/0/k", "1 × 2 × 1",
       "1 × 2 × 2"},
      {in_layer(R"("q": [[1], [2]], "k": [[1], [2]], "v": [[1]])"), E::shape, "/layers/0/v", "1 × 2 × any",
       "1 × 1 × 1"},
      {in_layer(R"("q": [[1], [2]], "k": [[1], [2]], "W_o": [[1]])"), E::type, "/layers/0/W_o", "v", "no v"},
      {in_layer(R"("q": [[1], [2]], "k": [[1], [2]], "heads": 2)"), E::shape, "/layers/0/heads", "1", "2"},
      {in_layer(R"("q": [[[1], [2]]], "k": [[[1], [2]], [[1], [2]]])"), E::value, "/layers/0/k", "divide",
       "2"},
      {in_layer(R"("scores": [[1, 2]])"), E::shape, "/layers/0/scores", "2 × 2 for each head",
       "2 tokens, a matrix 1 × 2"},
      {in_layer(R"("scores": [[Infinity, 2], [1, 1]])"), E::value, "/layers/0/scores/0/0", "number",
       "Infinity"},
      {in_layer(R"("attention": [[1, 0]])"), E::shape, "/layers/0/attention", "2 × 2 for each head",
       "2 tokens, a matrix 1 × 2"},
      {R"({"query_tokens": ["a"], "key_tokens": ["b", "c"], "attn": [[[1], [1]]]})", E::shape, "/attn",
       "1 × 2 for each head", "1 query token, 2 key tokens, a matrix 2 × 1"},
      {in_layer(R"("attn": [[1, null], [1, 0]])"), E::type, "/layers/0/attn/0/1", "number", "null"},
      {in_layer(R"("attention": [[[[[1]]]]])"), E::shape, "/layers/0/attention", "one layer",
       "1 × 1 × 1 × 1 × 1"},
      {in_layer(R"("q": {"shape": [2, 1]}, "k": [[1]])"), E::type, "/layers/0/q", "data", "no data"},
      {in_layer(R"("q": {"data": [1]}, "k": [[1]])"), E::type, "/layers/0/q", "shape", "no shape"},
      {in_layer(R"("q": {"x": 1}, "k": [[1]])"), E::type, "/layers/0/q", "shape and data", "without"},
      {in_layer(R"("q": {"shape": [2, 2], "data": [1]}, "k": [[1]])"), E::shape, "/layers/0/q/data", "4",
       "1"},
      {in_layer(R"("q": {"shape": [1, -1], "data": [1]}, "k": [[1]])"), E::shape, "/layers/0/q/shape",
       "from 1", "-1"},
      {in_layer(R"("q": {"shape": [16777216, 16777216, 16777216, 16777216], "data": [1]}, "k": [[1]])"),
       E::shape, "/layers/0/q/data", "too many", "1"},
      {in_layer(R"("q": {"shape": [1, 1], "data": [[1]]}, "k": [[1]])"), E::shape, "/layers/0/q/data", "flat",
       "1 × 1"},
  };
  for (const Refusal& row : rows) expect_refused(row);
}

TEST(Refusals, OfProjections) {
  const auto projected = [](const std::string& fields) {
    return R"({"tokens": ["a", "b"], "embeddings": [[1, 2], [3, 4]], )" + fields + "}";
  };
  const std::string square = R"("W_q": [[1, 0], [0, 1]], "W_k": [[1, 0], [0, 1]], "W_v": [[1, 0], [0, 1]])";
  const std::vector<Refusal> rows = {
      {projected(R"("W_q": [[1], [2]], "W_k": [[1], [2]])"), E::type, "/W_v", "W_v beside", "nothing"},
      {projected(R"("b_q": [1])"), E::type, "/W_q", "W_q beside", "nothing"},
      {projected(R"("W_o": [[1], [2]])"), E::value, "/", "W_o", "without"},
      {projected(R"("W_q": [[1]], "W_k": [[1], [2]], "W_v": [[1], [2]])"), E::shape, "/W_q", "2 × any",
       "1 × 1"},
      {projected(R"("W_q": [[1], [2]], "W_k": [[1, 1], [2, 2]], "W_v": [[1], [2]])"), E::shape, "/W_k",
       "2 × 1", "2 × 2"},
      {projected(square + R"(, "heads": 3)"), E::value, "/heads", "width 2", "3"},
      {projected(square + R"(, "b_k": [1])"), E::shape, "/b_k", "2", "1"},
      {projected(square + R"(, "W_o": [[1]])"), E::shape, "/W_o", "2 × any", "1 × 1"},
      {projected(square + R"(, "b_o": [1])"), E::type, "/b_o", "W_o", "alone"},
      {projected(square + R"(, "W_o": [[1], [2]], "b_o": [1, 2])"), E::shape, "/b_o", "1", "2"},
      {projected(square + R"(, "weight_layout": "torch")"), E::value, "/weight_layout", "out_in", "torch"},
      {projected(square + R"(, "weight_layout": 1)"), E::type, "/weight_layout", "text", "1"},
      {projected(R"("W_q": [[1, 2]], "W_k": [[1, 2]], "W_v": [[1, 2, 3]], "weight_layout": "out_in")"),
       E::shape, "/W_v", "2 × any", "3 × 1"},
  };
  for (const Refusal& row : rows) expect_refused(row);
}

TEST(Refusals, OfEmbeddingsThatDoNotMatch) {
  const std::string two = R"({"sequences": {"a": {"tokens": ["x"], "embeddings": [[1, 2]]},
    "b": {"tokens": ["y"], "embeddings": [[1, 2, 3]]}, "c": {"tokens": ["y", "z"], "embeddings": [[1, 2], [3, 4]]}},
    "layers": [)";
  expect_refused({two + R"({"query": "a", "key": "b"}]})", E::shape, "/layers/0/key", "2 wide", "3"});
  expect_refused({two + R"({"query": "a", "value": "c"}]})", E::shape, "/layers/0/value", "1 tokens", "2"});
}

TEST(Refusals, OfLimits) {
  const auto repeated = [](const std::string& part, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text.append(i == 0 ? "" : ",").append(part);
    return text;
  };
  std::string keys;
  for (int i = 0; i < 4097; ++i) keys += fmt::format("{}\"{}\":0", i == 0 ? "" : ",", i);
  const std::vector<Refusal> rows = {
      {fmt::format(R"({{"x":{}1{}}})", std::string(65, '['), std::string(65, ']')), E::limit,
       fmt::format("/x{}", zeros(63)), "64", "more"},
      {"{" + keys + "}", E::limit, "/", "4,096", "more"},
      {fmt::format(R"({{"heads": 1{}}})", std::string(1024, '0')), E::limit, "/heads", "1,024", "1,025"},
      {fmt::format(R"({{"q": [1{}]}})", std::string(1024, '0')), E::limit, "/q/0", "1,024", "1,025"},
      {fmt::format("[\"{}\"]", std::string(65537, 'a')), E::limit, "/tokens/0", "65,536", "65,537"},
      {fmt::format("[{}]", repeated("\"\"", 1'000'001)), E::limit, "/tokens", "1,000,000", "more"},
      {fmt::format(R"({{"tokens": ["a"], "layers": [{}]}})", repeated("{}", 4097)), E::limit, "/layers",
       "4,096", "4,097"},
      {R"({"tokens": ["a"], "q": {"shape": [1,1,1,1,1,1,1,1,1], "data": [1]}})", E::limit, "/q/data",
       "8 axes", "9"},
  };
  for (const Refusal& row : rows) expect_refused(row);
}

TEST(Refusals, OfAChoice) {
  ReadOptions third;
  third.document = 2;
  for (const auto& [text, source] : std::vector<std::pair<std::string, std::string>>{
           {R"([["a"], ["b"]])", "a.json"}, {"[\"a\"]\n\n[\"b\"]\n", "a.jsonl"}, {R"(["a"])", "a.json"}}) {
    const Error error = test::refused(text, source, third);
    EXPECT_EQ(error.code, ErrorCode::usage) << text;
    EXPECT_EQ(error.found, "2");
  }
}

TEST(Refusals, OfALineNameTheLine) {
  ReadOptions second;
  second.document = 1;
  const std::string text = "[\"a\"]\n\n{\"tokens\": []}\n";
  EXPECT_EQ(test::refused(text, "a.jsonl", second).place, "line 3: /tokens");
  const Error broken = test::refused("[\"a\"]\n[\"b\" 1]\n", "a.jsonl", second);
  EXPECT_EQ(broken.place, "2:6 (byte 11)");
  EXPECT_EQ(test::refused("\n \n", "a.jsonl").expected, "a document on a line");
}

TEST(Refusals, OfFiles) {
  for (const char* path : {"/nonexistent/a.json", "/tmp", "/dev/null"}) {
    const auto document = read_document(path);
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().file, path);
  }
}

}  // namespace
}  // namespace attn

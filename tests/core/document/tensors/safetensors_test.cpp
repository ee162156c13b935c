// safetensors files: every type, alone and named by a document, and each way in which one can be broken.

#include <cmath>

#include "tests/core/document/tensors/files.hpp"

namespace attn {
namespace {

using test::raw;
using test::safetensors;
using Floats = std::vector<float>;

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  std::size_t begin, std::size_t end) {
  return fmt::format(R"("{}":{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})", name, dtype, shape,
                     begin, end);
}

template <class T>
void expect_type(const std::string& dtype, const std::vector<T>& numbers, const Floats& expected) {
  const support::TemporaryFolder folder;
  const std::string data = raw(numbers);
  // A header of odd length: the numbers are not aligned.
  std::string header = "{" + entry("x", dtype, std::to_string(numbers.size()), 0, data.size()) + "}";
  if (header.size() % 2 == 0) header += ' ';
  folder.write("t.safetensors", safetensors(header, data));
  const auto document = test::with_bias(folder, R"({"file": "t.safetensors", "name": "x"})", numbers.size());
  ASSERT_TRUE(document) << dtype << describe(document.error());
  EXPECT_EQ(test::bias_values(*document), expected) << dtype;
}

TEST(Safetensors, EveryType) {
  expect_type<std::uint16_t>("F16", {0x3c00, 0xc000, 0x0001}, {1, -2, 0x1p-24f});
  expect_type<std::uint16_t>("BF16", {0x3f80, 0xc000, 0xff80}, {1, -2, -INFINITY});
  expect_type<float>("F32", {1.5f, -2, INFINITY}, {1.5f, -2, INFINITY});
  expect_type<double>("F64", {1.5, -2, 0.1}, {1.5f, -2, 0.1f});
  expect_type<std::int8_t>("I8", {1, -128, 127}, {1, -128, 127});
  expect_type<std::int16_t>("I16", {1, -32768, 7}, {1, -32768, 7});
  expect_type<std::int32_t>("I32", {1, -2147483647 - 1, 7}, {1, -2147483648.0f, 7});
  expect_type<std::int64_t>("I64", {1, -2, 1LL << 40}, {1, -2, 0x1p40f});
  expect_type<std::uint8_t>("U8", {1, 255, 7}, {1, 255, 7});
  expect_type<std::uint16_t>("U16", {1, 65535, 7}, {1, 65535, 7});
  expect_type<std::uint32_t>("U32", {1, 4294967040u, 7}, {1, 4294967040.0f, 7});
  expect_type<std::uint64_t>("U64", {1, 1ULL << 63, 7}, {1, 0x1p63f, 7});
  expect_type<std::uint8_t>("BOOL", {1, 0, 1}, {1, 0, 1});
}

TEST(Safetensors, OpensAloneByItsNames) {
  const Floats q = {1, 0, 0, 1}, k = {1, 2, 3, 4};
  const std::string data = raw(q) + raw(k) + std::string("\1\1\0\1", 4) + "abc";
  const std::string header = R"({"__metadata__":{"format":"pt"},)" + entry("q", "F32", "2, 2", 0, 16) + "," +
                             entry("k", "F32", "2, 2", 16, 32) + "," + entry("mask", "BOOL", "2, 2", 32, 36) +
                             "," + entry("odd", "F8_E4M3", "3", 36, 39) + "}";
  const auto document = test::opened("saved.safetensors", safetensors(header, data));
  ASSERT_TRUE(document) << describe(document.error());
  EXPECT_EQ(origin_name(document->layers.front()), "q, k");
  EXPECT_TRUE(document->layers.front().mask);
  EXPECT_EQ(document->sequences.front().tokens, (std::vector<std::string>{"0", "1"}));
  EXPECT_TRUE(test::has_note(*document, Note::Kind::inferred, "", "odd"));
  // By its content, whatever its name.
  EXPECT_TRUE(test::opened("saved", safetensors(header, data)));
  EXPECT_TRUE(test::opened("saved.json", safetensors(header, data)));
}

TEST(Safetensors, AHeaderLengthThatLooksLikeAnotherKind) {
  // Lengths whose first bytes are those of pickles, UTF-16 and others.
  for (const std::size_t length : {0x5bu, 0x3cu, 0x7bu, 0x280u, 0x380u, 0x480u, 0x580u}) {
    std::string header = "{" + entry("attention", "U8", "1, 1", 0, 1) + "}";
    if (header.size() > length) header = R"({"attn":{"dtype":"U8","shape":[1,1],"data_offsets":[0,1]}})";
    ASSERT_LE(header.size(), length);
    header.resize(length, ' ');
    const auto document = test::opened("x.safetensors", safetensors(header, "\1"));
    EXPECT_TRUE(document) << length << describe(document.error());
  }
}

struct Broken {
  std::string content;
  ErrorCode code;
  std::string place;
  std::string words;
};

TEST(Safetensors, Refusals) {
  using E = ErrorCode;
  const std::string eight(8, '\0');
  const auto one = [](const std::string& dtype, const std::string& shape, std::size_t begin,
                      std::size_t end) { return "{" + entry("q", dtype, shape, begin, end) + "}"; };
  const std::string other = entry("k", "F32", "1", 4, 8);
  const std::vector<Broken> rows = {
      {"", E::syntax, "header byte 0", "8 bytes"},
      {"1234567", E::syntax, "header byte 0", "7"},
      {test::little(~0ull, 8) + "{}", E::syntax, "header byte 0", "other 2 bytes"},
      {test::little(100, 8) + "{}", E::syntax, "header byte 0", "found|100"},
      {test::little(17u << 20, 8) + std::string(17u << 20, ' '), E::limit, "header byte 0", "16,777,216"},
      {safetensors("", ""), E::syntax, "header byte 8", "empty"},
      {safetensors("[]", ""), E::syntax, "header byte 8", "'{'"},
      {safetensors(" {}", ""), E::syntax, "header byte 8", "'{'"},
      {safetensors("{}", ""), E::value, "header byte 0", "no tensors"},
      {safetensors("{\"" + std::string(5000, 'a') + "\":1}", ""), E::limit, "header byte 8", "4,096 bytes"},
      {safetensors("{\"a\":1}", ""), E::type, "tensor \"a\"", "found|1"},
      {safetensors("{\"a\":{}}", ""), E::type, "tensor \"a\"", "without one"},
      {safetensors("{\"a\":[]}", ""), E::type, "tensor \"a\"", "a list"},
      {safetensors(std::string("{\"a\0\":1}", 8), ""), E::syntax, "header byte 11", "NUL"},
      {safetensors(one("F32", "1", 0, 4) + std::string(1, '\0'), "0123"), E::syntax, "header byte 62", "NUL"},
      {safetensors("{\"\xff\":1}", ""), E::encoding, "header byte 10", "UTF-8"},
      {safetensors("{\"a\":}", ""), E::syntax, "header byte 13", "JSON"},
      {safetensors("{} {}", ""), E::syntax, "header byte 11", "JSON"},
      {safetensors(R"({"__metadata__":{"a":1}})", ""), E::type, "header byte 8", "texts"},
      {safetensors(one("F32", "2", 0, 4), "0123"), E::shape, "tensor \"q\"", "found|4"},
      {safetensors(one("F32", "4611686018427387905", 0, 4), "0123"), E::shape, "tensor \"q\"", "found|4"},
      {safetensors(one("F32", "4294967296,4294967296,1", 0, 4), "0123"), E::shape, "tensor \"q\"", "found|4"},
      {safetensors(one("F32", "-1", 0, 4), "0123"), E::type, "tensor \"q\"", "-1"},
      {safetensors(one("F32", "1.0", 0, 4), "0123"), E::type, "tensor \"q\"", "1.0"},
      {safetensors(one("F32", "99999999999999999999", 0, 4), "0123"), E::type, "tensor \"q\"", "99999999"},
      {safetensors(one("F32", "1", 0, 4), "012"), E::shape, "tensor \"q\"", "3 bytes of data"},
      {safetensors(one("F32", "1", 4, 0), "0123"), E::shape, "tensor \"q\"", "4 to 0"},
      {safetensors(one("F32", "1", 4, 8), eight), E::shape, "tensor \"q\"", "begin at 0"},
      {safetensors(one("F32", "1", 0, 4), eight), E::shape, "header byte 8", "cover the 8 bytes"},
      {safetensors("{" + entry("q", "F32", "2", 0, 8) + "," + other + "}", eight), E::shape, "tensor \"k\"",
       "begin at 8"},
      {safetensors("{" + entry("k", "F32", "1", 0, 4) + "," + entry("k", "F32", "1", 4, 8) + "}", eight),
       E::duplicate, "tensor \"k\"", "twice"},
      {safetensors(R"({"q":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "0123"),
       E::type, "tensor \"q\"", "twice"},
      {safetensors(R"({"q":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", "0123"), E::type,
       "tensor \"q\"", "third"},
      {safetensors(R"({"q":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", "0123"), E::type,
       "tensor \"q\"", "1 offsets"},
      {safetensors(one("F4", "2", 0, 4), "0123"), E::type, "tensor \"q\"", "\"F4\""},
      {safetensors(one("F32", "1,1,1,1,1,1,1,1,1", 0, 4), "0123"), E::limit, "tensor \"q\"", "8 axes"},
      {safetensors(one("F32", "1", 0, 4), "0123"), E::shape, "tensor \"q\"", "2 to 3 axes"},
      {safetensors("{" + entry("attention", "F64", "1,1", 0, 8) + "}", raw(std::vector<double>{1e39})),
       E::value, "tensor \"attention\"", "1e+39 at [0, 0]"},
      {safetensors("{" + entry("mine", "F32", "1", 0, 4) + "}", "0123"), E::value, "header byte 0", "mine"},
  };
  for (const Broken& row : rows) {
    const auto document = test::opened("a.safetensors", row.content);
    ASSERT_FALSE(document) << row.words;
    const Error& error = document.error();
    EXPECT_EQ(static_cast<int>(error.code), static_cast<int>(row.code)) << describe(error);
    EXPECT_EQ(error.place, row.place) << describe(error);
    EXPECT_TRUE(test::contains(error.expected + "|found|" + error.found, row.words)) << describe(error);
  }
}

TEST(Safetensors, TooManyTensors) {
  std::string header = "{";
  for (int i = 0; i <= 100'000; ++i)
    header +=
        fmt::format(R"({}"t{}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})", i == 0 ? "" : ",", i);
  const auto document = test::opened("a.safetensors", safetensors(header + "}", ""));
  ASSERT_FALSE(document);
  EXPECT_TRUE(test::contains(document.error().expected, "at most 100,000 tensors"));
}

}  // namespace
}  // namespace attn

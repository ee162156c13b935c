// .npy files: every type, order and version, and each way in which one can be broken.

#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "tests/core/document/tensors/files.hpp"

namespace attn {
namespace {

using test::npy;
using test::npy_of_dict;
using test::raw;
using Floats = std::vector<float>;

Floats attention_of(const std::string& content) {
  const auto document = test::opened("a.npy", content);
  if (!document) {
    ADD_FAILURE() << describe(document.error());
    return {};
  }
  const auto values = std::get<GivenWeights>(document->layers.front().origin).weights.values();
  return {values.begin(), values.end()};
}

template <class T>
std::string swapped(const std::vector<T>& numbers) {
  std::string bytes = raw(numbers);
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(T))
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + sizeof(T)));
  return bytes;
}

template <class T>
void expect_type(const char* letters) {
  const std::vector<T> numbers = {0, 1, 1, 0};
  const Floats expected = {0, 1, 1, 0};
  EXPECT_EQ(attention_of(npy(std::string("<") + letters, "(2, 2)", raw(numbers))), expected) << letters;
  EXPECT_EQ(attention_of(npy(std::string(">") + letters, "(2, 2)", swapped(numbers))), expected) << letters;
}

TEST(Npy, EveryTypeInBothByteOrders) {
  expect_type<float>("f4");
  expect_type<double>("f8");
  expect_type<std::int8_t>("i1");
  expect_type<std::int16_t>("i2");
  expect_type<std::int32_t>("i4");
  expect_type<std::int64_t>("i8");
  expect_type<std::uint8_t>("u1");
  expect_type<std::uint16_t>("u2");
  expect_type<std::uint32_t>("u4");
  expect_type<std::uint64_t>("u8");
  EXPECT_EQ(attention_of(npy("|b1", "(2, 2)", std::string("\1\0\0\1", 4))), (Floats{1, 0, 0, 1}));
}

TEST(Npy, HalfPrecisionBitByBit) {
  const std::vector<std::uint16_t> halves = {0x0000, 0x8000, 0x3c00, 0x0001, 0x03ff, 0x7bff, 0xfc00, 0x3555};
  const Floats expected = {0, -0.0f, 1, 0x1p-24f, 0x1.ff8p-15f, 65504, -INFINITY, 0x1.554p-2f};
  for (const bool big : {false, true}) {
    const Floats values =
        attention_of(npy(big ? ">f2" : "<f2", "(2, 4)", big ? swapped(halves) : raw(halves)));
    ASSERT_EQ(values.size(), expected.size());
    EXPECT_EQ(std::memcmp(values.data(), expected.data(), values.size() * sizeof(float)), 0);
  }
  EXPECT_TRUE(
      std::isnan(attention_of(npy("<f2", "(1, 1)", raw(std::vector<std::uint16_t>{0x7e00}))).front()));
}

TEST(Npy, VersionsAndLayoutsOfTheDict) {
  const std::string data = raw(Floats{1, 2, 3, 4, 5, 6});
  const Floats expected = {1, 2, 3, 4, 5, 6};
  for (const int version : {1, 2, 3}) {
    EXPECT_EQ(attention_of(npy("<f4", "(2, 3)", data, false, version)), expected) << version;
  }
  for (const char* dict : {R"({"shape":(2,3),"descr":"<f4","fortran_order":False})",
                           "{ 'fortran_order' : False , 'shape' : ( 2L , 3L , ) , 'descr' : '<f4' }  \n\n",
                           "{'descr': 'f4', 'fortran_order': False, 'shape': (2, 3)}"}) {
    EXPECT_EQ(attention_of(npy_of_dict(dict, data)), expected) << dict;
  }
}

TEST(Npy, FortranOrder) {
  // Element (i, j, k) of 2 × 3 × 2 is 100 i + 10 j + k.
  Floats file, expected;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i) file.push_back(static_cast<float>(100 * i + 10 * j + k));
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 2; ++k) expected.push_back(static_cast<float>(100 * i + 10 * j + k));
  EXPECT_EQ(attention_of(npy("<f4", "(2, 3, 2)", raw(file), true)), expected);
}

TEST(Npy, LongArraysComeInBlocks) {
  constexpr std::size_t kRows = 500, kColumns = 700;
  std::vector<double> numbers(kRows * kColumns);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i % 65536);
  const Floats plain = attention_of(npy("<f8", "(500, 700)", raw(numbers)));
  const Floats turned = attention_of(npy("<f8", "(700, 500)", raw(numbers), true));
  ASSERT_EQ(plain.size(), numbers.size());
  ASSERT_EQ(turned.size(), numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    ASSERT_EQ(plain[i], static_cast<float>(numbers[i]));
    ASSERT_EQ(turned[i % kColumns * kRows + i / kColumns], static_cast<float>(numbers[i]));
  }
}

TEST(Npy, RanksAreThoseOfAttention) {
  const std::map<std::string, std::size_t> layers = {
      {"(2, 2)", 1}, {"(3, 2, 2)", 1}, {"(3, 4, 2, 2)", 3}, {"(3, 2, 4, 2, 2)", 3}};
  for (const auto& [shape, count] : layers) {
    const auto document = test::opened("a.npy", npy("|u1", shape,
                                                    std::string(shape == "(2, 2)"         ? 4
                                                                : shape == "(3, 2, 2)"    ? 12
                                                                : shape == "(3, 4, 2, 2)" ? 48
                                                                                          : 96,
                                                                '\0')));
    ASSERT_TRUE(document) << describe(document.error());
    EXPECT_EQ(document->layers.size(), count) << shape;
    EXPECT_EQ(document->sequences.front().tokens, (std::vector<std::string>{"0", "1"}));
    EXPECT_EQ(document->title, "a");
  }
}

TEST(Npy, WhatFloat32CannotHold) {
  const auto outside = test::opened("a.npy", npy("<f8", "(1, 3)", raw(std::vector<double>{1, 2, 1e300})));
  ASSERT_FALSE(outside);
  EXPECT_EQ(outside.error().code, ErrorCode::value);
  EXPECT_TRUE(test::contains(outside.error().found, "1e+300 at [0, 2]")) << describe(outside.error());
  const auto largest =
      attention_of(npy("<f8", "(1, 3)", raw(std::vector<double>{3.4028235e38, -INFINITY, std::nan("")})));
  EXPECT_EQ(largest[0], std::numeric_limits<float>::max());
  EXPECT_EQ(largest[1], -INFINITY);
  EXPECT_TRUE(std::isnan(largest[2]));
  const auto rounded = test::opened(
      "a.npy", npy("<i8", "(1, 4)",
                   raw(std::vector<std::int64_t>{1 << 24, (1 << 24) + 1, -1, std::int64_t{1} << 62})));
  ASSERT_TRUE(rounded);
  EXPECT_TRUE(
      test::has_note(*rounded, Note::Kind::warning, "header byte 60", "1 whole number(s) are rounded"));
  const auto vanished = test::opened("a.npy", npy("<f8", "(1, 2)", raw(std::vector<double>{1e-60, 0})));
  ASSERT_TRUE(vanished);
  EXPECT_TRUE(test::has_note(*vanished, Note::Kind::warning, "header byte 60", "1 number(s) are too small"));
  EXPECT_FALSE(test::opened("a.npy", npy("|b1", "(1, 2)", "\1\2")));
}

struct Broken {
  std::string content;
  ErrorCode code;
  std::string place;
  std::string words;  // of expected or found
};

TEST(Npy, Refusals) {
  using E = ErrorCode;
  const std::string four = raw(Floats{1, 2, 3, 4});
  const std::vector<Broken> rows = {
      {"", E::syntax, "header byte 0", "0 bytes"},
      {"\x93NUM", E::syntax, "header byte 0", "4 bytes"},
      {"something else", E::syntax, "header byte 0", "other bytes"},
      {npy("<f4", "(2, 2)", four, false, 4), E::unsupported, "header byte 6", "4.0"},
      {npy("<f4", "(2, 2)", four).substr(0, 40), E::syntax, "header byte 8", "bytes of header"},
      {std::string("\x93NUMPY\2\0\0\0", 10), E::syntax, "header byte 8", "bytes of header"},
      {std::string("\x93NUMPY\2\0\xff\xff\xff\xff", 12) + "{}", E::limit, "header byte 8", "65,536"},
      {npy("<f4", "(2, 2)", four.substr(1)), E::shape, "header byte 60", "16 bytes"},
      {npy("<f4", "(2, 2)", four + "x"), E::shape, "header byte 60", "17"},
      {npy("<f4", "(2, -2)", four), E::shape, "header byte 64", "lengths from 0"},
      {npy("<f4", "(4294967296, 4294967296, 4)", four), E::limit, "header byte 60", "64 bits"},
      {npy("<f4", "(99999999999999999999, 1)", four), E::limit, "header byte 61", "64 bits"},
      {npy("<f4", "(0, 9223372036854775807, 9223372036854775807)", ""), E::limit, "header byte 60",
       "64 bits"},
      {npy("<f4", "(1, 1, 1, 1, 1, 1, 1, 1, 4)", four), E::limit, "header byte 85", "8 axes"},
      {npy("<f4", "(2, 2.0)", four), E::syntax, "header byte 65", "','"},
      {npy("<f4", "4", four), E::syntax, "header byte 60", "'('"},
      {npy("|O", "(2, 2)", four), E::type, "header byte 20", "Python objects"},
      {npy("<c8", "(2, 1)", four), E::type, "header byte 20", "complex"},
      {npy("<U1", "(2, 2)", four), E::type, "header byte 20", "texts"},
      {npy("<f16", "(1,)", four), E::type, "header byte 20", "another size"},
      {npy("", "(2, 2)", four), E::type, "header byte 20", "\"\""},
      {npy("<f4", "(4,)", four), E::shape, "header byte 60", "2 to 5 axes"},
      {npy("<f4", "()", raw(Floats{1})), E::shape, "header byte 60", "2 to 5 axes"},
      {npy("<f4", "(0, 3)", ""), E::shape, "header byte 60", "at least one number"},
      {npy_of_dict("[1]", four), E::syntax, "header byte 10", "'{'"},
      {npy_of_dict("{}", four), E::syntax, "header byte 10", "without descr"},
      {npy_of_dict("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4,)}", four), E::type,
       "header byte 20", "structure"},
      {npy_of_dict("{'descr': '<f4', 'fortran_order': 0, 'shape': (4,)}", four), E::syntax, "header byte 44",
       "True or False"},
      {npy_of_dict("{'descr': '<f4', 'descr': '<f4'}", four), E::syntax, "header byte 27", "once each"},
      {npy_of_dict("{'descr': '<f4', 'x': 1}", four), E::syntax, "header byte 27", "once each"},
      {npy_of_dict("{'descr': '<f4", four), E::syntax, "header byte 20", "that ends"},
      {npy_of_dict("{'descr': '<f4', 'fortran_order': False, 'shape': (4,)} + {}", four), E::syntax,
       "header byte 66", "nothing behind"},
      {npy_of_dict("{'descr': '<f4' 'fortran_order': False}", four), E::syntax, "header byte 26", "','"},
  };
  for (const Broken& row : rows) {
    const auto document = test::opened("a.npy", row.content);
    ASSERT_FALSE(document) << row.words;
    const Error& error = document.error();
    EXPECT_EQ(static_cast<int>(error.code), static_cast<int>(row.code)) << describe(error);
    EXPECT_EQ(error.place, row.place) << describe(error);
    EXPECT_TRUE(test::contains(error.expected + "|" + error.found, row.words)) << describe(error);
    EXPECT_TRUE(test::contains(error.file, "a.npy")) << describe(error);
  }
}

TEST(Npy, EveryTruncationIsRefused) {
  const std::string whole = npy("<f4", "(2, 2)", raw(Floats{1, 2, 3, 4}));
  const support::TemporaryFolder folder;
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(read_document(folder.write("a.npy", whole.substr(0, length)))) << length;
  EXPECT_TRUE(read_document(folder.write("a.npy", whole)));
}

}  // namespace
}  // namespace attn

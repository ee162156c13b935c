// Whatever stands in a file, reading it ends with a document or with a refusal that says where and what.

#include <random>
#include <string>

#include "tests/core/document/parse.hpp"
#include "tests/core/document/samples.hpp"

namespace attn {
namespace {

constexpr std::string_view kBytes = "[]{},:\"\\ -+.eE0123456789nulltrue\n\t\xC3\xA4\xF0\x80\xFF";

void expect_told(const std::string& text, const std::string& source = "a.json") {
  const auto document = parse_document(text, source);
  if (document) {
    ASSERT_FALSE(document->layers.empty()) << text;
    for (const Layer& layer : document->layers) {
      ASSERT_LT(layer.query, document->sequences.size());
      ASSERT_FALSE(document->query_of(layer).tokens.empty());
    }
    return;
  }
  const Error& error = document.error();
  ASSERT_FALSE(error.expected.empty()) << text;
  ASSERT_FALSE(error.place.empty()) << text << describe(error);
  ASSERT_EQ(error.file, source);
}

std::string mutated(std::string text, std::mt19937& random) {
  for (auto rounds = 1 + random() % 3; rounds > 0 && !text.empty(); --rounds) {
    const std::size_t at = random() % text.size();
    const std::size_t length = 1 + random() % 8;
    switch (random() % 7) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text[at] = kBytes[random() % kBytes.size()];
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(random() % text.size(), length));
        break;
      case 4:
        text.resize(at);
        break;
      case 5:
        text.insert(at, 1, kBytes[random() % kBytes.size()]);
        break;
      default:
        text[at] = static_cast<char>(text[at] ^ (1 << random() % 8));
        break;
    }
  }
  return text;
}

TEST(Mutations, TheSamplesAreValid) {
  for (const std::string& sample : test::samples()) test::parsed(sample);
}

TEST(Mutations, EndInADocumentOrARefusal) {
  std::mt19937 random(7);
  for (int round = 0; round < 8000; ++round) {
    const auto& samples = test::samples();
    expect_told(mutated(samples[random() % samples.size()], random), round % 5 == 0 ? "a.jsonl" : "a.json");
    if (HasFatalFailure()) return;
  }
}

TEST(Mutations, EveryTruncationIsToldApart) {
  for (const std::string& sample : test::samples()) {
    for (std::size_t length = 0; length < sample.size(); ++length) {
      expect_told(sample.substr(0, length));
      if (HasFatalFailure()) return;
      EXPECT_FALSE(parse_document(sample.substr(0, length), "a.json")) << sample.substr(0, length);
    }
  }
}

// Replaces one value at a time by one of another kind.
TEST(Mutations, WrongValuesInAnyPlace) {
  const std::vector<std::string> values = {"null",
                                           "true",
                                           "0",
                                           "-1",
                                           "1e400",
                                           "\"x\"",
                                           "[]",
                                           "{}",
                                           "[1]",
                                           "[[\"a\"]]",
                                           "{\"shape\":[0],\"data\":[]}",
                                           "-Infinity",
                                           "NaN",
                                           "[null]"};
  for (const std::string& sample : test::samples()) {
    for (std::size_t colon = sample.find(':'); colon != std::string::npos;
         colon = sample.find(':', colon + 1)) {
      std::size_t end = colon + 1;
      for (int depth = 0; end < sample.size(); ++end) {
        const char c = sample[end];
        if (c == '[' || c == '{') ++depth;
        if ((c == ']' || c == '}') && depth-- == 0) break;
        if (c == ',' && depth == 0) break;
      }
      for (const std::string& value : values) {
        expect_told(sample.substr(0, colon + 1) + value + sample.substr(end));
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(Mutations, DeepAndWideTextsAreCheap) {
  for (const char* part : {"[", "{\"a\":", "[{\"a\":", "[[1],", "\"", "{}", "[],", "\\"}) {
    std::string text;
    while (text.size() < 200'000) text += part;
    expect_told(text);
    expect_told(text + "1");
  }
}

}  // namespace
}  // namespace attn

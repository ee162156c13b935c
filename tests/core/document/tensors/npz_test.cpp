// .npz files: stored and deflated, alone and named by a document, and what can be wrong with an archive.

#include <algorithm>
#include <filesystem>
#include <utility>

#include <zip.h>

#include "tests/core/document/tensors/files.hpp"

namespace attn {
namespace {

using test::npy;
using test::raw;
using Floats = std::vector<float>;

struct Entry {
  std::string name;
  std::string content;
  zip_int32_t method = ZIP_CM_STORE;
  const char* password = nullptr;
};

std::string archive(const std::vector<Entry>& entries) {
  const support::TemporaryFolder folder;
  const std::string path = folder / "a.zip";
  zip_t* zip = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  for (const Entry& entry : entries) {
    zip_source_t* source = zip_source_buffer(zip, entry.content.data(), entry.content.size(), 0);
    const zip_int64_t added = zip_file_add(zip, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    EXPECT_GE(added, 0);
    const auto index = static_cast<zip_uint64_t>(added);
    EXPECT_EQ(zip_set_file_compression(zip, index, entry.method, 9), 0);
    if (entry.password) {
      EXPECT_EQ(zip_file_set_encryption(zip, index, ZIP_EM_TRAD_PKWARE, entry.password), 0);
    }
  }
  EXPECT_EQ(zip_close(zip), 0);
  return support::bytes_of(path);
}

std::string floats(const std::string& shape, const Floats& values) {
  return npy("<f4", shape, raw(values));
}

Floats attention_of(const Document& document) {
  const auto values = std::get<GivenWeights>(document.layers.front().origin).weights.values();
  return {values.begin(), values.end()};
}

void expect_refused(const std::string& content, ErrorCode code, const std::string& place,
                    const std::string& words) {
  const auto document = test::opened("a.npz", content);
  ASSERT_FALSE(document) << words;
  EXPECT_EQ(static_cast<int>(document.error().code), static_cast<int>(code)) << describe(document.error());
  EXPECT_EQ(document.error().place, place) << describe(document.error());
  EXPECT_TRUE(test::contains(describe(document.error()), words)) << describe(document.error());
}

TEST(Npz, StoredAndDeflated) {
  for (const zip_int32_t method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    const auto document =
        test::opened("a.npz", archive({{"attention.npy", floats("(2, 2)", {1, 0, 0.5f, 0.5f}), method}}));
    ASSERT_TRUE(document) << describe(document.error());
    EXPECT_EQ(attention_of(*document), (Floats{1, 0, 0.5f, 0.5f}));
  }
}

TEST(Npz, OpensAloneByItsNames) {
  const auto document = test::opened("a.npz", archive({{"readme.txt", "hello"},
                                                       {"k.npy", floats("(3, 2)", {1, 2, 3, 4, 5, 6})},
                                                       {"objects.npy", npy("|O", "(1,)", "pickle")},
                                                       {"/etc/passwd.npy", floats("(1,)", {1})},
                                                       {"../../x.npy", floats("(1,)", {1})},
                                                       {"q.npy", floats("(2, 2)", {1, 2, 3, 4})}}));
  ASSERT_TRUE(document) << describe(document.error());
  EXPECT_EQ(origin_name(document->layers.front()), "q, k");
  EXPECT_EQ(document->query_of(document->layers.front()).tokens.size(), 2u);
  EXPECT_EQ(document->key_of(document->layers.front()).tokens.size(), 3u);
  EXPECT_TRUE(test::has_note(*document, Note::Kind::inferred, "", "3 other tensor(s) are not read: objects"));
}

TEST(Npz, OfSeveralOriginsTheOneThatSaysMost) {
  const std::string two = floats("(2, 2)", {1, 0, 0, 1});
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows = {
      {{"weights", "scores", "k", "q"}, "q, k"},
      {{"weights", "scores", "q"}, "scores"},
      {{"q", "attention", "W_o"}, "weights"},
      {{"weights", "attention"}, "weights"}};
  for (const auto& [names, origin] : rows) {
    std::vector<Entry> entries;
    for (const std::string& name : names) entries.push_back({name + ".npy", two});
    const auto document = test::opened("a.npz", archive(entries));
    ASSERT_TRUE(document) << describe(document.error());
    EXPECT_EQ(origin_name(document->layers.front()), origin);
    EXPECT_TRUE(test::has_note(*document, Note::Kind::inferred, "", "not read"));
  }
  expect_refused(archive({{"q.npy", two}}), ErrorCode::type, "header byte 0", "k beside");
}

TEST(Npz, NamedByADocument) {
  const support::TemporaryFolder folder;
  folder.write(
      "t.npz",
      archive({{"a.npy", floats("(3,)", {1, 2, 3}), ZIP_CM_DEFLATE},
               {"b.npy", floats("(4, 3)", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), ZIP_CM_DEFLATE}}));
  const auto whole = test::with_bias(folder, R"({"file": "t.npz", "name": "a"})", 3);
  ASSERT_TRUE(whole) << describe(whole.error());
  EXPECT_EQ(test::bias_values(*whole), (Floats{1, 2, 3}));
  const auto part =
      test::with_bias(folder, R"({"file": "t.npz", "name": "b", "slice": [[1, 4], [1, 2]]})", 3);
  ASSERT_TRUE(part) << describe(part.error());
  EXPECT_EQ(test::bias_values(*part), (Floats{5, 8, 11}));
  const auto none = test::with_bias(folder, R"({"file": "t.npz"})", 3);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().place, "/layers/0/bias: t.npz");
  EXPECT_TRUE(test::contains(none.error().expected, "a, b"));
  const auto wrong = test::with_bias(folder, R"({"file": "t.npz", "name": "bb"})", 3);
  ASSERT_FALSE(wrong);
  EXPECT_TRUE(test::contains(wrong.error().hint, "Did you mean \"b\"?")) << describe(wrong.error());
}

TEST(Npz, Refusals) {
  using E = ErrorCode;
  const std::string good = floats("(2, 2)", {1, 0, 0, 1});
  const std::string whole = archive({{"attention.npy", good}});
  expect_refused("PK\x03\x04", E::syntax, "header byte 0", "zip archive that is whole");
  expect_refused(whole.substr(0, whole.size() / 2), E::syntax, "header byte 0", "zip archive that is whole");
  expect_refused(archive({{"archive/data.pkl", "x"}, {"archive/version", "3"}}), E::value, "header byte 0",
                 "A pickle is a program");
  expect_refused(archive({{"mine.npy", good}}), E::value, "header byte 0", "mine");
  expect_refused(archive({{"attention.npy", "not numpy"}}), E::syntax, "tensor \"attention\", header byte 0",
                 "9 bytes");
  expect_refused(archive({{"attention.npy", good.substr(0, good.size() - 1)}}), E::shape,
                 "tensor \"attention\", header byte 60", "cut off");
  expect_refused(archive({{"attention.npy", npy("|O", "(2, 2)", "pickle")}}), E::type,
                 "tensor \"attention\", header byte 20", "Python objects");
  expect_refused(archive({{"attention.npy", good, ZIP_CM_DEFLATE, "secret"}}), E::unsupported,
                 "tensor \"attention\"", "encrypted");
  expect_refused(archive({{"attention.npy", npy("<f8", "(1, 1)", raw(std::vector<double>{1e99}))}}), E::value,
                 "tensor \"attention\"", "1e+99 at [0, 0]");
}

TEST(Npz, ADamagedEntryIsNoticed) {
  std::string content = archive({{"attention.npy", floats("(2, 2)", {1, 0, 0, 1})}});
  // The last number lies in front of the central directory.
  const std::size_t at = content.find("PK\x01\x02") - 2;
  content[at] = static_cast<char>(content[at] ^ 1);
  expect_refused(content, ErrorCode::syntax, "tensor \"attention\"", "CRC");
}

TEST(Npz, SizesThatLie) {
  const std::string content = archive({{"attention.npy", floats("(2, 2)", {1, 0, 0, 1}), ZIP_CM_DEFLATE}});
  // The uncompressed size in the central directory: 24 bytes behind its start.
  const std::size_t at = content.find("PK\x01\x02") + 24;
  for (const std::uint32_t size : {0u, 1u, 79u, 0x7fffffffu, 0xfffffffeu, 0xffffffffu}) {
    std::string lie = content;
    lie.replace(at, 4, test::little(size, 4));
    EXPECT_FALSE(test::opened("a.npz", lie)) << size;
  }
}

TEST(Npz, ABombIsNotUnpacked) {
  const std::size_t count = std::size_t{56} << 20;
  const std::string content =
      archive({{"attention.npy", npy("|u1", fmt::format("(1, {})", count), std::string(count, '\0')),
                ZIP_CM_DEFLATE}});
  EXPECT_LT(content.size(), std::size_t{1} << 20);
  expect_refused(content, ErrorCode::limit, "tensor \"attention\"", "at most 100 times");
}

TEST(Npz, OneNameTwice) {
  // "attention" and "Attention" are two names until one byte changes, in both headers.
  std::string content =
      archive({{"attention.npy", floats("(1, 1)", {1})}, {"Attention.npy", floats("(1, 1)", {0})}});
  for (std::size_t at = content.find("Attention"); at != std::string::npos;
       at = content.find("Attention", at))
    content[at] = 'a';
  expect_refused(content, ErrorCode::duplicate, "tensor \"attention\"", "twice");
}

}  // namespace
}  // namespace attn

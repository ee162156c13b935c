// Tensors that a document names: base64, files, slices, the folder that they may come from, the limits.

#include <cmath>
#include <filesystem>
#include <numeric>

#include <sys/stat.h>
#include <unistd.h>

#include "core/document/tensors/document_folder.hpp"
#include "core/document/tensors/tensor_files.hpp"
#include "tests/core/document/tensors/files.hpp"

namespace attn {
namespace {

namespace fs = std::filesystem;
using test::npy;
using test::raw;
using Floats = std::vector<float>;

Floats bias(const support::TemporaryFolder& folder, const std::string& reference, std::size_t keys) {
  const auto document = test::with_bias(folder, reference, keys);
  if (!document) {
    ADD_FAILURE() << describe(document.error());
    return {};
  }
  return test::bias_values(*document);
}

void expect_refused(const support::TemporaryFolder& folder, const std::string& reference, ErrorCode code,
                    const std::string& place, const std::string& words) {
  const auto document = test::with_bias(folder, reference, 3);
  ASSERT_FALSE(document) << reference;
  const Error& error = document.error();
  EXPECT_EQ(static_cast<int>(error.code), static_cast<int>(code)) << describe(error);
  EXPECT_EQ(error.place, place) << describe(error);
  EXPECT_TRUE(test::contains(describe(error), words)) << describe(error);
  EXPECT_TRUE(test::contains(error.file, "d.json"));
}

TEST(Base64, EveryTypeAndTheEnds) {
  const support::TemporaryFolder folder;
  EXPECT_EQ(bias(folder, R"({"base64": "AACAPwAAAEAAAEDA", "dtype": "f32", "shape": [3]})", 3),
            (Floats{1, 2, -3}));
  EXPECT_EQ(bias(folder, R"({"base64": "ADwAQADC", "dtype": "f16", "shape": [3]})", 3), (Floats{1, 2, -3}));
  EXPECT_EQ(bias(folder, R"({"base64": "gD8AQEDA", "dtype": "bf16", "shape": [3]})", 3), (Floats{1, 2, -3}));
  EXPECT_EQ(bias(folder, R"({"base64": "AQL9", "dtype": "i8", "shape": [3]})", 3), (Floats{1, 2, -3}));
  EXPECT_EQ(bias(folder, R"({"base64": "AQL9/w==", "dtype": "u8", "shape": [4]})", 4),
            (Floats{1, 2, 253, 255}));
  EXPECT_EQ(bias(folder, R"({"base64": "AQA=", "dtype": "bool", "shape": [2]})", 2), (Floats{1, 0}));
  EXPECT_EQ(bias(folder, R"({"base64": "AAAAAAAA8D8=", "dtype": "f64", "shape": [1]})", 2), (Floats{1}));
  EXPECT_TRUE(std::isnan(bias(folder, R"({"base64": "AADAfw==", "dtype": "f32", "shape": [1]})", 2).front()));
}

TEST(References, ASingleNumberIsATensorToo) {
  const support::TemporaryFolder folder;
  folder.write("one.npy", npy("<f4", "()", raw(Floats{2})));
  for (const char* one : {R"({"file": "one.npy"})", R"({"base64": "Ag==", "dtype": "u8", "shape": []})",
                          R"({"shape": [], "data": [2]})"})
    EXPECT_EQ(bias(folder, one, 3), (Floats{2})) << one;
}

TEST(Base64, Refusals) {
  using E = ErrorCode;
  const support::TemporaryFolder folder;
  const std::string at = "/layers/0/bias";
  expect_refused(folder, R"({"base64": "AQL9", "shape": [3]})", E::value, at + "/dtype", "found nothing");
  expect_refused(folder, R"({"base64": "AQL9", "dtype": "f8", "shape": [3]})", E::value, at + "/dtype",
                 "bf16");
  expect_refused(folder, R"({"base64": "AQL9", "dtype": "u8"})", E::type, at, "no shape");
  expect_refused(folder, R"({"base64": "AQL9", "dtype": "u8", "shape": [4]})", E::shape, at + "/base64",
                 "3 bytes");
  expect_refused(folder, R"({"base64": "AQL9", "dtype": "u8", "shape": [0]})", E::shape, at + "/shape",
                 "from 1");
  expect_refused(folder, R"({"base64": "AQL9", "dtype": "u8", "shape": [1.5]})", E::value, at + "/shape",
                 "whole");
  expect_refused(folder, R"({"base64": "AQL9", "dtype": "u8", "shape": [16777216, 16777216, 16777216]})",
                 E::shape, at + "/base64", "too many");
  expect_refused(folder, R"({"base64": "AQ L9", "dtype": "u8", "shape": [3]})", E::value, at + "/base64",
                 "character 2");
  expect_refused(folder, R"({"base64": "AQL", "dtype": "u8", "shape": [2]})", E::value, at + "/base64",
                 "3 characters");
  expect_refused(folder, R"({"base64": "AQ=A", "dtype": "u8", "shape": [2]})", E::value, at + "/base64",
                 "character 2");
  expect_refused(folder, R"({"base64": "AR==", "dtype": "u8", "shape": [1]})", E::value, at + "/base64",
                 "character 1");
  expect_refused(folder, R"({"base64": 3, "dtype": "u8", "shape": [1]})", E::type, at + "/base64", "a text");
  expect_refused(folder, R"({"base64": "AAAAAAAA8H8=", "dtype": "f64", "shape": [2]})", E::shape,
                 at + "/base64", "8 bytes");
  expect_refused(folder, R"({"base64": "////////738=", "dtype": "f64", "shape": [1]})", E::value,
                 at + "/base64", "float32");
}

class Slices : public testing::Test {
 protected:
  Slices() {
    Floats numbers(4 * 3 * 5);
    std::iota(numbers.begin(), numbers.end(), 0.0f);
    folder.write("c.npy", npy("<f4", "(4, 3, 5)", raw(numbers)));
    Floats turned;
    for (int k = 0; k < 5; ++k)
      for (int j = 0; j < 3; ++j)
        for (int i = 0; i < 4; ++i) turned.push_back(static_cast<float>(15 * i + 5 * j + k));
    folder.write("f.npy", npy("<f4", "(4, 3, 5)", raw(turned), true));
  }
  const support::TemporaryFolder folder;
};

TEST_F(Slices, EveryRangeOfEveryAxis) {
  const std::pair<int, int> ranges[][3] = {{{0, 4}, {0, 3}, {0, 5}}, {{1, 3}, {0, 3}, {0, 5}},
                                           {{0, 4}, {1, 2}, {0, 5}}, {{0, 4}, {0, 3}, {2, 4}},
                                           {{3, 4}, {2, 3}, {4, 5}}, {{1, 4}, {0, 2}, {1, 5}}};
  for (const auto& range : ranges) {
    Floats expected;
    for (int i = range[0].first; i < range[0].second; ++i)
      for (int j = range[1].first; j < range[1].second; ++j)
        for (int k = range[2].first; k < range[2].second; ++k)
          expected.push_back(static_cast<float>(15 * i + 5 * j + k));
    for (const char* name : {"c.npy", "f.npy"}) {
      const auto document = read_document(folder.write(
          "d.json",
          fmt::format(R"({{"attention": {{"file": "{}", "slice": [[{}, {}], [{}, {}], [{}, {}]]}}}})", name,
                      range[0].first, range[0].second, range[1].first, range[1].second, range[2].first,
                      range[2].second)));
      ASSERT_TRUE(document) << describe(document.error());
      const auto values = std::get<GivenWeights>(document->layers.front().origin).weights.values();
      EXPECT_EQ(Floats(values.begin(), values.end()), expected) << name;
    }
  }
}

TEST_F(Slices, NullIsTheWholeAxis) {
  for (const char* slice : {"[null, [1, 2], null]", "[null, [1, 2], [0, 5]]", "[[0, 4], [1, 2], null]"}) {
    const auto document = read_document(
        folder.write("d.json", fmt::format(R"({{"attention": {{"file": "c.npy", "slice": {}}}}})", slice)));
    ASSERT_TRUE(document) << describe(document.error());
    EXPECT_EQ(document->layers.front().heads, 4u);
    EXPECT_EQ(document->query_of(document->layers.front()).tokens.size(), 1u);
  }
}

TEST_F(Slices, Refusals) {
  const std::string at = "/layers/0/bias/slice";
  const auto refused = [&](const char* slice, const std::string& place, const char* words) {
    expect_refused(folder, fmt::format(R"({{"file": "c.npy", "slice": {}}})", slice),
                   std::string(slice) == "3" ? ErrorCode::type
                   : place == at             ? ErrorCode::shape
                                             : ErrorCode::value,
                   place, words);
  };
  refused("3", at, "a list of [from, to]");
  refused("[]", at, "3 entries");
  refused("[null]", at, "3 entries");
  refused("[null, [0, 4], null]", at + "/1", "to ≤ 3");
  refused("[null, [1, 1], null]", at + "/1", "from < to");
  refused("[null, [-1, 1], null]", at + "/1", "null, or");
  refused("[null, [0, 0.5], null]", at + "/1", "null, or");
  refused("[null, [0], null]", at + "/1", "null, or");
  refused("[null, 1, null]", at + "/1", "null, or");
  refused("[null, [0, 1e300], null]", at + "/1", "null, or");
}

TEST_F(Slices, ReadOnlyTheRowsThatAreWanted) {
  // A sparse file of 4 TB: reading more than the slice would not end, and would not fit.
  const std::string path = folder.write("huge.npy", npy("<f4", "(1000000000, 1000)", ""));
  const auto header = fs::file_size(path);
  std::error_code problem;
  fs::resize_file(path, header + 4'000'000'000'000ull, problem);
  if (problem) GTEST_SKIP() << "no sparse files here: " << problem.message();
  EXPECT_EQ(bias(folder, R"({"file": "huge.npy", "slice": [[999999999, 1000000000], [0, 3]]})", 3),
            (Floats{0, 0, 0}));
  // What stays in its file is refused for its shape alone; what is read at once, for its size.
  expect_refused(folder, R"({"file": "huge.npy"})", ErrorCode::shape, "/layers/0/bias", "broadcasts");
  const auto document =
      read_document(folder.write("d.json", R"({"tokens": ["a"], "segments": {"file": "huge.npy"}})"));
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().place, "/segments: huge.npy: header byte 60");
  EXPECT_TRUE(test::contains(describe(document.error()), "\"slice\" reads a part"));
}

class Folder : public testing::TestWithParam<DocumentFolder::Keeper> {
 protected:
  Folder() {
    fs::create_directories(outer.path() / "in/deep");
    write("in/a.npy", 1);
    write("in/deep/b.npy", 2);
    write("secret.npy", 3);
    const fs::path in = outer.path() / "in";
    fs::create_symlink("../secret.npy", in / "out.npy");
    fs::create_symlink("..", in / "up");
    fs::create_symlink(outer.path() / "secret.npy", in / "absolute.npy");
    fs::create_symlink("deep/b.npy", in / "inside.npy");
    fs::create_symlink("loop.npy", in / "loop.npy");
    mkfifo((in / "pipe.npy").c_str(), 0600);
  }
  void write(const std::string& name, float value) {
    outer.write(name, npy("<f4", "(1,)", raw(Floats{value})));
  }
  Result<RegularFile> open(const std::string& name) const {
    return DocumentFolder(outer.path() / "in", GetParam()).open(name);
  }
  const support::TemporaryFolder outer;
};

TEST_P(Folder, OpensWhatIsInside) {
  for (const char* name : {"a.npy", "./a.npy", "deep/b.npy", "deep//b.npy", "deep/./b.npy"}) {
    const auto file = open(name);
    EXPECT_TRUE(file) << name << describe(file.error());
  }
}

TEST_P(Folder, NeverLeaves) {
  for (const std::string& name :
       {std::string("../secret.npy"), std::string("up/secret.npy"), std::string("out.npy"),
        std::string("absolute.npy"), (outer.path() / "in/a.npy").string(),
        std::string("deep/../../secret.npy"), std::string("/proc/self/fd/0"), std::string("loop.npy"),
        std::string(), std::string("a.npy\0b", 7), std::string(".."), std::string("/")}) {
    const auto file = open(name);
    EXPECT_FALSE(file) << name;
    if (!file) {
      EXPECT_NE(file.error().code, ErrorCode::not_found) << name << describe(file.error());
    }
  }
}

TEST_P(Folder, RegularFilesAlone) {
  EXPECT_EQ(open("pipe.npy").error().code, ErrorCode::not_a_file);
  EXPECT_EQ(open("deep").error().code, ErrorCode::not_a_file);
  EXPECT_EQ(open("nothing.npy").error().code, ErrorCode::not_found);
  EXPECT_EQ(open("a.npy/x").error().code, ErrorCode::not_found);
}

INSTANTIATE_TEST_SUITE_P(Keepers, Folder,
                         testing::Values(DocumentFolder::Keeper::kernel, DocumentFolder::Keeper::walk),
                         [](const auto& each) {
                           return each.param == DocumentFolder::Keeper::kernel ? "kernel" : "walk";
                         });

TEST(DocumentFolder, LinksInsideAreFollowedByTheKernel) {
  const support::TemporaryFolder folder;
  folder.write("b.npy", npy("<f4", "(3,)", raw(Floats{1, 2, 3})));
  fs::create_symlink("b.npy", folder.path() / "link.npy");
  EXPECT_EQ(bias(folder, R"({"file": "link.npy"})", 3), (Floats{1, 2, 3}));
}

TEST(References, Refusals) {
  using E = ErrorCode;
  const support::TemporaryFolder folder;
  folder.write("a.npy", npy("<f4", "(2,)", raw(Floats{1, 2})));
  folder.write("bad.npy", npy("<f4", "(3,)", raw(Floats{1, 2})));
  folder.write("other.json", "[1, 2]");
  folder.write("model.pt", "\x80\x02}q");
  const std::string at = "/layers/0/bias";
  expect_refused(folder, R"({"file": "no.npy"})", E::not_found, at + ": no.npy", "nothing by that name");
  expect_refused(folder, R"({"file": "../a.npy"})", E::value, at + ": ../a.npy", "own folder");
  expect_refused(folder, R"({"file": "/etc/passwd"})", E::value, at + ": /etc/passwd", "absolute");
  expect_refused(folder, R"({"file": 3})", E::type, at + "/file", "a text");
  expect_refused(folder, R"({"file": "other.json"})", E::syntax, at + ": other.json", "JSON");
  expect_refused(folder, R"({"file": "d.json"})", E::syntax, at + ": d.json", "JSON");
  expect_refused(folder, R"({"file": "model.pt"})", E::syntax, at + ": model.pt", "never run here");
  expect_refused(folder, R"({"file": "bad.npy"})", E::shape, at + ": bad.npy: header byte 60", "12 bytes");
  expect_refused(folder, R"({"file": "a.npy"})", E::shape, at, "3 × 3");
  expect_refused(folder, R"({"shape": [3]})", E::type, at, "no data");
}

TEST(References, AKeyThatIsNotReadIsSaid) {
  const support::TemporaryFolder folder;
  folder.write("a.npy", npy("<f4", "(3,)", raw(Floats{1, 2, 3})));
  const auto document = test::with_bias(folder, R"({"file": "a.npy", "name": "x", "extra": 2})", 3);
  ASSERT_TRUE(document);
  EXPECT_TRUE(test::has_note(*document, Note::Kind::warning, "/layers/0/bias/name", "one array"));
  EXPECT_TRUE(test::has_note(*document, Note::Kind::warning, "/layers/0/bias/extra", "no key of a tensor"));
}

TEST(References, TextWithoutAFolderNamesNoFiles) {
  const Error error = test::refused(R"({"tokens": ["a"], "bias": {"file": "a.npy"}})", "pasted text");
  EXPECT_EQ(error.code, ErrorCode::value);
  EXPECT_TRUE(test::contains(error.hint, "Save the document")) << describe(error);
  // Base64 needs no folder.
  test::parsed(R"({"tokens": ["a"], "bias": {"base64": "AQ==", "dtype": "u8", "shape": [1]}})");
}

TEST(References, ListsOfATokenEach) {
  const support::TemporaryFolder folder;
  folder.write("real.npy", npy("|b1", "(3,)", std::string("\1\1\0", 3)));
  folder.write("segments.npy", npy("<i8", "(3,)", raw(std::vector<std::int64_t>{0, 0, 7})));
  const auto document = read_document(folder.write(
      "d.json",
      R"({"tokens": ["a", "b", "c"], "attention_mask": {"file": "real.npy"}, "segments": {"file": "segments.npy"}})"));
  ASSERT_TRUE(document) << describe(document.error());
  EXPECT_EQ(document->sequences.front().attention_mask, (std::vector<std::uint8_t>{1, 1, 0}));
  EXPECT_EQ(document->sequences.front().segments, (std::vector<std::int64_t>{0, 0, 7}));
  folder.write("segments.npy", npy("<f4", "(3,)", raw(Floats{0, 0.5f, 1})));
  const auto broken = read_document(folder / "d.json");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().place, "/segments");
}

TEST(References, AsManyFilesAsTheLimitAllows) {
  const support::TemporaryFolder folder;
  std::string layers;
  for (int i = 0; i <= 64; ++i) {
    const std::string name = fmt::format("{}.npy", i);
    folder.write(name, npy("<f4", "(1, 1)", raw(Floats{1})));
    layers += fmt::format(R"({}{{"attention": {{"file": "{}"}}}})", i == 0 ? "" : ",", name);
  }
  const auto document = read_document(folder.write("d.json", R"({"layers": [)" + layers + "]}"));
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().place, "/layers/64/attention: 64.npy");
  EXPECT_TRUE(test::contains(document.error().expected, "at most 64 files"));
}

TEST(References, TheFingerprintKnowsTheNumbers) {
  const support::TemporaryFolder folder;
  const auto fingerprint = [&](float number) {
    folder.write("a.npy", npy("<f4", "(1,)", raw(Floats{number})));
    return std::pair(test::with_bias(folder, R"({"file": "a.npy"})", 3)->fingerprint, 0);
  };
  EXPECT_EQ(fingerprint(1), fingerprint(1));
  EXPECT_NE(fingerprint(1), fingerprint(2));
}

TEST(TensorFiles, MemoryIsCountedTogether) {
  TensorFiles files;
  EXPECT_TRUE(files.reserve(1000));
  EXPECT_FALSE(files.reserve(~std::uint64_t{0}));
  EXPECT_FALSE(files.reserve((std::uint64_t{8} << 30) / 4));
  EXPECT_TRUE(files.reserve(1000));
}

}  // namespace
}  // namespace attn

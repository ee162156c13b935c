// Tensors that stay in their files: parts are those of the whole, the cache changes no number, and a file
// that changes is said to have changed.
#include "core/document/tensors/stored_tensor.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include <zip.h>

#include "core/document/stored_values.hpp"
#include "tests/core/document/tensors/files.hpp"
#include "tests/support/random.hpp"

namespace attn {
namespace {

namespace fs = std::filesystem;
using test::npy;
using test::raw;
using Floats = std::vector<float>;

constexpr std::size_t kHeads = 4, kRows = 3, kColumns = 5;
constexpr std::size_t kHead = kRows * kColumns;

ReadOptions staying(std::uint64_t cache = 1 << 20) {
  ReadOptions options;
  options.read_at_once = 0;
  options.cache = cache;
  return options;
}

Document opened(const fs::path& path, const ReadOptions& options) {
  auto document = read_document(path, options);
  if (!document) throw std::runtime_error(describe(document.error()));
  return std::move(*document);
}

// The given weights of the first layer, heads × queries × keys.
Tensor weights_of(const Document& document) {
  return std::get<GivenWeights>(document.layers.front().origin).weights.slice(0);
}

Floats numbers(const Tensor& tensor) {
  const auto read = read_tensor(tensor);
  if (!read) throw std::runtime_error(describe(read.error()));
  return {read->values().begin(), read->values().end()};
}

// NaN is as good as another NaN only if its bits are the same.
bool same(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

// Bytes of `count` numbers that float32 can hold.
std::string random_bytes(const Dtype& dtype, std::size_t count, bool swapped) {
  support::Random random(7);
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) {
    std::string one;
    if (dtype.name == "f64") {
      one = raw(std::vector{18 * random.unit() - 9});
    } else {
      for (std::size_t b = 0; b < dtype.size; ++b)
        one += static_cast<char>(random.below(dtype.name == "bool" ? 2 : 256));
    }
    if (swapped) std::ranges::reverse(one);
    bytes += one;
  }
  return bytes;
}

void expect_parts_of_the_whole(const fs::path& path) {
  const Document whole = opened(path, {});
  const Document parts = opened(path, staying());
  const Tensor at_hand = weights_of(whole);
  const Tensor stored = weights_of(parts);
  ASSERT_TRUE(at_hand.at_hand()) << path;
  ASSERT_FALSE(stored.at_hand()) << path;
  ASSERT_EQ(at_hand.shape(), stored.shape());
  EXPECT_TRUE(same(at_hand.values(), numbers(stored))) << path;
  for (std::size_t h = 0; h < stored.shape()[0]; ++h) {
    const Tensor head = stored.slice(h);
    EXPECT_TRUE(same(at_hand.slice(h).values(), numbers(head))) << path << " head " << h;
    for (std::size_t row = 0; row < head.shape()[0]; ++row) {
      EXPECT_TRUE(same(at_hand.slice(h).part(row, head.shape()[0]).values(),
                       numbers(head.part(row, head.shape()[0]))))
          << path << " from row " << row;
    }
  }
}

TEST(StoredTensors, PartsAreThoseOfTheWholeForEveryTypeAndOrder) {
  const support::TemporaryFolder folder;
  for (const Dtype& dtype : dtypes()) {
    for (const bool swapped : {false, true}) {
      if (dtype.npy.empty()) continue;
      const std::string descr = (swapped ? ">" : "<") + std::string(dtype.npy);
      for (const bool fortran : {false, true}) {
        folder.write("a.npy", npy(descr, "(4, 3, 5)", random_bytes(dtype, kHeads * kHead, swapped), fortran));
        SCOPED_TRACE(fmt::format("{} {}", descr, fortran ? "Fortran" : "C"));
        for (const char* slice : {"[null, null, null]", "[[1, 3], null, null]", "[null, [1, 3], [0, 4]]",
                                  "[[2, 4], [0, 2], [3, 5]]"}) {
          expect_parts_of_the_whole(folder.write(
              "d.json", fmt::format(R"({{"attention": {{"file": "a.npy", "slice": {}}}}})", slice)));
        }
      }
    }
    if (dtype.safetensors.empty()) continue;
    const std::string data = random_bytes(dtype, kHeads * kHead, false);
    expect_parts_of_the_whole(folder.write(
        "a.safetensors",
        test::safetensors(
            fmt::format(R"({{"attention":{{"dtype":"{}","shape":[4,3,5],"data_offsets":[0,{}]}}}})",
                        dtype.safetensors, data.size()),
            data)));
  }
}

TEST(StoredTensors, AnEntryOfAnArchiveStaysWhereItIsNotPacked) {
  const support::TemporaryFolder folder;
  const std::string array =
      npy("<f4", "(4, 3, 5)", random_bytes(*find_dtype(&Dtype::name, "f32"), 60, false));
  for (const zip_int32_t method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    const std::string path = folder / (method == ZIP_CM_STORE ? "stored.npz" : "packed.npz");
    zip_t* zip = zip_open(path.c_str(), ZIP_CREATE, nullptr);
    zip_source_t* source = zip_source_buffer(zip, array.data(), array.size(), 0);
    const auto index = static_cast<zip_uint64_t>(zip_file_add(zip, "attention.npy", source, 0));
    ASSERT_EQ(zip_set_file_compression(zip, index, method, 9), 0);
    ASSERT_EQ(zip_close(zip), 0);
    if (method == ZIP_CM_STORE) {
      expect_parts_of_the_whole(path);
    } else {
      EXPECT_TRUE(weights_of(opened(path, staying())).at_hand());
    }
  }
}

TEST(StoredTensors, MatricesAreTurnedInTheirFile) {
  const support::TemporaryFolder folder;
  folder.write("w.npy", npy("<f4", "(3, 2)", raw(Floats{1, 2, 3, 4, 5, 6})));
  folder.write("f.npy", npy("<f4", "(3, 2)", raw(Floats{1, 3, 5, 2, 4, 6}), true));
  for (const char* file : {"w.npy", "f.npy"}) {
    const Document document =
        opened(folder.write("d.json", fmt::format(R"({{"embeddings": [[1, 2]], "weight_layout": "out_in",
          "W_q": {{"file": "{0}"}}, "W_k": {{"file": "{0}"}}, "W_v": {{"file": "{0}"}}}})",
                                                  file)),
               staying());
    const Tensor& W = std::get<Projections>(document.layers.front().origin).W_q;
    EXPECT_EQ(W.shape(), (std::vector<std::size_t>{2, 3}));
    ASSERT_FALSE(W.at_hand());
    EXPECT_EQ(numbers(W), (Floats{1, 3, 5, 2, 4, 6}));
  }
}

class Cached : public testing::Test {
 protected:
  Cached() {
    for (std::size_t i = 0; i < kHeads * kHead; ++i) values.push_back(static_cast<float>(i) / 64);
    path = folder.write("a.npy", npy("<f4", "(4, 3, 5)", raw(values)));
  }
  [[nodiscard]] Floats head(std::size_t h) const {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(h * kHead);
    return {first, first + kHead};
  }
  const support::TemporaryFolder folder;
  Floats values;
  std::string path;
};

TEST_F(Cached, WhatIsDroppedIsReadAgainTheSame) {
  constexpr std::uint64_t kTwoHeads = 2 * kHead * sizeof(float);
  const Tensor weights = weights_of(opened(path, staying(kTwoHeads)));
  const TensorCache& cache = *weights.stored()->cache;
  for (int round = 0; round < 3; ++round) {
    for (const std::size_t h : {0, 1, 2, 3, 1}) EXPECT_EQ(numbers(weights.slice(h)), head(h));
    EXPECT_LE(cache.bytes_kept(), kTwoHeads);
  }
  EXPECT_GT(cache.bytes_read(), 2 * kHeads * kHead * sizeof(float));
}

TEST_F(Cached, WhatIsKeptIsReadOnce) {
  const Tensor weights = weights_of(opened(path, staying()));
  for (int round = 0; round < 3; ++round)
    for (std::size_t h = 0; h < kHeads; ++h) EXPECT_EQ(numbers(weights.slice(h)), head(h));
  EXPECT_EQ(weights.stored()->cache->bytes_read(), kHeads * kHead * sizeof(float));
}

TEST_F(Cached, APartBeyondTheBudgetIsNotKept) {
  const Tensor weights = weights_of(opened(path, staying(16)));
  EXPECT_EQ(numbers(weights.slice(2)), head(2));
  EXPECT_EQ(weights.stored()->cache->bytes_kept(), 0u);
}

TEST_F(Cached, AFileThatChangesIsAnError) {
  const auto expect_changed = [&](const char* how, const auto& change) {
    folder.write("a.npy", npy("<f4", "(4, 3, 5)", raw(values)));
    const Tensor weights = weights_of(opened(path, staying()));
    EXPECT_EQ(numbers(weights.slice(0)), head(0));
    change();
    const auto read = read_tensor(weights.slice(3));
    ASSERT_FALSE(read) << how;
    EXPECT_EQ(static_cast<int>(read.error().code), static_cast<int>(ErrorCode::io)) << how;
    EXPECT_EQ(read.error().file, path) << how;
    EXPECT_TRUE(test::contains(read.error().found, "changed")) << how << describe(read.error());
  };
  expect_changed("shrunk", [&] { fs::resize_file(path, fs::file_size(path) - 4); });
  expect_changed("grown", [&] { fs::resize_file(path, fs::file_size(path) + 4); });
  expect_changed("emptied", [&] { fs::resize_file(path, 0); });
  expect_changed("written anew, as long as before",
                 [&] { fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(3)); });
}

TEST_F(Cached, AFileThatWasReplacedOrDeletedIsReadAsItWasOpened) {
  const Tensor weights = weights_of(opened(path, staying()));
  fs::rename(folder.write("b.npy", "another"), path);
  EXPECT_EQ(numbers(weights.slice(1)), head(1));
  fs::remove(path);
  EXPECT_EQ(numbers(weights.slice(2)), head(2));
}

TEST_F(Cached, WhatWasReadBeforeAChangeStays) {
  const Tensor weights = weights_of(opened(path, staying()));
  EXPECT_EQ(numbers(weights.slice(1)), head(1));
  fs::resize_file(path, 0);
  EXPECT_EQ(numbers(weights.slice(1)), head(1));
}

TEST_F(Cached, AReadingCanBeCancelled) {
  const Tensor weights = weights_of(opened(path, staying()));
  Progress progress;
  progress.outdated = [] { return true; };
  const auto read = read_tensor(weights, &progress);
  ASSERT_FALSE(read);
  EXPECT_EQ(static_cast<int>(read.error().code), static_cast<int>(ErrorCode::cancelled));
  progress.outdated = nullptr;
  EXPECT_TRUE(read_tensor(weights, &progress));
  EXPECT_EQ(progress.done, kHeads * kHead);
}

TEST_F(Cached, TheFingerprintKnowsSizeShapeAndWhatItLooksAt) {
  const auto fingerprint = [&](const std::string& content) {
    return opened(folder.write("a.npy", content), staying()).fingerprint;
  };
  const std::uint64_t first = fingerprint(npy("<f4", "(4, 3, 5)", raw(values)));
  EXPECT_EQ(first, fingerprint(npy("<f4", "(4, 3, 5)", raw(values))));
  EXPECT_NE(first, fingerprint(npy("<f4", "(4, 5, 3)", raw(values))));
  EXPECT_NE(first, fingerprint(npy("<i4", "(4, 3, 5)", raw(values))));
  for (const std::size_t changed : {0u, 31u, 59u}) {
    Floats others = values;
    others[changed] += 1;
    EXPECT_NE(first, fingerprint(npy("<f4", "(4, 3, 5)", raw(others)))) << changed;
  }
}

TEST(StoredTensors, NumbersAreRefusedWhenTheyAreRead) {
  const support::TemporaryFolder folder;
  std::vector<double> numbers(24, 0.25);
  numbers[21] = 1e300;
  folder.write("a.npy", npy("<f8", "(6, 2, 2)", raw(numbers)));
  const Document document =
      opened(folder.write("d.json", R"({"attention": {"file": "a.npy", "slice": [[2, 6], null, null]}})"),
             staying());
  const Tensor weights = weights_of(document);
  EXPECT_TRUE(read_tensor(weights.slice(0)));
  const auto read = read_tensor(weights.slice(3));
  ASSERT_FALSE(read);
  EXPECT_EQ(static_cast<int>(read.error().code), static_cast<int>(ErrorCode::value));
  EXPECT_EQ(read.error().place, "/attention: a.npy: data byte 73");
  EXPECT_EQ(read.error().found, "1e+300 at [5, 0, 1]");
  const auto checked = check_stored_values(document);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().file, folder / "d.json");
  EXPECT_TRUE(test::contains(checked.error().found, "1e+300"));
}

TEST(StoredTensors, AMaskIsTrueAndFalse) {
  const support::TemporaryFolder folder;
  folder.write("m.npy", npy("|u1", "(2, 2)", std::string("\1\0\1\2", 4)));
  const Document document = opened(
      folder.write("d.json", R"({"attention": [[1, 0], [0, 1]], "mask": {"file": "m.npy"}})"), staying());
  const Tensor& mask = *document.layers.front().mask;
  EXPECT_EQ(numbers(mask.slice(0)), (Floats{1, 0}));
  const auto read = read_tensor(mask);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().place, "/mask: m.npy: data byte 70");
  EXPECT_EQ(read.error().found, "2");
}

TEST(StoredTensors, CheckNotesWhatReadingAtOnceNotes) {
  const support::TemporaryFolder folder;
  Floats values(2 * 3 * 3, 1.0f / 3);
  values[4] = 1.5f;
  values[12] = -1;
  folder.write("a.npy", npy("<f4", "(2, 3, 3)", raw(values)));
  folder.write("f.npy", npy("<f4", "(2, 3, 3)", raw(values), true));
  folder.write("b.npy", npy("<i4", "(3, 3)", raw(std::vector<std::int32_t>(9, 16'777'217))));
  for (const char* file : {"a.npy", "f.npy"}) {
    const std::string path = folder.write(
        "d.json", fmt::format(R"({{"attention": {{"file": "{}"}}, "bias": {{"file": "b.npy"}}}})", file));
    const auto texts = [](const std::vector<Note>& notes) {
      std::vector<std::string> result;
      for (const Note& note : notes) {
        if (!test::contains(note.text, "stay in their files")) result.push_back(note.place + note.text);
      }
      std::ranges::sort(result);
      return result;
    };
    const Document document = opened(path, staying());
    EXPECT_EQ(document.stored_numbers, 27u);
    std::vector<Note> notes = document.notes;
    const auto checked = check_stored_values(document);
    ASSERT_TRUE(checked) << describe(checked.error());
    EXPECT_EQ(checked->size(), 3u) << file;
    notes.insert(notes.end(), checked->begin(), checked->end());
    EXPECT_EQ(texts(notes), texts(opened(path, {}).notes)) << file;
  }
}

TEST(StoredTensors, OnlyLongOnesStay) {
  const support::TemporaryFolder folder;
  const std::string path = folder.write("a.npy", npy("<f4", "(4, 3, 5)", raw(Floats(60, 0.2f))));
  ReadOptions options;
  EXPECT_TRUE(weights_of(opened(path, options)).at_hand());
  options.read_at_once = 60 * sizeof(float);
  EXPECT_TRUE(weights_of(opened(path, options)).at_hand());
  options.read_at_once -= 1;
  EXPECT_FALSE(weights_of(opened(path, options)).at_hand());
}

}  // namespace
}  // namespace attn

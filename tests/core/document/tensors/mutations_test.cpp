// Whatever stands in a tensor file, opening it ends with a document or with a refusal that says where and
// what.

#include <algorithm>
#include <random>

#include "tests/core/document/tensors/files.hpp"

namespace attn {
namespace {

using test::npy;
using test::raw;

const std::string& numbers() {
  static const std::string bytes = raw(std::vector<float>{1, 0, 0.5f, 0.5f});
  return bytes;
}

// A stored zip archive of one entry, by hand; its checksum is of no matter here.
std::string stored_zip(const std::string& name, const std::string& content) {
  const std::string sizes = test::little(content.size(), 4) + test::little(content.size(), 4);
  const std::string common = test::little(20, 2) + std::string(8, '\0') + test::little(0, 4) + sizes +
                             test::little(name.size(), 2) + test::little(0, 2);
  const std::string local = "PK\x03\x04" + common + name + content;
  const std::string central = "PK\x01\x02" + test::little(20, 2) + common + std::string(14, '\0') + name;
  return local + central + "PK\x05\x06" + std::string(4, '\0') + test::little(1, 2) + test::little(1, 2) +
         test::little(central.size(), 4) + test::little(local.size(), 4) + std::string(2, '\0');
}

std::vector<std::pair<std::string, std::string>> samples() {
  const std::string array = npy("<f4", "(2, 2)", numbers());
  const std::string header =
      R"({"__metadata__":{"a":"b"},"q":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
      R"("k":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]}})";
  return {{"a.npy", array},
          {"b.npy", npy(">i2", "(2, 2, 2)", numbers(), true, 2)},
          {"c.npz", stored_zip("attention.npy", array)},
          {"d.safetensors", test::safetensors(header, numbers())}};
}

std::string mutated(std::string bytes, std::mt19937& random) {
  static constexpr std::string_view kBytes = "()[]{},:'\"-0123456789<>|fbiuLO\0\1\xff";
  for (auto rounds = 1 + random() % 3; rounds > 0 && !bytes.empty(); --rounds) {
    const std::size_t at = random() % bytes.size();
    const std::size_t length = 1 + random() % 8;
    switch (random() % 6) {
      case 0:
        bytes[at] = static_cast<char>(random());
        break;
      case 1:
        bytes[at] = kBytes[random() % kBytes.size()];
        break;
      case 2:
        bytes.erase(at, length);
        break;
      case 3:
        bytes.insert(at, bytes.substr(random() % bytes.size(), length));
        break;
      case 4:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
        break;
      default:
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), std::min(length, bytes.size() - at),
                    '\xff');
        break;
    }
  }
  return bytes;
}

void expect_told(const std::string& path) {
  const auto document = read_document(path);
  if (document) {
    ASSERT_FALSE(document->layers.empty());
    return;
  }
  const Error& error = document.error();
  ASSERT_FALSE(error.expected.empty()) << describe(error);
  ASSERT_FALSE(error.place.empty()) << describe(error);
  ASSERT_EQ(error.file, path) << describe(error);
}

TEST(TensorMutations, TheSamplesAreReadOrFailByTheirChecksumAlone) {
  for (const auto& [name, content] : samples()) {
    const auto document = test::opened(name, content);
    if (name != "c.npz") {
      EXPECT_TRUE(document) << describe(document.error());
    } else {
      ASSERT_FALSE(document);
      EXPECT_TRUE(test::contains(document.error().found, "CRC")) << describe(document.error());
    }
  }
}

TEST(TensorMutations, EndInADocumentOrARefusal) {
  const support::TemporaryFolder folder;
  const auto all = samples();
  std::mt19937 random(11);
  for (int round = 0; round < 6000; ++round) {
    const auto& [name, content] = all[random() % all.size()];
    SCOPED_TRACE(round);
    expect_told(folder.write(name, mutated(content, random)));
    if (HasFatalFailure()) return;
  }
}

TEST(TensorMutations, EveryTruncationIsTold) {
  const support::TemporaryFolder folder;
  for (const auto& [name, content] : samples()) {
    for (std::size_t length = 0; length < content.size(); ++length) {
      expect_told(folder.write(name, content.substr(0, length)));
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace attn

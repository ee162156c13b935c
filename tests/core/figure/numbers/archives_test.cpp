// .npz and .safetensors as they are written: read again by the program's own reader, and by numpy where there
// is one.

#include <cmath>
#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

#include "core/document/tensors/tensor_files.hpp"
#include "core/figure/numbers/npz_writer.hpp"
#include "core/figure/numbers/number_formats.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn {
namespace {

std::vector<NamedArray> arrays() {
  const double infinity = std::numeric_limits<double>::infinity();
  using Type = NamedArray::Type;
  return {{"mask", {2, 3}, {1, 0, 1, 0, 0, 1}, Type::boolean},
          {"L0.logits", {2, 3}, {0.1, -0.0, -infinity, 1e-30, 5, std::nan("")}, Type::f32},
          {"weights", {2, 1, 3}, {0.1, 0.2, 0.7, 0, 0, 1}, Type::f64}};
}

void expect_read_again(const support::TemporaryFolder& folder, const char* suffix) {
  const std::string path = folder.write(std::string("a") + suffix, number_format(suffix)->write(arrays()));
  auto file = RegularFile::open(path);
  ASSERT_TRUE(file);
  auto opened = open_tensor_file(std::make_shared<const RegularFile>(std::move(*file)));
  ASSERT_TRUE(opened) << describe(opened.error());
  EXPECT_EQ(opened->archive->names().size(), 3u);
  for (const NamedArray& array : arrays()) {
    const auto stored = opened->archive->find(array.name);
    ASSERT_TRUE(stored) << describe(stored.error());
    EXPECT_EQ(stored->shape, array.shape);
    const char* const names[] = {"f32", "f64", "bool"};
    EXPECT_EQ(stored->dtype->name, names[static_cast<int>(array.type)]);
    std::vector<AxisRange> all;
    for (const std::size_t length : array.shape) all.push_back({0, length});
    const auto read = read_numbers(*stored, all);
    ASSERT_TRUE(read) << describe(read.error());
    for (std::size_t i = 0; i < array.values.size(); ++i) {
      const auto expected = static_cast<float>(array.values[i]);
      EXPECT_TRUE(read->values[i] == expected || (std::isnan(expected) && std::isnan(read->values[i]))) << i;
    }
  }
}

TEST(Archives, AreReadAgain) {
  const support::TemporaryFolder folder;
  expect_read_again(folder, ".npz");
  expect_read_again(folder, ".safetensors");
}

TEST(Archives, AreTheSameBytesEachTime) {
  for (const char* suffix : {".npz", ".safetensors"})
    EXPECT_EQ(number_format(suffix)->write(arrays()), number_format(suffix)->write(arrays()));
}

TEST(Archives, NumpyReadsTheNpz) {
  const char* python = nullptr;
  for (const char* one : {"/usr/bin/python3", "python3"}) {
    const std::string try_it = std::string(one) + " -c 'import numpy' 2>/dev/null";
    if (python == nullptr && std::system(try_it.c_str()) == 0) python = one;
  }
  if (python == nullptr) GTEST_SKIP() << "no numpy here";
  const support::TemporaryFolder folder;
  folder.write("a.npz", number_format(".npz")->write(arrays()));
  folder.write("check.py", R"(import sys, numpy as n
a = n.load(sys.argv[1])
assert sorted(a.files) == ['L0.logits', 'mask', 'weights'], a.files
assert a['mask'].dtype == bool and a['mask'].tolist() == [[True, False, True], [False, False, True]]
assert a['L0.logits'].dtype == n.float32 and a['L0.logits'][0, 2] == -n.inf and n.isnan(a['L0.logits'][1, 2])
assert a['weights'].dtype == n.float64 and a['weights'].shape == (2, 1, 3) and a['weights'][0, 0, 1] == 0.2
)");
  EXPECT_EQ(
      std::system(
          (std::string(python) + " '" + (folder / "check.py") + "' '" + (folder / "a.npz") + "'").c_str()),
      0);
}

TEST(Archives, TheChecksumIsThatOfZip) {
  EXPECT_EQ(crc32("123456789"), 0xcbf43926u);
  EXPECT_EQ(crc32(""), 0u);
}

TEST(Archives, SafetensorsPutWideNumbersFirstAndAligned) {
  const std::string file = number_format(".safetensors")->write(arrays());
  const std::size_t length = static_cast<unsigned char>(file[0]) + 256u * static_cast<unsigned char>(file[1]);
  EXPECT_EQ(length % 8, 0u);
  const std::string header = file.substr(8, length);
  EXPECT_LT(header.find("weights"), header.find("L0.logits"));
  EXPECT_LT(header.find("L0.logits"), header.find("mask"));
  EXPECT_EQ(file.size(), 8 + length + 6 * 8 + 6 * 4 + 6);
}

TEST(NumberFormats, OneTable) {
  EXPECT_EQ(number_suffixes(), ".npy, .npz, .safetensors, .json or .csv");
  EXPECT_EQ(number_suffixes(true), ".npz or .safetensors");
  EXPECT_EQ(number_format(".txt"), nullptr);
}

}  // namespace
}  // namespace attn

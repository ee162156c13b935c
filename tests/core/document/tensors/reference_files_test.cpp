// Files that numpy and safetensors wrote, against the values that were written: where the environment
// variable ATTNSCOPE_DATA names the folder of reference data.

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "core/document/tensors/tensor_files.hpp"
#include "tests/core/document/tensors/files.hpp"

namespace attn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path data_folder() {
  const char* named = std::getenv("ATTNSCOPE_DATA");
  return named ? fs::path(named) : fs::path();
}

json files_of(const fs::path& folder) {
  std::ifstream file(folder / "expected.json");
  return json::parse(file, nullptr, false).value("files", json::object());
}

Result<ReadNumbers> numbers_of(const fs::path& path, const std::string& name) {
  auto file = RegularFile::open(path);
  if (!file) return tl::unexpected(file.error());
  auto opened = open_tensor_file(std::make_shared<const RegularFile>(std::move(*file)));
  if (!opened) return tl::unexpected(opened.error());
  auto array = opened->archive->find(name);
  if (!array) return tl::unexpected(array.error());
  std::vector<AxisRange> ranges;
  for (const std::size_t length : array->shape) ranges.push_back({0, length});
  return read_numbers(*array, ranges);
}

float number_of(const json& value) {
  if (value.is_boolean()) return value.get<bool>() ? 1.0f : 0.0f;
  if (!value.is_string()) return static_cast<float>(value.get<double>());
  const std::string word = value;
  return word == "nan" ? NAN : word == "inf" ? INFINITY : -INFINITY;
}

void flatten(const json& data, std::vector<float>& into) {
  if (!data.is_array()) return into.push_back(number_of(data));
  for (const json& item : data) flatten(item, into);
}

void expect_numbers(const fs::path& path, const std::string& name, const json& value) {
  SCOPED_TRACE(path.filename().string() + " " + name);
  const auto read = numbers_of(path, name);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->shape, value["shape"].get<std::vector<std::size_t>>());
  std::vector<float> expected;
  flatten(value["data"], expected);
  ASSERT_EQ(read->values.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(read->values[i])) << i;
    } else if (std::isinf(expected[i])) {
      EXPECT_EQ(read->values[i], expected[i]) << i;
    } else {
      EXPECT_NEAR(read->values[i], expected[i], 2e-7 * std::abs(expected[i])) << i;
    }
  }
}

TEST(ReferenceFiles, Npy) {
  if (data_folder().empty()) GTEST_SKIP() << "ATTNSCOPE_DATA names no folder of reference data";
  const fs::path folder = data_folder() / "npy";
  const json files = files_of(folder);
  std::size_t read = 0;
  for (const auto& [name, about] : files.items()) {
    // Of the list, not every file is there.
    if (!name.ends_with(".npy") || !fs::exists(folder / name)) continue;
    ++read;
    if (name == "complex64.npy") {
      EXPECT_FALSE(numbers_of(folder / name, {}));
    } else if (name.starts_with("empty")) {
      EXPECT_FALSE(read_document(folder / name));
    } else {
      expect_numbers(folder / name, {}, about["value"]);
    }
  }
  EXPECT_GT(read, 15u);
  EXPECT_TRUE(read_document(folder / "attention_2x4x5x5.npy"));
}

TEST(ReferenceFiles, Npz) {
  if (data_folder().empty()) GTEST_SKIP() << "ATTNSCOPE_DATA names no folder of reference data";
  const fs::path folder = data_folder() / "npy";
  const json files = files_of(folder);
  for (const auto& [name, about] : files.items()) {
    if (!name.ends_with(".npz") || !fs::exists(folder / name)) continue;
    for (const auto& [array, value] : about["members"].items()) expect_numbers(folder / name, array, value);
  }
  EXPECT_TRUE(read_document(folder / "qkv_stored.npz"));
}

TEST(ReferenceFiles, Safetensors) {
  if (data_folder().empty()) GTEST_SKIP() << "ATTNSCOPE_DATA names no folder of reference data";
  const fs::path folder = data_folder() / "safetensors_samples";
  const json files = files_of(folder);
  std::size_t read = 0;
  for (const auto& [name, about] : files.items()) {
    if (!fs::exists(folder / name)) continue;
    for (const auto& [tensor, value] : about["tensors"].items()) {
      expect_numbers(folder / name, tensor, value);
      ++read;
    }
  }
  EXPECT_GT(read, 10u);
}

}  // namespace
}  // namespace attn

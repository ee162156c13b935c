#include "tests/samples/through_the_program.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn::samples {

std::filesystem::path folder() {
  return std::filesystem::path(ATTNSCOPE_SOURCE_FOLDER) / "assets" / "samples";
}

std::vector<std::string> names() {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    if (entry.path().extension() == ".json") found.push_back(entry.path().filename().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

nlohmann::json document(const std::string& name) {
  return nlohmann::json::parse(support::bytes_of(folder() / name));
}

support::Npy computed(const std::string& name, const std::string& stage, int layer) {
  const support::TemporaryFolder scratch;
  const std::string output = scratch / "out.npy";
  const support::Outcome outcome =
      support::run(ATTNSCOPE_PROGRAM, {"compute", (folder() / name).string(), "-o", output, "--stage", stage,
                                       "--layer", std::to_string(layer)});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto array = support::parse_npy(support::bytes_of(output));
  EXPECT_TRUE(array.has_value()) << name << ", " << stage;
  return array.value_or(support::Npy{"", {0, 0, 0}, {}});
}

std::vector<double> row_of(const support::Npy& array, std::size_t head, std::size_t row) {
  const std::size_t rows = array.shape[array.shape.size() - 2], columns = array.shape.back();
  const auto from = array.values.begin() + static_cast<std::ptrdiff_t>((head * rows + row) * columns);
  return {from, from + static_cast<std::ptrdiff_t>(columns)};
}

}  // namespace attn::samples

#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace attn::conformance {

/// One folder of the reference data: an input, arguments of `attnscope compute`, and what must come out.
struct Case {
  std::string group, name;
  std::filesystem::path folder;
  std::string document;
  std::vector<std::string> arguments;
  std::string expected;
  double atol = 0, rtol = 0;
};

/// The folder of cases: of the environment variable ATTNSCOPE_DATA, else of the build's ATTNSCOPE_DATA; empty
/// where neither is set.
[[nodiscard]] std::filesystem::path case_folder();

/// `GROUP/NAME` of every case, sorted.
[[nodiscard]] std::vector<std::string> all_case_names(const std::filesystem::path& cases);

/// True for a case that needs a part of the contract which this version has not.
[[nodiscard]] bool is_beyond_this_version(std::string_view name);

/// Reads `GROUP/NAME`. Throws what nlohmann or the file system throws: the data are ours.
[[nodiscard]] Case read_case(const std::filesystem::path& cases, const std::string& name);

}  // namespace attn::conformance

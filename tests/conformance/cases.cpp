#include "tests/conformance/cases.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn::conformance {
namespace {

namespace fs = std::filesystem;

// Cases whose names begin so need a part of the contract which this version has not.
constexpr std::array<std::string_view, 4> kBeyondThisVersion{"recurrent/", "contract_rules/recurrent_",
                                                             "rollout_flow/", "contract_rules/rollout_"};

}  // namespace

fs::path case_folder() {
  const char* named = std::getenv("ATTNSCOPE_DATA");
  const std::string data = named != nullptr && *named != '\0' ? named : ATTNSCOPE_DATA_FOLDER;
  return data.empty() ? fs::path() : fs::path(data) / "cases";
}

std::vector<std::string> all_case_names(const fs::path& cases) {
  std::vector<std::string> names;
  std::error_code missing;
  for (const auto& group : fs::directory_iterator(cases, missing)) {
    if (!group.is_directory()) continue;
    for (const auto& one : fs::directory_iterator(group)) {
      if (fs::exists(one.path() / "case.json"))
        names.push_back(fs::relative(one.path(), cases).generic_string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool is_beyond_this_version(std::string_view name) {
  return std::ranges::any_of(kBeyondThisVersion,
                             [&](std::string_view start) { return name.starts_with(start); });
}

Case read_case(const fs::path& cases, const std::string& name) {
  const auto json = nlohmann::json::parse(support::bytes_of(cases / name / "case.json"));
  Case one;
  one.group = name.substr(0, name.find('/'));
  one.name = name;
  one.folder = cases / name;
  one.document = json.value("document", "document.json");
  one.arguments = json.at("args").get<std::vector<std::string>>();
  one.expected = json.value("expected", "expected.npy");
  one.atol = json.at("atol").get<double>();
  one.rtol = json.at("rtol").get<double>();
  return one;
}

}  // namespace attn::conformance

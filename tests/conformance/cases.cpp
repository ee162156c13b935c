#include "tests/conformance/cases.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn::conformance {
namespace {

namespace fs = std::filesystem;

// Groups that need a part of the contract which this version has not. With ATTNSCOPE_CASES=all every other
// group runs whole, so a group leaves this table when its part is built.
constexpr std::array<std::pair<std::string_view, std::string_view>, 25> kBeyondThisVersion{{
    {"additive_luong", "scores other than dot"},
    {"contract_bias", "biases other than the document's"},
    {"contract_empty_rows", "masks of expressions"},
    {"contract_mask", "masks other than causal, window, padding, document"},
    {"contract_normalizer", "normalisers other than softmax"},
    {"contract_position", "positions"},
    {"contract_rules", "several parts of the contract"},
    {"contract_scale", "scores other than dot"},
    {"contract_score", "scores other than dot"},
    {"contract_settings", "normalisers other than softmax"},
    {"contract_softcap", "the soft cap"},
    {"contract_stage", "biases other than the document's"},
    {"contract_temperature", "normalisers other than softmax"},
    {"hf", "positions"},
    {"hf_checkpoint", "positions"},
    {"onnx_attention", "the soft cap"},
    {"onnx_flexattention", "the soft cap"},
    {"onnx_softmax", "normalisers other than softmax"},
    {"onnx_window", "prefix masks"},
    {"recurrent", "recurrent attention"},
    {"rollout_flow", "rollout and flow"},
    {"score_functions", "scores other than dot"},
    {"sparse_softmax", "normalisers other than softmax"},
    {"stories260k", "positions"},
    {"tree", "tree masks"},
}};

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

std::vector<std::string> first_case_names(const fs::path& cases) {
  std::vector<std::string> names = support::lines(support::bytes_of(cases / "FIRST.txt"));
  std::erase(names, "");
  return names;
}

std::string_view reason_to_skip(std::string_view group) {
  for (const auto& [name, reason] : kBeyondThisVersion) {
    if (name == group) return reason;
  }
  return {};
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

// The reference cases of ATTNSCOPE_DATA, through the real program.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/conformance/cases.hpp"
#include "tests/support/npy.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn::conformance {
namespace {

struct Tally {
  std::size_t ran = 0, failed = 0;
  double worst = 0;
};

std::vector<std::string> names_to_run(const std::filesystem::path& cases) {
  std::vector<std::string> names = all_case_names(cases);
  std::erase_if(names, [](const std::string& name) { return is_beyond_this_version(name); });
  return names;
}

// `isa` is what ATTNSCOPE_ISA says; empty: nothing.
support::Difference run_case(const Case& one, const std::string& isa,
                             const support::TemporaryFolder& scratch) {
  const std::string output = scratch / "out.npy";
  std::filesystem::remove(output);
  std::vector<std::string> arguments{"compute", one.document, "-o", output};
  arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
  const support::Outcome outcome =
      support::run(ATTNSCOPE_PROGRAM, arguments, {one.folder, "", {{"ATTNSCOPE_ISA", isa}}});
  if (outcome.exit_code != 0) return {"exit " + std::to_string(outcome.exit_code) + ", " + outcome.err, 0};
  const auto actual = support::parse_npy(support::bytes_of(output));
  const auto expected = support::parse_npy(support::bytes_of(one.folder / one.expected));
  if (!actual || !expected) return {actual ? "the reference is no .npy" : "the output is no .npy", 0};
  return support::compare(*actual, *expected, one.atol, one.rtol);
}

void print_table(const std::map<std::string, Tally>& tallies, std::size_t in_data) {
  std::size_t ran = 0;
  std::printf("%-24s %6s %6s  %s\n", "group", "ran", "failed", "worst error");
  for (const auto& [group, tally] : tallies) {
    std::printf("%-24s %6zu %6zu  %.2g\n", group.c_str(), tally.ran, tally.failed, tally.worst);
    ran += tally.ran;
  }
  std::printf("reference cases: %zu ran, %zu skipped\n", ran, in_data - std::min(in_data, ran));
}

// As the machine likes it, and forced to each set of instructions.
class Conformance : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Isa, Conformance, testing::Values("", "baseline", "sse4", "avx2"),
                         [](const auto& info) { return info.param.empty() ? "best" : info.param; });

TEST_P(Conformance, ReferenceCases) {
  const support::Outcome known =
      support::run(ATTNSCOPE_PROGRAM, {"--version"}, {"", "", {{"ATTNSCOPE_ISA", GetParam()}}});
  if (known.exit_code != 0) GTEST_SKIP() << known.err;
  const std::filesystem::path cases = case_folder();
  if (cases.empty()) {
    std::puts("reference cases: 0 ran, all skipped");
    GTEST_SKIP() << "ATTNSCOPE_DATA is not set: no reference data";
  }
  const support::TemporaryFolder scratch;
  std::map<std::string, Tally> tallies;
  std::string failures;
  for (const std::string& name : names_to_run(cases)) {
    const Case one = read_case(cases, name);
    const support::Difference difference = run_case(one, GetParam(), scratch);
    Tally& tally = tallies[one.group];
    ++tally.ran;
    tally.worst = std::max(tally.worst, difference.worst);
    if (difference.words.empty()) continue;
    ++tally.failed;
    failures += "\n  " + name + ": " + difference.words;
  }
  print_table(tallies, all_case_names(cases).size());
  EXPECT_TRUE(failures.empty()) << failures;
  EXPECT_FALSE(tallies.empty()) << "no case ran, though the data are at " << cases;
}

}  // namespace
}  // namespace attn::conformance

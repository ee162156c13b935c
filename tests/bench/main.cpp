// attnscope_bench: measures the rows of the benchmark against their peers, in pairs that take turns.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/parallel.hpp"
#include "tests/bench/problem.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/rows.hpp"
#include "tests/bench/torch.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn::bench {
namespace {

struct Wanted {
  Options options;
  std::vector<std::string> rows;  ///< empty: all
  std::string json, markdown;     ///< files; empty: none
};

bool is_wanted(const Wanted& wanted, std::string_view row) {
  return wanted.rows.empty() || std::find(wanted.rows.begin(), wanted.rows.end(), row) != wanted.rows.end();
}

Report measure(const Wanted& wanted) {
  const support::TemporaryFolder folder;
  Problems problems;
  const bool wants_torch = std::ranges::any_of(
      rows(), [&](const Row& row) { return row.wants_torch && is_wanted(wanted, row.number); });
  const auto torch = wants_torch ? Torch::start_fastest(wanted.options, folder.path()) : nullptr;
  Report report{
      this_machine(), wanted.options.quick, wanted.options.threads, torch ? torch->name() : "", {}, {}};
  fmt::print("{}, {} cores, instruction set {}, {}\n", report.machine.processor, report.machine.cores,
             report.machine.instruction_set, report.machine.date);
  if (wants_torch) fmt::print("torch: {}\n", torch ? torch->name() : "not installed");
  const Bench bench{wanted.options,
                    folder.path(),
                    problems,
                    torch.get(),
                    [&](Line line) {
                      fmt::print("{}\n", to_text(line));
                      std::fflush(stdout);
                      report.lines.push_back(std::move(line));
                    },
                    [&](Skip skip) {
                      fmt::print("{:>2}  not measured: {}\n", skip.row, skip.reason);
                      report.skips.push_back(std::move(skip));
                    }};
  for (const Row& row : rows()) {
    if (!is_wanted(wanted, row.number)) continue;
    try {
      row.run(bench);
    } catch (const std::exception& problem) {
      bench.skip({std::string(row.number), problem.what()});
    }
  }
  return report;
}

int run(const Wanted& wanted) {
  ::signal(SIGPIPE, SIG_IGN);  // a peer that ends is a peer that is missing
  const Report report = measure(wanted);
  if (!wanted.json.empty()) std::ofstream(wanted.json) << to_json(report);
  if (!wanted.markdown.empty()) std::ofstream(wanted.markdown) << to_markdown(report);
  return 0;
}

}  // namespace
}  // namespace attn::bench

int main(int count, char** words) {
  using namespace attn;
  namespace fs = std::filesystem;
  bench::Wanted wanted;
  wanted.options.self = fs::read_symlink("/proc/self/exe");
  wanted.options.attnscope = ATTNSCOPE_PROGRAM;
  wanted.options.peers = ATTNSCOPE_BENCH_PEERS;
  wanted.options.peer_libraries = ATTNSCOPE_BENCH_LIBRARIES;
  std::vector<std::string> json_memory;
  CLI::App options("Measures attnscope against its peers (tests/bench/README.md)");
  options.add_flag("--quick", wanted.options.quick, "few rounds and small files: under a minute");
  options.add_option("--rows", wanted.rows, "only these rows: 1,2,11")->delimiter(',');
  options.add_option("--json", wanted.json, "writes the results as JSON");
  options.add_option("--markdown", wanted.markdown, "writes the results as a page");
  options.add_option("--json-memory", json_memory, "")->expected(2)->group("");
  CLI11_PARSE(options, count, words);
  if (!json_memory.empty()) return bench::print_json_memory(json_memory[0], json_memory[1]);
  return bench::run(wanted);
}

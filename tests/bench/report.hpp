#pragma once

#include <string>
#include <vector>

#include "tests/bench/bench.hpp"
#include "tests/bench/machine.hpp"

namespace attn::bench {

/// All of one run.
struct Report {
  Machine machine;
  bool quick = false;
  std::size_t threads = 0;
  std::string torch;  ///< its version and settings; empty where it is not installed
  std::vector<Line> lines;
  std::vector<Skip> skips;
};

/// `≥ 7, met`, `≤ 1.2, missed`, or empty.
[[nodiscard]] std::string verdict(const Line& line);

/// One line for a terminal.
[[nodiscard]] std::string to_text(const Line& line);
/// The page that tests/bench/RESULTS.md is.
[[nodiscard]] std::string to_markdown(const Report& report);
[[nodiscard]] std::string to_json(const Report& report);

}  // namespace attn::bench

#pragma once

#include <map>
#include <string>
#include <vector>

namespace attn::bench {

/// What a program that has ended took.
struct Spent {
  int exit_code = -1;
  double seconds = 0;      ///< from its start to its end
  double cpu_seconds = 0;  ///< of all its threads
  std::string output;      ///< standard output
};

/// Runs `program` to its end; what it says on standard error is dropped.
[[nodiscard]] Spent run_child(const std::string& program, const std::vector<std::string>& arguments,
                              const std::map<std::string, std::string>& environment = {});

}  // namespace attn::bench

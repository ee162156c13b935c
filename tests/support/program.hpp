#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace attn::support {

/// What a program did.
struct Outcome {
  int exit_code = -1;  ///< 128 + n where signal n ended it
  std::string out, err;
};

/// How a program is started.
struct Launch {
  std::filesystem::path folder;  ///< its current folder; empty: this process's
  std::string input;             ///< its standard input
  /// Environment variables that differ from this process's; nothing = not set.
  std::map<std::string, std::optional<std::string>> environment;
};

/// Runs `program` with `arguments` to its end. No shell is involved.
[[nodiscard]] Outcome run(const std::string& program, const std::vector<std::string>& arguments,
                          const Launch& launch = {});

/// The lines of `text`, without their ends.
[[nodiscard]] std::vector<std::string> lines(const std::string& text);

}  // namespace attn::support

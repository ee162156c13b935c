#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/support/program.hpp"
#include "tests/support/wait.hpp"

namespace attn::support {

/// A program that runs beside the test, and is ended with the object. What it writes goes to a file.
class Background {
 public:
  /// `launch.input` is not read: the program's standard input is empty.
  Background(const std::string& program, const std::vector<std::string>& arguments, const Launch& launch,
             std::filesystem::path output);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  [[nodiscard]] bool running();
  /// Waits for its end: the exit code, 128 + n where signal n ended it; nothing if it still runs.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds limit = kPatience);
  /// Standard output and standard error so far.
  [[nodiscard]] std::string output() const;
  /// Processor time that all of its threads have used.
  [[nodiscard]] double cpu_seconds() const;

 private:
  std::filesystem::path output_;
  pid_t child_ = -1;
  std::optional<int> exit_code_;
};

}  // namespace attn::support

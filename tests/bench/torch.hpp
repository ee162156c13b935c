#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include "tests/bench/contest.hpp"
#include "tests/bench/problem.hpp"

namespace attn::bench {

/// Debian's torch in a process beside this one. It is stopped while it has nothing to do, so that threads of
/// its libraries that spin for more work take nothing from us.
class Torch {
 public:
  /// What it is started with: which BLAS, and which of that one's kernels. Empty: as the system has it.
  struct Setting {
    std::string blas_folder;
    std::string core_type;
    std::size_t threads = 1;
  };

  /// Tries the settings that this machine may have and keeps the fastest. Null where torch is not installed.
  [[nodiscard]] static std::unique_ptr<Torch> start_fastest(const Options& options,
                                                            const std::filesystem::path& folder);
  ~Torch();
  Torch(const Torch&) = delete;
  Torch& operator=(const Torch&) = delete;

  /// `torch 1.13, OpenBLAS (OpenMP) for Cooperlake, 2 threads`
  [[nodiscard]] std::string name() const;

  /// Its ways to compute the weights of `problem`, the common one first. They end with the next call.
  [[nodiscard]] std::vector<Contestant> weights(const Problem& problem);
  /// Its ways to draw the map of one head (−1: the mean of all) again for each of `temperatures` in turn.
  [[nodiscard]] std::vector<Contestant> drag(const Problem& problem, int head,
                                             std::vector<double> temperatures);

 private:
  Torch(const std::filesystem::path& script, std::filesystem::path folder, Setting setting);
  /// An answer, or nothing where the process has gone.
  [[nodiscard]] std::optional<nlohmann::json> ask(const nlohmann::json& command);
  [[nodiscard]] std::optional<std::string> read_line();
  [[nodiscard]] nlohmann::json files_of(const Problem& problem);
  [[nodiscard]] std::vector<Contestant> ways(const nlohmann::json& problem,
                                             const std::vector<double>& temperatures);

  std::filesystem::path folder_;
  Setting setting_;
  std::string version_;
  pid_t process_ = -1;
  int to_ = -1, from_ = -1;
  std::string unread_;
};

}  // namespace attn::bench

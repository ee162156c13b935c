#pragma once

#include <span>
#include <string_view>

#include "tests/bench/bench.hpp"

namespace attn::bench {

/// A row of PERFORMANCE.md's table.
struct Row {
  std::string_view number;
  std::string_view work;
  std::string_view peer;
  std::string_view target;
  void (*run)(const Bench& bench);
  bool wants_torch = false;
};

[[nodiscard]] std::span<const Row> rows();

void run_torch_weights(const Bench& bench);
void run_eigen_native(const Bench& bench);
void run_eigen_distributed(const Bench& bench);
void run_onednn(const Bench& bench);
void run_share_of_peak(const Bench& bench);
void run_two_threads(const Bench& bench);
void run_additive(const Bench& bench);
void run_drag(const Bench& bench);
void run_window_drag(const Bench& bench);
void run_drawing(const Bench& bench);
void run_json(const Bench& bench);
void run_json_memory(const Bench& bench);
void run_png(const Bench& bench);
void run_png_batch(const Bench& bench);
void run_start(const Bench& bench);

/// What `--json-memory ours|nlohmann FILE` does, in a process of its own: reads FILE and prints the most
/// memory that was resident, in bytes.
[[nodiscard]] int print_json_memory(std::string_view reader, const std::filesystem::path& file);

}  // namespace attn::bench

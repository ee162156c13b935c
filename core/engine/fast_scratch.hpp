#pragma once

#include <chrono>
#include <vector>

#include "core/base/buffer.hpp"
#include "core/engine/fast_path.hpp"

namespace attn {

/// What one thread needs for its rows.
struct FastPath::Scratch {
  explicit Scratch(std::size_t blocks) : normalizer(blocks) {}

  kernels::NormalizerScratch normalizer;
  Buffer<float> scores;  ///< a chunk of rows
  Buffer<float> logits;  ///< one row
  Buffer<float> values;  ///< one row, as it is written
  Buffer<float> bias;
  std::vector<double> bias_sum;
  std::vector<std::uint8_t> allowed;  ///< of a row whose bias masks
  std::vector<kernels::BlockClass> classes;
};

/// A chunk of rows of one head on its way to a stage.
struct FastPath::Work {
  Stage stage = Stage::weights;
  Index head = 0;
  const MaskBlocks* mask = nullptr;
};

/// Adds the time of its life to a meter.
class FastPath::Timer {
 public:
  explicit Timer(Meter& meter) : meter_(meter), start_(std::chrono::steady_clock::now()) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() {
    const auto time = std::chrono::steady_clock::now() - start_;
    meter_.nanoseconds +=
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
  }

 private:
  Meter& meter_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace attn

#include "tests/bench/rows.hpp"

#include <array>

namespace attn::bench {
namespace {

// Rows 9 and 10 are about maps of 100,000 tokens.
constexpr std::array kRows{
    Row{"1", "full weights, 12 × 1024, d 64, 2 threads", "torch, eager, best BLAS setting",
        "≥ 7 × faster, causal ≥ 12 ×", run_torch_weights, true},
    Row{"2", "the same, 1 thread", "Eigen for this machine, blocked + row softmax", "≥ 1.6 ×, causal ≥ 3 ×",
        run_eigen_native},
    Row{"3", "the same, 1 thread", "Eigen as a distributed binary gets it", "≥ 8 ×", run_eigen_distributed},
    Row{"4", "the same, 1 thread", "oneDNN 2.6 matmul + softmax in place", "≥ 1.8 ×, causal ≥ 3 ×",
        run_onednn},
    Row{"5", "share of the measured FMA peak, softmax included", "a pure FMA loop", "≥ 0.75",
        run_share_of_peak},
    Row{"6", "2 threads against 1", "itself", "≥ 1.9 ×", run_two_threads},
    Row{"7", "additive score, 8 × 512, a = 64, 2 threads", "torch broadcast add + tanh + matmul", "≥ 4 ×",
        run_additive, true},
    Row{"8", "temperature drag, 12 × 1024 causal, request → tiles ready", "torch recompute",
        "≥ 20 ×, p99 under 16 ms on 2 cores", run_drag, true},
    Row{"8", "the same in the window: action → drawn", "the time between two steps", "", run_window_drag},
    Row{"11", "frame CPU time, 4096² cells over 1024² cells", "itself (and one quad a cell)", "≤ 1.2",
        run_drawing},
    Row{"12", "100 MB JSON of nested floats → tensors, 1 thread", "nlohmann DOM; nlohmann SAX",
        "≥ 6 ×; ≥ 5 ×", run_json},
    Row{"13", "the same, peak memory over float bytes + file", "nlohmann DOM", "≤ 1.7", run_json_memory},
    Row{"14", "PNG figure of 2048² cells, whole process", "python3 + matplotlib imshow + savefig", "≥ 20 ×",
        run_png},
    Row{"15", "start → first frame, Xvfb", "a bare GLFW + ImGui window", "≤ 1.3", run_start},
    Row{"16", "144 PNG figures of 512² cells, one command", "the same in one script", "≥ 20 ×",
        run_png_batch},
};

}  // namespace

std::span<const Row> rows() {
  return kRows;
}

}  // namespace attn::bench

#include "tests/bench/peer_library.hpp"

#include <cstdlib>

#include <dlfcn.h>

#include "tests/bench/peers/weights_peer.h"

namespace attn::bench {
namespace {

struct Library {
  explicit Library(const std::filesystem::path& path) {
    // A peer's own threads would start with the library: rows with such peers are of one thread.
    ::setenv("OMP_NUM_THREADS", "1", 1);
    handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return;
    idiom = reinterpret_cast<decltype(&attn_bench_idiom)>(::dlsym(handle, "attn_bench_idiom"));
    open = reinterpret_cast<decltype(&attn_bench_open)>(::dlsym(handle, "attn_bench_open"));
    run = reinterpret_cast<decltype(&attn_bench_run)>(::dlsym(handle, "attn_bench_run"));
    close = reinterpret_cast<decltype(&attn_bench_close)>(::dlsym(handle, "attn_bench_close"));
  }
  // The library stays: some leave threads or handlers behind that would outlive their code.

  void* handle = nullptr;
  decltype(&attn_bench_idiom) idiom = nullptr;
  decltype(&attn_bench_open) open = nullptr;
  decltype(&attn_bench_run) run = nullptr;
  decltype(&attn_bench_close) close = nullptr;
};

// One way, ready to run, and what it writes into.
struct Way {
  Way(const Library& loaded, AttnBenchProblem problem, std::size_t cells, int idiom)
      : library(loaded), weights(cells) {
    problem.weights = weights.data();
    opened = library.open(&problem, idiom);
  }
  ~Way() {
    if (opened != nullptr) library.close(opened);
  }
  Way(const Way&) = delete;
  Way& operator=(const Way&) = delete;

  Library library;
  std::vector<float> weights;
  void* opened = nullptr;
};

}  // namespace

std::vector<Contestant> library_ways(const std::filesystem::path& path, const std::string& name,
                                     std::shared_ptr<const Problem> problem) {
  const Library library(path);
  if (library.idiom == nullptr || library.open == nullptr || library.run == nullptr ||
      library.close == nullptr)
    return {};
  const AttnBenchProblem question{static_cast<int>(problem->heads),
                                  static_cast<int>(problem->n),
                                  static_cast<int>(problem->d),
                                  problem->causal ? 1 : 0,
                                  problem->scale(),
                                  problem->q.data(),
                                  problem->k.data(),
                                  nullptr};
  std::vector<Contestant> ways;
  for (int idiom = 0; const char* words = library.idiom(&question, idiom); ++idiom) {
    const auto way = std::make_shared<Way>(library, question, problem->cells(), idiom);
    if (way->opened == nullptr) continue;
    ways.push_back({name + ": " + words,
                    [way, problem] { return thread_seconds_of([&] { way->library.run(way->opened); }); },
                    [way] { return way->weights; }});
  }
  return ways;
}

}  // namespace attn::bench

#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/contest.hpp"
#include "tests/bench/problem.hpp"

namespace attn::bench {

/// The ways of a peer of peers/weights_peer.h to compute the weights of `problem`, on one thread; empty where
/// the library cannot be loaded.
[[nodiscard]] std::vector<Contestant> library_ways(const std::filesystem::path& library,
                                                   const std::string& name,
                                                   std::shared_ptr<const Problem> problem);

}  // namespace attn::bench

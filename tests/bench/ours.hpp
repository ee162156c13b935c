#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/head_choice.hpp"
#include "core/engine/map_request.hpp"
#include "core/engine/worker.hpp"
#include "tests/bench/contest.hpp"
#include "tests/bench/problem.hpp"

namespace attn::bench {

/// What is measured of ours, behind few names: nothing else here knows the engine.

/// The instruction set that the kernels run on.
[[nodiscard]] std::string our_instruction_set();

/// Which clock a side is measured by.
enum class Clock { wall, thread };

/// The full weights of all heads, from q and k.
[[nodiscard]] Contestant our_weights(const Problem& problem, std::size_t threads, Clock clock = Clock::wall);

/// A person who drags the temperature, before the window's own worker: a request posted, until its tiles are
/// there.
class OurDrag {
 public:
  OurDrag(const Problem& problem, HeadChoice head, std::size_t threads);
  ~OurDrag();
  OurDrag(const OurDrag&) = delete;
  OurDrag& operator=(const OurDrag&) = delete;

  /// Seconds from the request to the result.
  [[nodiscard]] double turn(double temperature);
  /// The map that was shown last.
  [[nodiscard]] std::vector<float> shown() const;

 private:
  struct Mailbox;
  MapRequest request_;
  MapResult last_;
  std::unique_ptr<Mailbox> mailbox_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace attn::bench

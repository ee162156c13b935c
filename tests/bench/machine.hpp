#pragma once

#include <string>

namespace attn::bench {

/// Where and when the numbers were measured.
struct Machine {
  std::string processor;
  std::size_t cores = 0;
  std::string instruction_set;  ///< that our kernels use
  std::string system;           ///< `Debian GNU/Linux 12 (bookworm), Linux 6.1.0`
  std::string date;             ///< of today, `2026-01-31`, UTC
};

[[nodiscard]] Machine this_machine();

}  // namespace attn::bench

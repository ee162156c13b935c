#pragma once

#include <string>

namespace attn::bench {

/// Seconds that one thread needs for `operations` additions and multiplications in a loop that does nothing
/// else: as many independent fused multiply-adds as the machine can start at once, on registers alone, with
/// the vectors of `instruction_set` (as core/kernels/isa.hpp names them; sse4 has no fused ones and
/// multiplies, then adds). 0 for any other.
[[nodiscard]] double fma_seconds(const std::string& instruction_set, double operations);

}  // namespace attn::bench

#pragma once

#include <string>

namespace attn {

/// The widest of the instruction sets that kernels may be compiled for and that this machine has: `avx3`,
/// `avx2`, `sse4` or `baseline`.
[[nodiscard]] std::string instruction_set();

}  // namespace attn

#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace attn::kernels {

/// Sets of instructions that kernels are compiled for, the plainest first. At baseline there are no kernels:
/// the reference in double serves.
enum class Isa { baseline, sse4, avx2, avx3 };

/// `baseline`, `sse4`, `avx2`, `avx3` (AVX-512), as ATTNSCOPE_ISA names them.
[[nodiscard]] std::string_view name(Isa isa);
[[nodiscard]] std::optional<Isa> isa_named(std::string_view name);
[[nodiscard]] std::span<const Isa> isas();

[[nodiscard]] bool machine_has(Isa isa);
/// The one whose kernels run: the best that the machine has, or what `select` said.
[[nodiscard]] Isa selected();
/// For the whole process, before anything is computed. `machine_has(isa)`.
void select(Isa isa);

}  // namespace attn::kernels

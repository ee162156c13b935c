#include "core/kernels/isa.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include <hwy/highway.h>
#include <hwy/targets.h>

namespace attn::kernels {
namespace {

struct Row {
  Isa isa;
  std::string_view name;
  std::int64_t target;  ///< Highway's
};

constexpr std::array<Row, 4> kRows{{
    {Isa::baseline, "baseline", HWY_STATIC_TARGET},
    {Isa::sse4, "sse4", HWY_SSE4},
    {Isa::avx2, "avx2", HWY_AVX2},
    {Isa::avx3, "avx3", HWY_AVX3},
}};
constexpr std::array kIsas{Isa::baseline, Isa::sse4, Isa::avx2, Isa::avx3};

const Row& row_of(Isa isa) {
  return kRows[static_cast<std::size_t>(isa)];
}

// Asked once, before anything was selected: a hypervisor answers for the processor, slowly.
std::int64_t targets_of_machine() {
  static const std::int64_t targets = hwy::SupportedTargets();
  return targets;
}

std::atomic<const Row*> chosen{nullptr};

}  // namespace

std::string_view name(Isa isa) {
  return row_of(isa).name;
}

std::optional<Isa> isa_named(std::string_view name) {
  const auto row = std::ranges::find(kRows, name, &Row::name);
  return row == kRows.end() ? std::nullopt : std::optional(row->isa);
}

std::span<const Isa> isas() {
  return kIsas;
}

bool machine_has(Isa isa) {
  return isa == Isa::baseline || (targets_of_machine() & row_of(isa).target) != 0;
}

Isa selected() {
  if (const Row* row = chosen) return row->isa;
  Isa best = Isa::baseline;
  for (const Isa isa : kIsas) {
    if (machine_has(isa)) best = isa;
  }
  return best;
}

void select(Isa isa) {
  static_cast<void>(targets_of_machine());
  chosen = &row_of(isa);
  hwy::SetSupportedTargetsForTest(row_of(isa).target | HWY_STATIC_TARGET);
  hwy::GetChosenTarget().DeInit();
}

}  // namespace attn::kernels

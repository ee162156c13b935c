#include "core/kernels/isa.hpp"

#include <gtest/gtest.h>

namespace attn::kernels::test {
namespace {

TEST(Isa, NamesLeadBack) {
  for (const Isa isa : isas()) EXPECT_EQ(isa_named(name(isa)), isa);
  EXPECT_EQ(isa_named("avx"), std::nullopt);
}

TEST(Isa, WhatIsSelectedRuns) {
  const Isa before = selected();
  EXPECT_TRUE(machine_has(Isa::baseline));
  for (const Isa isa : isas()) {
    if (!machine_has(isa)) continue;
    select(isa);
    EXPECT_EQ(selected(), isa) << name(isa);
    // A choice hides nothing from those who ask what the machine could do.
    EXPECT_TRUE(machine_has(before)) << name(isa);
  }
  select(before);
}

}  // namespace
}  // namespace attn::kernels::test

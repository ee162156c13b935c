#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/kernels/isa.hpp"

namespace attn::kernels::test {

/// A test that runs once on each instruction set that has kernels and that the machine has.
class EveryIsa : public ::testing::TestWithParam<Isa> {
 protected:
  void SetUp() override { select(GetParam()); }
  void TearDown() override { select(before_); }

 private:
  Isa before_ = selected();
};

[[nodiscard]] inline std::vector<Isa> isas_with_kernels() {
  std::vector<Isa> found;
  for (const Isa isa : isas()) {
    if (isa != Isa::baseline && machine_has(isa)) found.push_back(isa);
  }
  return found;
}

[[nodiscard]] inline std::string isa_of(const ::testing::TestParamInfo<Isa>& info) {
  return std::string(name(info.param));
}

}  // namespace attn::kernels::test

/// After the tests of a fixture derived from EveryIsa.
#define ATTN_ON_EVERY_ISA(fixture)                                                                        \
  GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(fixture);                                                 \
  INSTANTIATE_TEST_SUITE_P(Isa, fixture, ::testing::ValuesIn(::attn::kernels::test::isas_with_kernels()), \
                           ::attn::kernels::test::isa_of)

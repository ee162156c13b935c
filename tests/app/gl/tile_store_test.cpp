#include "app/gl/tile_store.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace attn::gl {
namespace {

TEST(Texel, OfAValueIsItsBits) {
  for (const float value : {0.0f, -0.0f, 1.0f, -2.5e-40f, std::numeric_limits<float>::infinity()}) {
    EXPECT_EQ(texel_of(value, CellClass::value), std::bit_cast<std::uint32_t>(value)) << value;
  }
}

TEST(Texel, OfWhatIsNoValueIsANaNWithItsClass) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const CellClass cell_class : {CellClass::masked, CellClass::not_a_number, CellClass::nothing}) {
    const std::uint32_t texel = texel_of(0.5f, cell_class);
    EXPECT_TRUE(std::isnan(std::bit_cast<float>(texel)));
    EXPECT_EQ(texel & kClassBits, static_cast<std::uint32_t>(cell_class));
  }
  EXPECT_EQ(texel_of(-nan, CellClass::value), texel_of(0, CellClass::not_a_number));
}

}  // namespace
}  // namespace attn::gl

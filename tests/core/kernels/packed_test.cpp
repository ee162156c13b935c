#include "core/kernels/packed.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace attn::kernels::test {
namespace {

using support::Random;

// IEEE binary16 by its definition: (−1)^s · 2^(e − 15) · 1.m, denormals 2^−14 · 0.m.
double half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const double fraction = (bits & 1023) / 1024.0;
  const double sign = bits >> 15 != 0 ? -1 : 1;
  if (exponent == 31) {
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  }
  return sign * (exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15));
}

// x being a whole number of less than 12 bits.
std::uint16_t as_half(double x) {
  int exponent = 0;
  const double fraction = std::frexp(std::abs(x), &exponent);
  const int bits = x == 0 ? 0 : ((exponent + 14) << 10) + static_cast<int>((2 * fraction - 1) * 1024);
  return static_cast<std::uint16_t>(bits | (x < 0 ? 0x8000 : 0));
}

TEST(Packed, EveryNumberOfTwoBytesIsReadExactly) {
  std::vector<std::uint16_t> bits;
  for (std::uint32_t b = 0; b < 65536; ++b) bits.push_back(static_cast<std::uint16_t>(b));
  const auto read = [&](Storage storage) {
    return copy_rows<float>({bits.data(), storage, 256, 256, 256, 1});
  };
  const Buffer<float> f16 = read(Storage::f16);
  const Buffer<float> bf16 = read(Storage::bf16);
  for (std::uint32_t b = 0; b < 65536; ++b) {
    const double expected = half(bits[b]);
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(f16.data()[b])) << b;
    } else {
      EXPECT_EQ(std::bit_cast<std::uint32_t>(f16.data()[b]),
                std::bit_cast<std::uint32_t>(static_cast<float>(expected)))
          << b;
    }
    EXPECT_EQ(std::bit_cast<std::uint32_t>(bf16.data()[b]), b << 16) << b;
  }
}

// All numbers of a tensor [H, n, d] or [n, H, d] of any storage, one head of it as a Source.
struct Heads {
  std::size_t heads, n, d;
  bool heads_first;
  std::vector<double> values;  ///< as a float holds them

  [[nodiscard]] std::size_t place(std::size_t h, std::size_t i, std::size_t c) const {
    return heads_first ? (h * n + i) * d + c : (i * heads + h) * d + c;
  }
  [[nodiscard]] double at(std::size_t h, std::size_t i, std::size_t c) const {
    return values[place(h, i, c)];
  }
  template <class T>
  [[nodiscard]] Source source(const std::vector<T>& stored, Storage storage, std::size_t h) const {
    return {stored.data() + place(h, 0, 0),
            storage,
            n,
            d,
            static_cast<std::ptrdiff_t>(heads_first ? d : heads * d),
            1};
  }
};

Heads random_heads(std::size_t heads, std::size_t n, std::size_t d, bool heads_first, Random& random) {
  Heads made{heads, n, d, heads_first, {}};
  // Whole numbers below 256, which every storage holds.
  for (std::size_t count = heads * n * d; count > 0; --count) {
    made.values.push_back(static_cast<double>(random.below(256)) - 128);
  }
  return made;
}

template <class T>
void expect_packed(const Packed<T>& packed, std::size_t depth, std::size_t columns, const auto& number) {
  ASSERT_EQ(packed.depth, depth);
  ASSERT_EQ(packed.columns, columns);
  for (std::size_t b = 0; b < blocks_of(columns); ++b) {
    for (std::size_t p = 0; p < depth; ++p) {
      for (std::size_t c = 0; c < kBlock; ++c) {
        const std::size_t column = b * kBlock + c;
        ASSERT_EQ(packed.block(b)[p * kBlock + c],
                  column < columns ? static_cast<T>(number(p, column)) : T{0})
            << p << ", " << column;
      }
    }
  }
}

// One head copied and packed both ways round.
template <class T>
void expect_read(const Heads& made, const Source& source, std::size_t h) {
  const Buffer<T> copy = copy_rows<T>(source);
  ASSERT_EQ(copy.size(), made.n * made.d);
  for (std::size_t i = 0; i < made.n; ++i) {
    for (std::size_t c = 0; c < made.d; ++c) ASSERT_EQ(copy.data()[i * made.d + c], made.at(h, i, c));
  }
  expect_packed(pack<T>(source), made.n, made.d,
                [&](std::size_t p, std::size_t c) { return made.at(h, p, c); });
  expect_packed(pack<T>(source.transposed()), made.d, made.n,
                [&](std::size_t p, std::size_t c) { return made.at(h, c, p); });
}

TEST(Packed, HeadsOfBothLayoutsAndEveryStorage) {
  Random random(1);
  for (const bool heads_first : {true, false}) {
    for (const std::size_t n : {1, 5, 64, 65, 130}) {
      for (const std::size_t d : {1, 3, 64, 70}) {
        const Heads made = random_heads(3, n, d, heads_first, random);
        const std::vector<float> f32(made.values.begin(), made.values.end());
        std::vector<std::uint16_t> f16, bf16;
        for (const double x : made.values) {
          bf16.push_back(
              static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(static_cast<float>(x)) >> 16));
          f16.push_back(as_half(x));
        }
        for (std::size_t h = 0; h < 3; ++h) {
          expect_read<float>(made, made.source(f32, Storage::f32, h), h);
          expect_read<double>(made, made.source(f32, Storage::f32, h), h);
          expect_read<float>(made, made.source(f16, Storage::f16, h), h);
          expect_read<float>(made, made.source(bf16, Storage::bf16, h), h);
          expect_read<float>(made, made.source(made.values, Storage::f64, h), h);
          expect_read<double>(made, made.source(made.values, Storage::f64, h), h);
        }
      }
    }
  }
}

TEST(Packed, DoublesAreRoundedToFloats) {
  const std::vector<double> third{1.0 / 3};
  const Source source{third.data(), Storage::f64, 1, 1, 1, 1};
  EXPECT_EQ(copy_rows<float>(source).data()[0], static_cast<float>(1.0 / 3));
  EXPECT_EQ(copy_rows<double>(source).data()[0], 1.0 / 3);
}

TEST(Packed, NumbersStandWhereEveryInstructionSetLoadsThem) {
  for (const std::size_t size : {1, 3, 100}) {
    const Buffer<float> numbers(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(numbers.data()) % 64, 0U);
  }
}

}  // namespace
}  // namespace attn::kernels::test

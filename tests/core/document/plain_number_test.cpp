#include "core/document/plain_number.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/random.hpp"

namespace attn {
namespace {

double exact(const std::string& token) {
  double number = 0;
  std::from_chars(token.data(), token.data() + token.size(), number);
  return number;
}

// How many of many numbers were quick; each of those must be the nearest double, in every bit.
std::size_t quick_ones(const auto& token_of, std::size_t count) {
  support::Random random(5);
  std::size_t quick = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string token = token_of(random);
    const auto number = plain_number(token);
    if (!number) continue;
    ++quick;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(*number), std::bit_cast<std::uint64_t>(exact(token))) << token;
  }
  return quick;
}

constexpr std::size_t kMany = 100'000;

TEST(PlainNumber, FloatsAsProgramsWriteThem) {
  const auto as_double = [](support::Random& random) {
    return fmt::format("{}", static_cast<double>(static_cast<float>(random.normal())));
  };
  const auto as_float = [](support::Random& random) {
    return fmt::format("{}", static_cast<float>(random.normal()));
  };
  const auto rounded = [](support::Random& random) { return fmt::format("{:.6f}", random.normal()); };
  const auto weight = [](support::Random& random) {
    return fmt::format("{}", static_cast<double>(static_cast<float>(std::exp(2 * random.normal() - 6))));
  };
  EXPECT_GT(quick_ones(as_double, kMany), kMany * 99 / 100);
  EXPECT_GT(quick_ones(as_float, kMany), kMany * 99 / 100);
  EXPECT_GT(quick_ones(rounded, kMany), kMany * 99 / 100);
  EXPECT_GT(quick_ones(weight, kMany), kMany * 9 / 10);
}

TEST(PlainNumber, AnyDigitsAnyPlaces) {
  const auto any = [](support::Random& random) {
    std::string token = random.chance(0.5) ? "-" : "";
    token += static_cast<char>('1' + random.below(9));
    for (std::size_t i = random.below(10); i > 0; --i) token += static_cast<char>('0' + random.below(10));
    if (random.chance(0.8)) token += '.';
    if (token.back() == '.') {
      for (std::size_t i = 1 + random.below(9); i > 0; --i)
        token += static_cast<char>('0' + random.below(10));
    }
    if (random.chance(0.3)) token += fmt::format("e{}", static_cast<int>(random.below(60)) - 30);
    return token;
  };
  EXPECT_GT(quick_ones(any, kMany), kMany / 2);
}

// Numbers beside the middle of two doubles, where the last digit decides.
TEST(PlainNumber, NearTheMiddleOfTwoDoubles) {
  const auto middle = [](support::Random& random) {
    const double below = 0.5 + random.unit() / 2;
    const long double between =
        (static_cast<long double>(below) + static_cast<long double>(std::nextafter(below, 1.0))) / 2;
    std::array<char, 64> text{};
    const int places = static_cast<int>(random.from_to(17, 18));
    const int size = std::snprintf(text.data(), text.size(), "%.*Lf", places, between);
    return std::string(text.data(), static_cast<std::size_t>(size));
  };
  quick_ones(middle, kMany);
}

TEST(PlainNumber, ZeroKeepsItsSign) {
  EXPECT_FALSE(std::signbit(plain_number("0.000").value()));
  EXPECT_TRUE(std::signbit(plain_number("-0.0").value()));
  EXPECT_EQ(plain_number("12 \n").value(), 12);
}

TEST(PlainNumber, WhatIsNoNumberIsLeft) {
  for (const char* token :
       {"",        "-",    "+1",    ".5", "1.",  "01",  "-01.5", "00",  "1e", "1e+",
        "1.5e-",   "0x10", "1.2.3", "1a", "1 2", "--1", "null",  "NaN", "1,", "12345678.1234567x",
        "1234567/"}) {
    EXPECT_FALSE(plain_number(token)) << token;
  }
}

TEST(PlainNumber, WhatIsNotQuickIsLeft) {
  for (const char* token : {"12345678901234567890", "1e5", "1.5e-40", "0.0000000000000000000000000001",
                            "1e-28", "1e-1000", "1e-0669999999", "1e99999999999999999999"}) {
    EXPECT_FALSE(plain_number(token)) << token;
  }
}

}  // namespace
}  // namespace attn

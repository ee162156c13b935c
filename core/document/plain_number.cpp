#include "core/document/plain_number.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace attn {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int kMostDigits = 19;  // any number of so many fits into 64 bits
constexpr int kMostPlaces = 27;  // 5²⁷ < 2⁶⁴
constexpr std::ptrdiff_t kWordDigits = 8;

constexpr std::array<std::uint64_t, kMostDigits + 1> kTens = [] {
  std::array<std::uint64_t, kMostDigits + 1> tens{1};
  for (std::size_t i = 1; i < tens.size(); ++i) tens[i] = 10 * tens[i - 1];
  return tens;
}();

// 1 / 5^places, of which `high` holds the first 64 bits: high · 2^−(63 + bits) ≤ 5^−places < (high + 1) ·
// 2^−(63 + bits).
struct Fifth {
  std::uint64_t high = 0;
  int bits = 0;
};
constexpr std::array<Fifth, kMostPlaces + 1> kFifths = [] {
  std::array<Fifth, kMostPlaces + 1> fifths{};
  std::uint64_t power = 1;
  for (std::size_t places = 1; places < fifths.size(); ++places) {
    power *= 5;
    const int bits = static_cast<int>(std::bit_width(power));
    fifths[places] = {static_cast<std::uint64_t>((Wide{1} << (63 + bits)) / power), bits};
  }
  return fifths;
}();

// Eight characters, the first in the lowest byte.
std::uint64_t load(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

bool are_digits(std::uint64_t word) {
  constexpr std::uint64_t kHigh = 0xf0f0f0f0f0f0f0f0u, kThree = 0x3030303030303030u,
                          kSix = 0x0606060606060606u;
  return ((word & kHigh) | (((word + kSix) & kHigh) >> 4)) == (kThree | kThree >> 4);
}

// Neighbours are joined: pairs, then fours, then all.
std::uint64_t value_of(std::uint64_t word) {
  word = (word & 0x0f0f0f0f0f0f0f0fu) * (1 + (10u << 8)) >> 8;
  word = (word & 0x00ff00ff00ff00ffu) * (1 + (100u << 16)) >> 16;
  return (word & 0x0000ffff0000ffffu) * (1 + (std::uint64_t{10000} << 32)) >> 32;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The digits of a token, and what they come to; more than 64 bits hold come to nonsense.
struct Digits {
  const char* token;
  std::uint64_t value = 0;
  std::ptrdiff_t count = 0;

  // Takes the digits at `at`; false where there are none.
  bool take(const char*& at, const char* end) {
    const char* const first = at;
    while (end - at >= kWordDigits && are_digits(load(at))) {
      value = value * kTens[kWordDigits] + value_of(load(at));
      at += kWordDigits;
    }
    if (!take_rest(at, end)) {
      for (; at < end && is_digit(*at); ++at) value = 10 * value + static_cast<std::uint64_t>(*at - '0');
    }
    count += at - first;
    return at > first;
  }

  // None to seven digits that end the token, without a branch for each: how many there are is what no
  // processor guesses.
  bool take_rest(const char*& at, const char* end) {
    const auto left = static_cast<std::size_t>(end - at);
    if (left >= kWordDigits || end - token < kWordDigits) return false;
    constexpr std::uint64_t kZeros = 0x3030303030303030u;
    const std::uint64_t others = ~std::uint64_t{0} >> (8 * left);
    const std::uint64_t word = (load(end - kWordDigits) & ~others) | (kZeros & others);
    if (!are_digits(word)) return false;
    value = value * kTens[left] + value_of(word);
    at = end;
    return true;
  }

  // Leading zeros are no burden.
  [[nodiscard]] bool fit(const char* first) const {
    std::ptrdiff_t significant = count;
    for (; significant > kMostDigits && (*first == '0' || *first == '.'); ++first)
      significant -= *first == '0' ? 1 : 0;
    return significant <= kMostDigits;
  }
};

// The exponent behind an e; nothing where it is none, or a large one.
std::optional<int> exponent_at(const char*& at, const char* end) {
  ++at;
  const bool negative = at < end && *at == '-';
  if (at < end && (*at == '-' || *at == '+')) ++at;
  constexpr int kMost = 3;
  int value = 0;
  const char* const first = at;
  for (; at < end && is_digit(*at) && at - first <= kMost; ++at) value = 10 * value + (*at - '0');
  if (at == first || at - first > kMost) return std::nullopt;
  return negative ? -value : value;
}

// value / 10^places, 1 ≤ places ≤ kMostPlaces; nothing where 64 bits of the quotient do not say how to round.
std::optional<double> divided(std::uint64_t value, int places) {
  constexpr int kMantissa = 53, kBias = 1023;
  const Fifth fifth = kFifths[static_cast<std::size_t>(places)];
  const int zeros = std::countl_zero(value);
  // The quotient, times 2^(zeros + places + fifth.bits − 1), lies in [high, high + 2).
  const auto high = static_cast<std::uint64_t>(Wide{value << zeros} * fifth.high >> 64);
  const int spare = static_cast<int>(std::bit_width(high)) - kMantissa;
  const std::uint64_t half = std::uint64_t{1} << (spare - 1);
  const std::uint64_t rest = high & (2 * half - 1);
  if (rest == half || rest == half - 1) return std::nullopt;
  const std::uint64_t mantissa =
      (high >> spare) + (rest > half ? 1 : 0);  // 2⁵³ too: the exponent takes it up
  const int exponent = spare + 1 - zeros - places - fifth.bits + (kMantissa - 1);
  const auto shifted = static_cast<std::uint64_t>(exponent + kBias - 1) << (kMantissa - 1);
  return std::bit_cast<double>(shifted + mantissa);
}

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

std::optional<double> plain_number(std::string_view token) {
  const char* at = token.data();
  const char* const end = at + token.size();
  const bool negative = at < end && *at == '-';
  at += negative ? 1 : 0;
  Digits digits{token.data()};
  const char* const first = at;
  if (!digits.take(at, end) || (at - first > 1 && *first == '0')) return std::nullopt;
  std::ptrdiff_t places = 0;
  if (at < end && *at == '.') {
    places = -digits.count;
    if (!digits.take(++at, end)) return std::nullopt;
    places += digits.count;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    const auto exponent = exponent_at(at, end);
    if (!exponent) return std::nullopt;
    places -= *exponent;
  }
  while (at < end && is_space(*at)) ++at;
  if (at < end || places < 0 || places > kMostPlaces || !digits.fit(first)) return std::nullopt;
  std::optional<double> number = static_cast<double>(digits.value);
  if (places > 0 && digits.value > 0) number = divided(digits.value, static_cast<int>(places));
  if (number)
    number = std::bit_cast<double>(std::bit_cast<std::uint64_t>(*number) | std::uint64_t{negative} << 63);
  return number;
}

}  // namespace attn

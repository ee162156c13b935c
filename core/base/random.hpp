#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace attn {

/// SplitMix64's step and finaliser (Steele, Lea, Flood 2014): a bijection of 64 bits.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// A number in [0, 1) that is a pure function of its arguments, the same on every machine:
/// z = mix(first), then z = mix(z ^ next) for each, and the top 53 bits of z as a fraction.
template <class... Rest>
[[nodiscard]] constexpr double uniform(std::uint64_t first, Rest... rest) {
  std::uint64_t z = mix(first);
  ((z = mix(z ^ static_cast<std::uint64_t>(rest))), ...);
  return static_cast<double>(z >> 11) * 0x1p-53;
}

/// FNV-1a with 64 bits (Fowler, Noll, Vo).
[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view bytes,
                                            std::uint64_t hash = 0xcbf29ce484222325u) {
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3u;
  }
  return hash;
}

/// Equal for equal bytes, and in all likelihood different for others: for large texts, which FNV-1a takes
/// byte by byte. Eight bytes go at a time into one of four sums that do not wait for each other.
[[nodiscard]] inline std::uint64_t digest(std::string_view bytes) {
  constexpr std::size_t kWord = sizeof(std::uint64_t), kSums = 4;
  std::uint64_t sums[kSums] = {mix(1), mix(2), mix(3), mix(bytes.size())};
  for (std::size_t at = 0; at < bytes.size(); at += kSums * kWord) {
    std::uint64_t words[kSums] = {};
    std::memcpy(words, bytes.data() + at, std::min(sizeof(words), bytes.size() - at));
    for (std::size_t i = 0; i < kSums; ++i)
      sums[i] = std::rotl((sums[i] ^ words[i]) * 0x9e3779b97f4a7c15u, 29);
  }
  return mix(mix(mix(mix(sums[0]) ^ sums[1]) ^ sums[2]) ^ sums[3]);
}

}  // namespace attn

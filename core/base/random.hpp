#pragma once

#include <cstdint>
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

}  // namespace attn

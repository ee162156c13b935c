#pragma once

#include <cstddef>
#include <cstdint>

namespace attn::limits {

inline constexpr std::uint64_t kJsonBytes = std::uint64_t{2} << 30;
inline constexpr std::size_t kDepth = 64;
inline constexpr std::size_t kNumberCharacters = 1024;
inline constexpr std::size_t kTokenBytes = 64 * 1024;
inline constexpr std::size_t kTokens = 1'000'000;
inline constexpr std::size_t kObjectKeys = 4096;
inline constexpr std::size_t kTensorRank = 8;
inline constexpr std::size_t kLayers = 4096;

}  // namespace attn::limits

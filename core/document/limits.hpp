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

// Tensor files.
inline constexpr std::size_t kReferencedFiles = 64;  ///< that one document names
inline constexpr std::uint64_t kSafetensorsHeaderBytes = 16u << 20;
inline constexpr std::uint64_t kNpyHeaderBytes = 64u << 10;
inline constexpr std::size_t kTensorsInFile = 100'000;
inline constexpr std::size_t kTensorNameBytes = 4096;
/// A tensor of a file that is longer, as float32, stays there until its numbers are asked for.
inline constexpr std::uint64_t kReadAtOnceBytes = 32u << 20;
/// So do the others when this much of a document has been read.
inline constexpr std::uint64_t kReadAtOnceTogether = 256u << 20;
/// Of tensors that stay in their files, this much is kept of what was read last.
inline constexpr std::uint64_t kTensorCacheBytes = 512u << 20;
/// All tensors of a document together: this, or half of the machine's memory where that is less.
inline constexpr std::uint64_t kTensorMemoryBytes = std::uint64_t{8} << 30;
/// A deflated entry may unpack to this much, and to more only if it is not packed tighter than the ratio.
inline constexpr std::uint64_t kUnpackedFreely = 48u << 20;
inline constexpr std::uint64_t kPackedRatio = 100;

}  // namespace attn::limits

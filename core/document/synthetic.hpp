#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/document/tensor.hpp"

namespace attn {

inline constexpr std::size_t kSyntheticWidth = 64;
inline constexpr std::size_t kSyntheticHeads = 4;

/// n × 64 numbers that stand in for embeddings: component c of a token is Σ_{t<12} uniform(0, FNV-1a-64 of
/// its UTF-8, c, t) − 6, nearly a standard normal; equal tokens get equal rows, on every machine (FORMAT.md
/// §5).
[[nodiscard]] Tensor synthetic_embeddings(const std::vector<std::string>& tokens);

}  // namespace attn

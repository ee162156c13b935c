#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace attn::bench {

/// Numbers as they lie in memory.
void write_floats(const std::filesystem::path& file, const std::vector<float>& values);
[[nodiscard]] std::vector<float> read_floats(const std::filesystem::path& file);

}  // namespace attn::bench

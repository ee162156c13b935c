#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"

namespace attn {

/// What a safetensors header says of one tensor. Offsets count from the end of the header.
struct SafetensorsEntry {
  std::string name;
  std::string dtype;
  std::vector<std::size_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Bytes in front of the header: its length, little-endian.
inline constexpr std::size_t kSafetensorsLengthBytes = 8;

/// Reads the header's JSON, `{"name": {"dtype", "shape", "data_offsets"}, …, "__metadata__": {…}}`, in front
/// of `data_bytes` bytes of numbers: names stand once, the ranges cover the data without hole or overlap, and
/// each is as long as shape and dtype want where the dtype is one of ours. Errors: syntax, encoding, type,
/// duplicate, shape, limit; places are `header byte N` (from the file's start) or `tensor "name"`.
[[nodiscard]] Result<std::vector<SafetensorsEntry>> read_safetensors_header(std::string_view text,
                                                                            std::uint64_t data_bytes);

}  // namespace attn

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace attn {

/// What became of numbers on their way to float32.
struct Conversion {
  struct Bad {
    std::size_t index = 0;  ///< of the first one
    std::string expected;
    std::string found;
  };
  std::optional<Bad> bad;    ///< a number that float32 cannot hold, or a bool that is neither 0 nor 1
  std::size_t done = 0;      ///< numbers converted so far
  std::size_t rounded = 0;   ///< integers that float32 holds only nearly
  std::size_t vanished = 0;  ///< numbers that are not 0, but nearer to 0 than float32 can say
};

/// A type of number in a file: its names, its size, and the way to float32. NaN and the infinities are kept.
struct Dtype {
  std::string_view name;         ///< in a document: `f16`
  std::string_view npy;          ///< in a .npy header, behind the byte order: `f2`
  std::string_view safetensors;  ///< `F16`
  std::size_t size;              ///< bytes
  /// Converts `count` numbers; `swapped`: their bytes are in the other order than this machine's. Goes on
  /// behind a bad one, so that only the first is told.
  void (*convert)(const std::byte* from, std::size_t count, bool swapped, float* to, Conversion& state);
};

[[nodiscard]] std::span<const Dtype> dtypes();

/// The row whose `column` is `name`, or null.
[[nodiscard]] const Dtype* find_dtype(std::string_view Dtype::*column, std::string_view name);

/// `f16, bf16, … or bool`, as documents call them.
[[nodiscard]] std::string dtype_names();

}  // namespace attn

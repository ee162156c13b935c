#pragma once

#include <cstdint>

namespace attn {

/// One opaque colour, sRGB, 8 bits a channel.
struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;

  [[nodiscard]] constexpr bool operator==(const Rgb&) const = default;
};

/// 0xFFRRGGBB in the machine's byte order: what Cairo calls RGB24 and ARGB32.
[[nodiscard]] constexpr std::uint32_t pack(Rgb color) {
  return 0xFF000000u | static_cast<std::uint32_t>(color.r) << 16 | static_cast<std::uint32_t>(color.g) << 8 |
         static_cast<std::uint32_t>(color.b);
}

/// The other way; alpha is dropped.
[[nodiscard]] constexpr Rgb unpack(std::uint32_t pixel) {
  return {static_cast<std::uint8_t>(pixel >> 16), static_cast<std::uint8_t>(pixel >> 8),
          static_cast<std::uint8_t>(pixel)};
}

/// 0xRRGGBB, as people write colours.
[[nodiscard]] constexpr Rgb rgb(std::uint32_t hex) {
  return unpack(hex);
}

/// Light: figures on paper. Dark: the window, slides.
enum class Theme { light, dark };

}  // namespace attn

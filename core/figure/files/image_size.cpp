#include "core/figure/files/image_size.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace attn {

PixelImage resized(const PixelImage& image, int width, int height) {
  PixelImage out{width, height, {}};
  const auto row = static_cast<std::size_t>(width);
  out.pixels.reserve(row * static_cast<std::size_t>(height));
  std::int64_t last = -1;
  for (std::int64_t y = 0; y < height; ++y) {
    const std::int64_t from = y * image.height / height;
    if (from == last) {
      // The same cells as in the row above.
      const std::size_t filled = out.pixels.size();
      out.pixels.resize(filled + row);
      std::copy_n(out.pixels.begin() + static_cast<std::ptrdiff_t>(filled - row), row,
                  out.pixels.begin() + static_cast<std::ptrdiff_t>(filled));
      continue;
    }
    last = from;
    for (std::int64_t x = 0; x < width; ++x) {
      out.pixels.push_back(
          image.pixels[static_cast<std::size_t>(from * image.width + x * image.width / width)]);
    }
  }
  return out;
}

PixelImage enlarged(const PixelImage& image) {
  const int factor = std::clamp(kEnlargedSide / std::max(image.width, image.height), 1, kMostEnlarged);
  return resized(image, image.width * factor, image.height * factor);
}

}  // namespace attn

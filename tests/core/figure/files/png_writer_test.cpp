#include "core/figure/files/png_writer.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "core/figure/color.hpp"
#include "tests/core/figure/png.hpp"
#include "tests/support/random.hpp"

namespace attn {
namespace {

// Some pixels like their neighbours and some not, with unused ones behind each row.
std::vector<std::uint32_t> some_pixels(std::size_t step, std::size_t height) {
  support::Random random(6);
  std::vector<std::uint32_t> pixels(step * height);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const auto byte = [&] { return static_cast<std::uint8_t>(random.below(256)); };
    pixels[i] = i > 0 && random.chance(0.7) ? pixels[i - 1] : pack(Rgb{byte(), byte(), byte()});
  }
  return pixels;
}

struct Size {
  std::size_t width, height;
};

TEST(PngWriter, IsReadBackPixelForPixel) {
  // One pixel, one row, long rows, and many blocks.
  for (const auto [width, height] :
       {Size{1, 1}, Size{900, 1}, Size{3, 700}, Size{32'000, 20}, Size{600, 600}}) {
    const std::size_t step = width + 3;
    const auto pixels = some_pixels(step, height);
    const std::string bytes = png_file({pixels.data(), step, width, height}, 2);
    const test::Png png(bytes);
    ASSERT_TRUE(png.ok()) << width << " × " << height;
    ASSERT_EQ(static_cast<std::size_t>(png.width()), width);
    ASSERT_EQ(static_cast<std::size_t>(png.height()), height);
    for (std::size_t y = 0; y < height; ++y) {
      for (std::size_t x = 0; x < width; ++x) {
        ASSERT_EQ(png.at(static_cast<int>(x), static_cast<int>(y)), unpack(pixels[y * step + x]))
            << x << ' ' << y;
      }
    }
  }
}

TEST(PngWriter, BytesDoNotDependOnThreads) {
  const auto pixels = some_pixels(600, 600);
  const std::string alone = png_file({pixels.data(), 600, 600, 600}, 1);
  for (const std::size_t threads : {2, 3, 8})
    EXPECT_EQ(png_file({pixels.data(), 600, 600, 600}, threads), alone) << threads;
}

}  // namespace
}  // namespace attn

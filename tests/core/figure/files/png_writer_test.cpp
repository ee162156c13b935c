#include "core/figure/files/png_writer.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "core/figure/color.hpp"
#include "tests/core/figure/png.hpp"
#include "tests/support/random.hpp"

namespace attn {
namespace {

// Pixels of `colors` colours, some like their neighbours and some not, with unused ones behind each row.
std::vector<std::uint32_t> some_pixels(std::size_t step, std::size_t height, std::size_t colors) {
  support::Random random(6);
  std::vector<std::uint32_t> palette(colors), pixels(step * height);
  for (std::size_t i = 0; i < colors; ++i) palette[i] = pack(rgb(static_cast<std::uint32_t>(i * 40503)));
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const bool repeats = i >= colors && random.chance(0.7);
    pixels[i] = repeats ? pixels[i - 1] : i < colors ? palette[i] : palette[random.below(colors)];
  }
  return pixels;
}

constexpr std::size_t kManyColors = 5000;

struct Size {
  std::size_t width, height;
};

void expect_same(const std::string& bytes, const PixelRows& pixels) {
  const test::Png png(bytes);
  ASSERT_TRUE(png.ok());
  ASSERT_EQ(static_cast<std::size_t>(png.width()), pixels.width);
  ASSERT_EQ(static_cast<std::size_t>(png.height()), pixels.height);
  for (std::size_t y = 0; y < pixels.height; ++y) {
    for (std::size_t x = 0; x < pixels.width; ++x) {
      ASSERT_EQ(png.pixel(static_cast<int>(x), static_cast<int>(y)), pixels.row(y)[x]) << x << ' ' << y;
    }
  }
}

TEST(PngWriter, IsReadBackPixelForPixel) {
  // One pixel, one row, long rows, and many blocks.
  for (const auto [width, height] :
       {Size{1, 1}, Size{900, 1}, Size{3, 700}, Size{32'000, 20}, Size{600, 600}}) {
    const std::size_t step = width + 3;
    const auto pixels = some_pixels(step, height, kManyColors);
    const PixelRows rows{pixels.data(), step, width, height};
    SCOPED_TRACE(width);
    expect_same(png_file(rows, {}, 2), rows);
  }
}

TEST(PngWriter, FewColorsMakeAPaletteOfFewBits) {
  struct Row {
    std::size_t colors;
    int bits;
  };
  for (const auto [colors, bits] :
       {Row{1, 1}, Row{2, 1}, Row{3, 2}, Row{4, 2}, Row{5, 4}, Row{16, 4}, Row{17, 8}, Row{256, 8}}) {
    SCOPED_TRACE(colors);
    // 203 pixels are no whole number of bytes.
    const auto pixels = some_pixels(203, 300, colors);
    const PixelRows rows{pixels.data(), 203, 203, 300};
    const std::string bytes = png_file(rows, {}, 2);
    expect_same(bytes, rows);
    const std::string header = test::png_chunk_data(bytes, "IHDR");
    EXPECT_EQ(header[8], bits);
    EXPECT_EQ(header[9], 3) << "a palette";
    EXPECT_EQ(test::png_chunk_data(bytes, "PLTE").size(), 3 * colors);
  }
  const auto pixels = some_pixels(203, 300, 257);
  EXPECT_EQ(test::png_chunk_data(png_file({pixels.data(), 203, 203, 300}, {}, 2), "IHDR")[9], 2);
}

TEST(PngWriter, TransparentPixelsStay) {
  // Multiplied by their alpha, as Cairo has them: with and without a palette.
  for (const bool few : {true, false}) {
    std::vector<std::uint32_t> pixels;
    for (std::uint32_t i = 0; i < 64 * 64; ++i) {
      const std::uint32_t alpha = few ? (i % 3) * 127 : i % 256, red = few ? alpha : alpha * (i % 7) / 7;
      pixels.push_back(alpha << 24 | red << 16 | alpha);
    }
    const PixelRows rows{pixels.data(), 64, 64, 64, true};
    const std::string bytes = png_file(rows, {}, 1);
    EXPECT_EQ(test::png_chunk_data(bytes, "IHDR")[9], few ? 3 : 6);
    const test::Png png(bytes);
    ASSERT_TRUE(png.ok());
    for (int i = 0; i < 64 * 64; ++i) {
      const std::uint32_t expected = pixels[static_cast<std::size_t>(i)], found = png.pixel(i % 64, i / 64);
      ASSERT_EQ(found >> 24, expected >> 24) << i;
      // A faint colour has few steps: dividing and multiplying moves it by one of 255 at most.
      ASSERT_NEAR(unpack(found).r, unpack(expected).r, 1) << i;
      ASSERT_NEAR(unpack(found).b, unpack(expected).b, 1) << i;
    }
  }
}

TEST(PngWriter, BytesDoNotDependOnThreads) {
  for (const std::size_t colors : {std::size_t{100}, kManyColors}) {
    const auto pixels = some_pixels(900, 900, colors);
    const std::string alone = png_file({pixels.data(), 900, 900, 900}, {}, 1);
    for (const std::size_t threads : {2, 3, 8})
      EXPECT_EQ(png_file({pixels.data(), 900, 900, 900}, {}, threads), alone) << threads;
  }
}

TEST(PngWriter, SaysHowManyPixelsAreAMetre) {
  const std::uint32_t pixel = 0xFF000000u;
  // 300 dpi are 11,811 pixels a metre: 0x2e23.
  EXPECT_EQ(test::png_chunk_data(png_file({&pixel, 1, 1, 1}, {300, {}}, 1), "pHYs"),
            std::string("\0\0\x2e\x23\0\0\x2e\x23\1", 9));
}

// The frames of an animation, each as what is on the screen then.
std::vector<std::vector<std::uint32_t>> played(const std::string& bytes, std::size_t width,
                                               std::size_t height) {
  std::vector<std::vector<std::uint32_t>> frames;
  std::vector<std::uint32_t> screen(width * height);
  const auto chunks = test::png_chunks(bytes);
  const auto number = [](const std::string& data, std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<unsigned char>(data[i]);
    return value;
  };
  std::size_t sequence = 0;
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    if (chunks[c].name != "fcTL") continue;
    const std::string& control = chunks[c].data;
    EXPECT_EQ(number(control, 0), sequence++);
    // The frame as a PNG of its own.
    std::string file(kPngSignature);
    file += png_chunk("IHDR", control.substr(4, 8) + chunks.front().data.substr(8));
    for (std::size_t d = c + 1; d < chunks.size() && chunks[d].name != "fcTL"; ++d) {
      if (chunks[d].name == "IDAT") file += png_chunk("IDAT", chunks[d].data);
      if (chunks[d].name != "fdAT") continue;
      EXPECT_EQ(number(chunks[d].data, 0), sequence++);
      file += png_chunk("IDAT", chunks[d].data.substr(4));
    }
    const test::Png part(file + png_chunk("IEND", {}));
    EXPECT_TRUE(part.ok());
    if (!part.ok()) return {};
    for (int y = 0; y < part.height(); ++y) {
      for (int x = 0; x < part.width(); ++x) {
        const std::size_t row = number(control, 16) + static_cast<std::size_t>(y);
        screen.at(row * width + number(control, 12) + static_cast<std::size_t>(x)) = part.pixel(x, y);
      }
    }
    frames.push_back(screen);
  }
  return frames;
}

TEST(ApngWriter, PlaysEveryFrame) {
  constexpr std::size_t kSide = 400;
  std::vector<std::vector<std::uint32_t>> frames(4, some_pixels(kSide, kSide, kManyColors));
  frames[1][0] ^= 0xff;
  frames[2] = frames[1];  // where nothing changes
  frames[3][kSide * kSide - 1] ^= 0xff;
  frames[3][kSide * 7 + 200] ^= 0xff00;
  std::string alone;
  for (const std::size_t threads : {1, 3}) {
    ApngWriter writer(frames.size(), 250, {}, threads);
    for (const auto& frame : frames) writer.add({frame.data(), kSide, kSide, kSide});
    const std::string bytes = std::move(writer).finish();
    EXPECT_EQ(played(bytes, kSide, kSide), frames);
    EXPECT_EQ(test::png_chunk_data(bytes, "acTL"), std::string("\0\0\0\4\0\0\0\0", 8));
    EXPECT_EQ(test::png_chunk_data(bytes, "fcTL").substr(20), std::string("\0\xfa\x03\xe8\0\0", 6));
    const PixelRows first{frames[0].data(), kSide, kSide, kSide};
    expect_same(bytes, first);
    if (alone.empty()) alone = bytes;
    EXPECT_EQ(bytes, alone);
  }
}

}  // namespace
}  // namespace attn

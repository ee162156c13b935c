#include "core/figure/files/cairo_backend.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/core/figure/png.hpp"

namespace attn {
namespace {

constexpr Rgb kRed{200, 10, 20}, kGreen{3, 180, 40}, kBlue{1, 2, 250}, kPaper{255, 254, 253};

TEST(PngBytes, RectanglesAndImagesAreExact) {
  TextRenderer text;
  DisplayList list{300, 200, kPaper, {}};
  list.items.emplace_back(RectItem{{10, 20, 30, 40}, kRed});
  list.items.emplace_back(ImageItem{{100, 50, 205, 71}, {3, 1, {pack(kRed), pack(kGreen), pack(kBlue)}}});
  const auto bytes = png_bytes(list, text);
  ASSERT_TRUE(bytes);
  const test::Png png(*bytes);
  ASSERT_TRUE(png.ok());
  EXPECT_EQ(png.width(), 300);
  EXPECT_EQ(png.height(), 200);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 300; ++x) {
      Rgb expected = kPaper;
      if (x >= 10 && x < 30 && y >= 20 && y < 40) expected = kRed;
      if (y >= 50 && y < 71 && x >= 100 && x < 205) expected = x < 135 ? kRed : x < 170 ? kGreen : kBlue;
      ASSERT_EQ(png.at(x, y), expected) << x << ' ' << y;
    }
  }
}

TEST(PngBytes, TextStaysInItsBox) {
  TextRenderer text;
  DisplayList list{200, 200, kPaper, {}};
  list.items.emplace_back(TextItem{"MMMMMMMMMMMM", {}, {50, 100}, 0, 40, 12, 4});
  const auto bytes = png_bytes(list, text);
  ASSERT_TRUE(bytes);
  const test::Png png(*bytes);
  bool ink = false;
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 200; ++x) {
      const bool in = x >= 48 && x < 92 && y >= 86 && y < 106;
      ASSERT_TRUE(in || png.at(x, y) == kPaper) << x << ' ' << y;
      ink = ink || png.at(x, y) != kPaper;
    }
  }
  EXPECT_TRUE(ink);
}

TEST(PngBytes, TurnedTextRunsUpwards) {
  TextRenderer text;
  DisplayList list{100, 100, kPaper, {}};
  list.items.emplace_back(TextItem{"HHHH", {}, {50, 90}, 90, 60, 12, 4});
  const auto bytes = png_bytes(list, text);
  ASSERT_TRUE(bytes);
  const test::Png png(*bytes);
  bool above = false, right = false;
  for (int i = 0; i < 40; ++i) {
    above = above || png.at(44, 50 + i) != kPaper;
    right = right || png.at(57 + i, 84) != kPaper;
  }
  EXPECT_TRUE(above);
  EXPECT_FALSE(right);
}

TEST(PngBytes, RefusesWhatCannotBe) {
  TextRenderer text;
  for (const auto& [width, height] : {std::pair{0, 10}, {10, -1}, {kMaxFigureSide + 1, 10}}) {
    const auto bytes = png_bytes({width, height, kPaper, {}}, text);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, ErrorCode::limit);
    EXPECT_FALSE(bytes.error().found.empty());
  }
}

TEST(PngBytes, ABareMapIsAPaletteOfItsColors) {
  TextRenderer text;
  DisplayList list{40, 30, kPaper, {}};
  list.items.emplace_back(ImageItem{{0, 0, 40, 30}, {2, 1, {pack(kRed), pack(kGreen)}}});
  const std::string bytes = *png_bytes(list, text);
  EXPECT_EQ(test::png_chunk_data(bytes, "PLTE"), std::string("\x03\xb4\x28\xc8\x0a\x14", 6));
  EXPECT_EQ(test::Png(bytes).at(19, 29), kRed);
  EXPECT_EQ(test::Png(bytes).at(20, 0), kGreen);
}

TEST(PngBytes, TransparentPaintsNothingWhereNothingIs) {
  TextRenderer text;
  DisplayList list{100, 60, kPaper, {}};
  list.transparent = true;
  list.items.emplace_back(RectItem{{10, 20, 30, 40}, kRed});
  list.items.emplace_back(TextItem{"Half", {}, {40, 40}, 0, 50, 12, 4});
  const test::Png png(*png_bytes(list, text));
  EXPECT_EQ(png.pixel(5, 5), 0u);
  EXPECT_EQ(png.pixel(15, 25), pack(kRed));
  bool soft = false;
  for (int x = 40; x < 90; ++x) soft = soft || (png.pixel(x, 35) >> 24) % 255 != 0;
  EXPECT_TRUE(soft) << "edges of letters";
}

TEST(ApngBytes, RefusesFramesThatDoNotFit) {
  TextRenderer text;
  std::vector<DisplayList> frames(2, DisplayList{20, 10, kPaper, {}});
  EXPECT_TRUE(apng_bytes(frames, 0.5, text));
  for (const double seconds : {0.0, -1.0, 66.0, std::nan("")})
    EXPECT_EQ(apng_bytes(frames, seconds, text).error().code, ErrorCode::value) << seconds;
  frames[1].transparent = true;
  EXPECT_EQ(apng_bytes(frames, 0.5, text).error().code, ErrorCode::value);
  frames[1] = DisplayList{20, 11, kPaper, {}};
  EXPECT_EQ(apng_bytes(frames, 0.5, text).error().code, ErrorCode::value);
}

TEST(PdfBytes, IsAPageOfTheListsSizeWithoutADate) {
  TextRenderer text;
  DisplayList list{600, 300, kPaper, {}};
  list.dpi = 300;
  const std::string bytes = *pdf_bytes(list, text);
  EXPECT_NE(bytes.find("/MediaBox [ 0 0 144 72 ]"), bytes.npos);
  EXPECT_EQ(bytes.find("Date"), bytes.npos);
  EXPECT_EQ(*pdf_bytes(list, text), bytes);
}

TEST(PdfBytes, RefusesWhatCannotBe) {
  TextRenderer text;
  for (const auto& [width, dpi] : {std::pair{0, 96.0}, {20'000, 96.0}, {100, 0.0}}) {
    DisplayList list{width, 10, kPaper, {}};
    list.dpi = dpi;
    const auto bytes = pdf_bytes(list, text);
    ASSERT_FALSE(bytes) << width;
    EXPECT_EQ(bytes.error().code, ErrorCode::limit);
  }
}

}  // namespace
}  // namespace attn

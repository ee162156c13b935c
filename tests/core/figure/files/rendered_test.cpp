// Figures as other programs show them: rsvg-convert (SVG), poppler (PDF).
#include <cmath>
#include <functional>
#include <numbers>
#include <stdexcept>

#include <gtest/gtest.h>

#include "core/figure/color_scale.hpp"
#include "core/figure/figure_file.hpp"
#include "core/figure/heatmap_pixels.hpp"
#include "core/figure/panels.hpp"
#include "tests/core/figure/maps.hpp"
#include "tests/core/figure/png.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn {
namespace {

using support::bytes_of;

const std::vector<std::string> kTokens{"The", "cat", "注意力", "机制", "<b>", "a&b"};

bool is_installed(const std::string& program) {
  return support::run("/usr/bin/env", {"which", program}).exit_code == 0;
}

struct Size {
  Index rows, columns;
};

// A figure of a map with every kind of cell but masked ones on one side.
DisplayList figure_of(const StageMap& map, TextRenderer& text) {
  const auto rows = test::labels(map.rows, kTokens), columns = test::labels(map.columns, kTokens);
  return *lay_out(test::figure_of(map, rows, columns), text);
}

const ImageItem& map_of(const DisplayList& list) {
  for (const DisplayItem& item : list.items) {
    if (const auto* image = std::get_if<ImageItem>(&item)) return *image;
  }
  throw std::logic_error("a figure without its map");
}

// Which pixels are in or near a text, row by row.
std::vector<bool> text_pixels(const DisplayList& list) {
  constexpr double kNear = 3;
  std::vector<bool> mask(static_cast<std::size_t>(list.width) * static_cast<std::size_t>(list.height));
  for (const DisplayItem& item : list.items) {
    const auto* text = std::get_if<TextItem>(&item);
    if (text == nullptr) continue;
    const double turn = text->angle * std::numbers::pi / 180, c = std::cos(turn), s = std::sin(turn);
    Box around{1e9, 1e9, -1e9, -1e9};
    for (const Point corner : corners(*text)) {
      around = {std::min(around.left, corner.x), std::min(around.top, corner.y),
                std::max(around.right, corner.x), std::max(around.bottom, corner.y)};
    }
    for (double y = std::max(0.0, std::floor(around.top) - kNear);
         y < std::min<double>(list.height, around.bottom + kNear); ++y) {
      for (double x = std::max(0.0, std::floor(around.left) - kNear);
           x < std::min<double>(list.width, around.right + kNear); ++x) {
        const double right = x + 0.5 - text->origin.x, down = y + 0.5 - text->origin.y;
        const double along = right * c - down * s, below = right * s + down * c;
        if (along > -kNear && along < text->width + kNear && below > -text->ascent - kNear &&
            below < text->descent + kNear)
          mask[static_cast<std::size_t>(y * list.width + x)] = true;
      }
    }
  }
  return mask;
}

int distance(Rgb a, Rgb b) {
  return std::max({std::abs(a.r - b.r), std::abs(a.g - b.g), std::abs(a.b - b.b)});
}

// Outside of texts: the share of pixels that differ by more than one of 255.
double share_that_differs(const test::Png& drawn, const test::Png& expected, const DisplayList& list) {
  const std::vector<bool> mask = text_pixels(list);
  int differ = 0, seen = 0;
  for (int y = 0; y < list.height; ++y) {
    for (int x = 0; x < list.width; ++x) {
      if (mask[static_cast<std::size_t>(y * list.width + x)]) continue;
      ++seen;
      if (distance(drawn.at(x, y), expected.at(x, y)) > 1) ++differ;
    }
  }
  return static_cast<double>(differ) / seen;
}

void expect_cells(const test::Png& png, const ImageItem& map) {
  const double width = (map.box.right - map.box.left) / map.image.width;
  const double height = (map.box.bottom - map.box.top) / map.image.height;
  for (int i = 0; i < map.image.height; ++i) {
    for (int j = 0; j < map.image.width; ++j) {
      const auto at = static_cast<std::size_t>(i * map.image.width + j);
      ASSERT_EQ(png.at(static_cast<int>(map.box.left + (j + 0.5) * width),
                       static_cast<int>(map.box.top + (i + 0.5) * height)),
                unpack(map.image.pixels[at]))
          << "cell " << i << ' ' << j;
    }
  }
}

class Rendered : public testing::Test {
 protected:
  std::string file_of(const DisplayList& list, FigureFormat format, const std::string& name) {
    FigureContent content;
    content.frames.push_back(list);
    return folder.write(name, *figure_bytes(content, format, text, 2));
  }

  // A map by shapes and one that is a picture; both with cells of several pixels.
  void expect_like_png(FigureFormat format, double most,
                       const std::function<std::string(const DisplayList&, const std::string&)>& draw) {
    for (const auto& [rows, columns] : {Size{20, 30}, Size{1, 40}, Size{200, 250}}) {
      SCOPED_TRACE(rows);
      const StageMap map = test::make_map(Stage::weights, rows, columns, [](Index i, Index j) {
        return j > i + 40 ? test::Cell{0, CellClass::masked}
                          : test::Cell{static_cast<float>((i * 7 + j * 13) % 17) / 17, CellClass::value};
      });
      const DisplayList list = figure_of(map, text);
      const test::Png png(bytes_of(file_of(list, FigureFormat::png, "figure.png")));
      const test::Png drawn(bytes_of(draw(list, file_of(list, format, "figure"))));
      ASSERT_TRUE(png.ok() && drawn.ok());
      ASSERT_EQ(drawn.width(), list.width);
      ASSERT_EQ(drawn.height(), list.height);
      expect_cells(png, map_of(list));
      expect_cells(drawn, map_of(list));
      EXPECT_LE(share_that_differs(drawn, png, list), most);
      // What differs is seen.
      const test::Png other(
          bytes_of(file_of(DisplayList{list.width, list.height, {}, {}}, FigureFormat::png, "o")));
      EXPECT_GT(share_that_differs(drawn, other, list), 0.5);
    }
  }

  support::TemporaryFolder folder;
  TextRenderer text;
};

TEST_F(Rendered, ABareMapIsThePaletteColorOfEveryCell) {
  const StageMap map = test::causal_map(300, 200);
  const ColorScale scale = color_scale({}, map);
  DisplayList list;
  list.width = 200;
  list.height = 300;
  list.items.emplace_back(ImageItem{{0, 0, 200, 300}, heatmap_pixels(map, scale, Theme::light)});
  for (const FigureFormat format : {FigureFormat::png, FigureFormat::apng}) {
    const test::Png png(bytes_of(file_of(list, format, "bare")));
    ASSERT_TRUE(png.ok());
    for (int i = 0; i < 300; ++i) {
      for (int j = 0; j < 200; ++j) {
        const Rgb expected =
            j > i ? masked_color(Theme::light)
                  : scale.map->colors[palette_index(1 / (1 + static_cast<float>(i - j)), 0, 1)];
        ASSERT_EQ(png.at(j, i), expected) << i << ' ' << j;
      }
    }
  }
}

TEST_F(Rendered, SvgLooksAsThePng) {
  if (!is_installed("rsvg-convert")) GTEST_SKIP() << "rsvg-convert is not installed";
  // The colour bar's 256 steps are no whole pixels, and may begin one later.
  expect_like_png(FigureFormat::svg, 0.01, [&](const DisplayList&, const std::string& file) {
    EXPECT_EQ(support::run("/usr/bin/rsvg-convert", {"-o", file + ".png", file}).exit_code, 0);
    return file + ".png";
  });
}

TEST_F(Rendered, PdfLooksAsThePng) {
  if (!is_installed("pdftoppm")) GTEST_SKIP() << "pdftoppm is not installed";
  // poppler draws images up to a pixel too large, so edges of cells move by one.
  expect_like_png(FigureFormat::pdf, 0.2, [&](const DisplayList& list, const std::string& file) {
    EXPECT_EQ(support::run("/usr/bin/pdftoppm",
                           {"-png", "-singlefile", "-r", std::to_string(std::lround(list.dpi)), file, file})
                  .exit_code,
              0);
    return file + ".png";
  });
}

TEST_F(Rendered, PdfTextIsFound) {
  if (!is_installed("pdftotext")) GTEST_SKIP() << "pdftotext is not installed";
  const StageMap map = test::causal_map(6, 6);
  const std::string file = file_of(figure_of(map, text), FigureFormat::pdf, "figure.pdf");
  const std::string found = support::run("/usr/bin/pdftotext", {file, "-"}).out;
  for (const char* words :
       {"A title", "softmax, causal, temperature 1", "queries", "The", "cat", "注意力", "机制", "<b>", "a&b"})
    EXPECT_NE(found.find(words), found.npos) << words << " in\n" << found;
}

TEST_F(Rendered, PdfHoldsItsFonts) {
  if (!is_installed("pdffonts")) GTEST_SKIP() << "pdffonts is not installed";
  const StageMap map = test::causal_map(6, 6);
  const std::string file = file_of(figure_of(map, text), FigureFormat::pdf, "figure.pdf");
  const auto rows = support::lines(support::run("/usr/bin/pdffonts", {file}).out);
  ASSERT_GT(rows.size(), 3u) << "two lines of a head, and fonts";
  const std::size_t embedded = rows[0].find("emb");
  for (std::size_t i = 2; i < rows.size(); ++i) EXPECT_EQ(rows[i].substr(embedded, 3), "yes") << rows[i];
}

}  // namespace
}  // namespace attn

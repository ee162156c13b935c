#include "core/figure/files/svg_writer.hpp"

#include <gtest/gtest.h>

#include "core/figure/files/cairo_backend.hpp"

namespace attn {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(SvgBytes, SaysWhatTheListSays) {
  DisplayList list;
  list.width = 300;
  list.height = 150;
  list.dpi = 300;
  list.background = rgb(0xfefefe);
  list.title = "a < b & \"c\"";
  list.items.emplace_back(RectItem{{10, 20.5, 30.125, 40}, rgb(0x102030)});
  list.items.emplace_back(LineItem{{1, 2}, {-0.0001, 4}, 0.5, rgb(0x405060)});
  TextItem text;
  text.text = "<注意\n&\uFFFF>";
  text.style.weight = 600;
  text.style.tabular = true;
  text.origin = {5, 6};
  text.angle = 45;
  list.items.emplace_back(text);
  const std::string svg = *svg_bytes(list, 1, "{\"a\": \"<\"}");
  for (const char* part : {
           R"(width="1in" height="0.5in" viewBox="0 0 300 150")",
           "<title>a &lt; b &amp; &quot;c&quot;</title>",
           "<metadata id=\"attnscope\">{&quot;a&quot;: &quot;&lt;&quot;}</metadata>",
           R"(<rect width="300" height="150" fill="#fefefe"/>)",
           R"(<rect x="10" y="20.5" width="20.125" height="19.5" fill="#102030"/>)",
           R"(<line x1="1" y1="2" x2="0" y2="4" stroke="#405060" stroke-width="0.5"/>)",
           R"(<text x="5" y="6" font-family="Inter, Noto Sans, DejaVu Sans, sans-serif" font-size="14")",
           R"x( font-weight="600" style="font-variant-numeric:tabular-nums" transform="rotate(-45 5 6)")x",
           ">&lt;注意\\n&amp;\uFFFD&gt;</text>",
       })
    EXPECT_EQ(count(svg, part), 1u) << part << " in\n" << svg;
  list.transparent = true;
  list.title.clear();
  const std::string bare = *svg_bytes(list);
  EXPECT_EQ(count(bare, "#fefefe") + count(bare, "<title>") + count(bare, "<metadata"), 0u);
}

TEST(SvgBytes, SmallMapsAreShapesAndLargeOnesPictures) {
  const auto image_of = [](int side) {
    PixelImage image{side, side, {}};
    for (int i = 0; i < side * side; ++i) image.pixels.push_back(pack(rgb(i % 2 == 0 ? 0xff0000 : 0x0000ff)));
    return image;
  };
  DisplayList list;
  list.width = list.height = 400;
  list.items.emplace_back(ImageItem{{0, 0, 400, 400}, image_of(4)});
  const std::string small = *svg_bytes(list);
  EXPECT_EQ(count(small, "<path"), 2u) << "one of each colour";
  EXPECT_EQ(count(small, "z"), 16u + count("crispEdges", "z")) << "one shape a run";
  EXPECT_EQ(count(small, "<image"), 0u);
  list.items.front() = ImageItem{{0, 0, 400, 400}, image_of(200)};
  const std::string large = *svg_bytes(list);
  EXPECT_EQ(count(large, "<path"), 0u);
  EXPECT_EQ(count(large, "<image"), 1u);
}

TEST(SvgBytes, HasNoCharactersThatXmlHasNot) {
  DisplayList list;
  list.width = list.height = 10;
  list.title = "a\uFFFEb";
  const std::string svg = *svg_bytes(list, 1, "{\"a\": \"x\uFFFEy\uFFFFz\"}");
  EXPECT_EQ(count(svg, "\uFFFE") + count(svg, "\uFFFF"), 0u);
  EXPECT_EQ(count(svg, "x\\ufffey\\uffffz"), 1u) << svg;
}

TEST(SvgBytes, RefusesWhatCannotBe) {
  for (const auto& [width, height] : {std::pair{0, 10}, {10, -1}, {kMaxFigureSide + 1, 10}}) {
    DisplayList list;
    list.width = width;
    list.height = height;
    const auto bytes = svg_bytes(list);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, ErrorCode::limit);
  }
}

}  // namespace
}  // namespace attn

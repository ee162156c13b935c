// Every option of the table changes the figure.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/figure/colormap.hpp"
#include "core/figure/figure_kinds.hpp"
#include "tests/core/figure/jobs.hpp"

namespace attn::test {
namespace {

// Each option changes the figure, or it is ignored.
TEST(FigureOptions, EachIsSeenInTheFigure) {
  struct Case {
    Json options;
    bool (*seen)(const DisplayList& list);
  };
  const std::vector<std::pair<std::string, Case>> cases{
      {"kind", {{{"kind", "heads"}}, [](const DisplayList& l) { return shows(l, "head 1"); }}},
      {"preset", {{{"preset", "square"}}, [](const DisplayList& l) { return l.width == 1200; }}},
      {"theme", {{{"theme", "dark"}}, [](const DisplayList& l) { return l.background.r < 40; }}},
      {"transparent", {{{"transparent", true}}, [](const DisplayList& l) { return l.transparent; }}},
      {"bare", {{{"bare", true}}, [](const DisplayList& l) { return l.items.size() == 1 && l.width == 5; }}},
      {"cell", {{{"bare", true}, {"cell", 3}}, [](const DisplayList& l) { return l.width == 15; }}},
      {"stages",
       {{{"kind", "stages"}, {"stages", {"context"}}},
        [](const DisplayList& l) { return shows(l, "context"); }}},
      {"other",
       {with_kind("compare", {}), [](const DisplayList& l) { return shows(l, "B: temperature=2"); }}},
      {"ranges",
       {{{"kind", "heads"}, {"ranges", "own"}},
        [](const DisplayList& l) { return images_of(l).size() == 4; }}},
      {"columns",
       {{{"kind", "heads"}, {"columns", 1}},
        [](const DisplayList& l) { return images_of(l)[0].box.left == images_of(l)[1].box.left; }}},
      {"profiles",
       {{{"profiles", true}}, [](const DisplayList& l) { return count_of<RectItem>(l) == 6 + 5; }}},
      {"title", {{{"title", "Mine"}}, [](const DisplayList& l) { return shows(l, "Mine"); }}},
      {"caption", {{{"caption", "Below"}}, [](const DisplayList& l) { return shows(l, "Below"); }}},
      {"row_axis", {{{"row_axis", "out"}}, [](const DisplayList& l) { return shows(l, "out"); }}},
      {"column_axis", {{{"column_axis", "in"}}, [](const DisplayList& l) { return shows(l, "in"); }}},
      {"value_name", {{{"value_name", "α"}}, [](const DisplayList& l) { return shows(l, "α"); }}},
      {"row_labels",
       {{{"row_labels", {3}}, {"column_labels", "none"}},
        [](const DisplayList& l) { return shows(l, "fox") && !shows(l, "quick"); }}},
      {"column_labels",
       {{{"row_labels", "none"}, {"column_labels", {1}}},
        [](const DisplayList& l) { return shows(l, "quick") && !shows(l, "the"); }}},
      {"label_size",
       {{{"label_size", 15}},
        [](const DisplayList& l) { return text_named(l, "quick").style.size_px == 20; }}},
      {"label_angle",
       {{{"label_angle", 90}, {"row_labels", "none"}},
        [](const DisplayList& l) { return text_named(l, "quick").angle == 90; }}},
      {"highlight_rows",
       {{{"highlight_rows", {2}}, {"column_labels", "none"}},
        [](const DisplayList& l) { return text_named(l, "brown").style.weight == 700; }}},
      {"highlight_columns",
       {{{"highlight_columns", {2}}, {"row_labels", "none"}},
        [](const DisplayList& l) { return text_named(l, "brown").style.weight == 700; }}},
      {"color_bar", {{{"color_bar", "none"}}, [](const DisplayList& l) { return images_of(l).size() == 1; }}},
      {"ticks",
       {{{"ticks", 1}}, [](const DisplayList& l) { return texts_of(l).size() <= 6u + 5u + 4u + 2u; }}},
      {"width", {{{"width", "10cm"}, {"dpi", 254}}, [](const DisplayList& l) { return l.width == 1000; }}},
      {"height", {{{"height", 777}}, [](const DisplayList& l) { return l.height == 777; }}},
      {"margin",
       {{{"margin", 0}},
        [](const DisplayList& l) {
          return std::ranges::any_of(texts_of(l), [](const TextItem& t) { return corners(t)[0].x < 2; });
        }}},
      {"dpi", {{{"dpi", 192}}, [](const DisplayList& l) { return l.dpi == 192 && l.width > 600; }}},
  };
  const DisplayList plain = list_of(Json::object());
  for (const FigureOption& option : figure_options()) {
    const std::string name(option.parameter.name);
    if (name == "metadata" || name == "sweep") continue;  // their own tests
    const auto found = std::ranges::find(cases, name, [](const auto& one) { return one.first; });
    ASSERT_NE(found, cases.end()) << name;
    EXPECT_TRUE(found->second.seen(list_of(found->second.options))) << name;
    if (name == "other" || name == "stages") continue;  // they need a kind that the plain figure is not
    EXPECT_FALSE(name != "ticks" && found->second.seen(plain)) << name << " is seen without it";
  }
}

TEST(FigureOptions, BarsStandWhereTheyAreAsked) {
  const auto bar = [](const char* place) {
    const auto images = images_of(list_of({{"color_bar", place}}));
    return std::pair{images[0].box, images[1].box};
  };
  const auto [map, right] = bar("right");
  EXPECT_GT(right.left, map.right);
  const auto [above, below] = bar("below");
  EXPECT_GT(below.top, above.bottom);
}

TEST(FigureOptions, MetadataIsCarriedOrLeftOut) {
  FigureJob job = job_of(document(6, 5), {});
  job.metadata = "{}";
  EXPECT_EQ(compose(job).metadata, "{}");
  job.options.metadata = false;
  EXPECT_EQ(compose(job).metadata, "");
}

TEST(FigureOptions, ASweepHasAFrameForEachValueOnOneRangeAndSize) {
  const FigureJob job = job_of(document(6, 5), {{"sweep", {{"values", {0.1, 1, 10}}}}});
  const auto frames = compose(job).frames;
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_TRUE(shows(frames[0], "A document · layer 0 · head 0 · temperature 0.1"));
  for (const DisplayList& frame : frames) {
    EXPECT_EQ(frame.width, frames[0].width);
    EXPECT_EQ(frame.height, frames[0].height);
    test::expect_sound(frame, "a frame");
  }
  const auto brightest = [](const DisplayList& frame) {
    return std::ranges::count(images_of(frame)[0].image.pixels, pack(colormaps()[0].colors[255]));
  };
  EXPECT_GT(brightest(frames[0]), 0);
  EXPECT_EQ(brightest(frames[2]), 0) << "even weights are not as bright as certain ones";
  for (const char* over : {"layer", "head"}) {
    const auto both =
        compose(job_of(document(6, 5), {{"sweep", {{"over", over}, {"from", 0}, {"to", 1}}}})).frames;
    ASSERT_EQ(both.size(), 2u);
    EXPECT_NE(images_of(both[0])[0].image.pixels, images_of(both[1])[0].image.pixels);
  }
}

// What is written at the colour bars tells the ranges.
TEST(FigureOptions, FramesOfEveryKindHaveTheSameRangesUnlessEachHasItsOwn) {
  const auto words = [](const DisplayList& frame) {
    std::vector<std::string> all;
    for (const TextItem& item : texts_of(frame)) all.push_back(item.text);
    std::ranges::sort(all);
    return all;
  };
  for (const FigureKindInfo& kind : kFigureKinds) {
    for (const char* ranges : {"auto", "shared", "own"}) {
      const Json options{{"sweep", {{"values", {0.1, 10}}}}, {"title", ""}, {"ranges", ranges}};
      const auto frames = compose(job_of(document(6, 5), with_kind(kind.name, options))).frames;
      ASSERT_EQ(frames.size(), 2u);
      EXPECT_EQ(words(frames[0]) == words(frames[1]), std::string_view(ranges) != "own")
          << kind.name << ' ' << ranges;
    }
  }
}

TEST(FigureOptions, ADifferenceIsSymmetricInAllFrames) {
  FigureJob job = job_of(document(6, 5), with_kind("compare", {{"sweep", {{"values", {0.1, 10}}}}}));
  job.view.range = {0, 1};
  const auto extreme = [](const DisplayList& frame) {
    const auto& colors = diverging_colormap().colors;
    const PixelImage image = images_of(frame)[2].image;
    return std::ranges::any_of(image.pixels, [&](std::uint32_t pixel) {
      return pixel == pack(colors.front()) || pixel == pack(colors.back());
    });
  };
  const auto frames = compose(job).frames;
  EXPECT_TRUE(extreme(frames[0]));
  EXPECT_FALSE(extreme(frames[1])) << "temperatures 10 and 2 differ less than 0.1 and 2";
}

TEST(View, TheRegionIsWhatIsShown) {
  FigureJob job = job_of(document(6, 5), {});
  job.view.range = {0, 1};
  const PixelImage whole = images_of(list_of(job))[0].image;
  job.view.region = Region{2, 5, 1, 3};
  const DisplayList list = list_of(job);
  const PixelImage part = images_of(list)[0].image;
  ASSERT_EQ(part.width, 2);
  ASSERT_EQ(part.height, 3);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 2; ++j) {
      EXPECT_EQ(part.pixels[static_cast<std::size_t>(i * 2 + j)],
                whole.pixels[static_cast<std::size_t>((i + 2) * 5 + j + 1)]);
    }
  }
  EXPECT_TRUE(shows(list, "fox"));
  EXPECT_FALSE(shows(list, "the"));
}

}  // namespace
}  // namespace attn::test

// Every kind of figure, in every preset.
#include "core/figure/figure_kinds.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/figure/colormap.hpp"
#include "tests/core/figure/jobs.hpp"

namespace attn::test {
namespace {

TEST(FigureKinds, AreSoundInEveryPresetAndShape) {
  struct Shape {
    std::size_t queries, keys;
  };
  for (const auto& [queries, keys] :
       {Shape{1, 1}, Shape{1, 500}, Shape{500, 1}, Shape{24, 30}, Shape{300, 300}}) {
    for (const auto& words : {kWords, kMixed}) {
      const auto made = document(queries, keys, words);
      for (const FigureKindInfo& kind : kFigureKinds) {
        for (const FigurePreset& preset : figure_presets()) {
          // Long tokens meet the narrowest size and none; the others are wider.
          const bool narrow = preset.name == "none" || preset.name == "paper-1col";
          if (words == kMixed && !narrow) continue;
          const std::string what = std::string(kind.name) + " " + std::string(preset.name) + " " +
                                   std::to_string(queries) + " × " + std::to_string(keys);
          const DisplayList list = list_of(
              job_of(made, with_kind(kind.name, {{"preset", preset.name}, {"profiles", queries == 24}})));
          test::expect_sound(list, what);
          const FigureOptions options = options_of({{"preset", preset.name}});
          if (options.width) {
            EXPECT_EQ(list.width, std::lround(pixels(*options.width, options.dpi))) << what;
          }
          if (options.height) {
            EXPECT_EQ(list.height, std::lround(pixels(*options.height, options.dpi))) << what;
          }
        }
      }
    }
  }
}

TEST(FigureKinds, AMapFillsTheWidthThatIsAskedFor) {
  for (const std::size_t tokens : {6u, 24u, 100u, 300u}) {
    const DisplayList list = list_of(job_of(document(tokens, tokens), {{"preset", "paper-1col"}}));
    const Box map = images_of(list).front().box;
    const double words = 0.55 * list.width;  // labels of 8 points and the bar take their part of 8.5 cm
    EXPECT_GT(map.right - map.left, list.width - words) << tokens;
  }
}

TEST(FigureKinds, LabelsHaveTheSizeInPoints) {
  for (const double dpi : {96.0, 300.0}) {
    const DisplayList list = list_of({{"label_size", 8}, {"dpi", dpi}});
    EXPECT_DOUBLE_EQ(text_named(list, "quick").style.size_px, 8 * dpi / 72);
    EXPECT_EQ(list.dpi, dpi);
  }
}

TEST(FigureKinds, HeadsAndLayersShowEveryHeadOfTheirs) {
  const auto made = document(6, 5, kWords, 3);
  const DisplayList heads = list_of(job_of(made, {{"kind", "heads"}}));
  EXPECT_EQ(images_of(heads).size(), 3u + 1u) << "three maps and a bar";
  const DisplayList layers = list_of(job_of(made, {{"kind", "layers"}}));
  EXPECT_EQ(images_of(layers).size(), 6u + 1u);
  for (const char* words : {"head 0", "head 2", "layer 1", "queries", "keys"})
    EXPECT_TRUE(shows(layers, words)) << words;
  // Each panel is the map that it names.
  for (std::size_t layer = 0; layer < 2; ++layer) {
    for (std::size_t head = 0; head < 3; ++head) {
      FigureJob one = job_of(made, {});
      one.layer = layer;
      one.head.head = static_cast<Index>(head);
      one.view.range = {0, 1};
      FigureJob all = job_of(made, {{"kind", "layers"}});
      all.view.range = {0, 1};
      EXPECT_EQ(images_of(list_of(all))[3 * layer + head].image.pixels,
                images_of(list_of(one)).front().image.pixels);
    }
  }
}

TEST(FigureKinds, HeadsOfSmallPanelsAreNumbers) {
  const DisplayList list =
      list_of(job_of(document(6, 5, kWords, 24), {{"kind", "heads"}, {"columns", 24}, {"width", "24cm"}}));
  for (const char* words : {"0", "17", "23"}) EXPECT_TRUE(shows(list, words)) << words;
  EXPECT_FALSE(shows(list, "head 17"));
  expect_sound(list, "24 heads in a row");
}

TEST(FigureKinds, SharedRangesMeanOneColorForOneValue) {
  const auto made = document(6, 5);
  const auto bars = [&](const char* ranges) {
    return images_of(list_of(job_of(made, {{"kind", "heads"}, {"ranges", ranges}}))).size() - 2;
  };
  EXPECT_EQ(bars("shared"), 1u);
  EXPECT_EQ(bars("auto"), 1u);
  EXPECT_EQ(bars("own"), 2u);
  const auto brightest = [&](const char* ranges) {
    int count = 0;
    const auto images = images_of(list_of(job_of(made, {{"kind", "heads"}, {"ranges", ranges}})));
    for (std::size_t i = 0; i < 2; ++i)
      count += std::ranges::count(images[i].image.pixels, pack(colormaps()[0].colors[255])) > 0 ? 1 : 0;
    return count;
  };
  EXPECT_EQ(brightest("shared"), 1);
  EXPECT_EQ(brightest("own"), 2);
}

TEST(FigureKinds, AMutedHeadIsDimmedAndSaysSo) {
  FigureJob job = job_of(document(6, 5), {{"kind", "heads"}});
  const auto before = images_of(list_of(job));
  job.settings.sets.push_back({"head_gates", {{"mute", {1}}}});
  const DisplayList list = list_of(job);
  EXPECT_TRUE(shows(list, "head 1 (muted)"));
  EXPECT_EQ(images_of(list)[0].image.pixels, before[0].image.pixels);
  EXPECT_NE(images_of(list)[1].image.pixels, before[1].image.pixels);
}

TEST(FigureKinds, StagesStandSideBySide) {
  const DisplayList list = list_of({{"kind", "stages"}, {"stages", {"q", "logits", "weights"}}});
  for (const char* words : {"q", "logits", "weights", "dimension"}) EXPECT_TRUE(shows(list, words)) << words;
  const auto images = images_of(list);
  EXPECT_LT(images[0].box.right, images[1].box.left);
  EXPECT_EQ(images[0].box.top, images[2].box.top);
  EXPECT_EQ(images[0].image.width, 4);
}

TEST(FigureKinds, ADifferenceIsSymmetricAndIsTheDifference) {
  FigureJob job = job_of(document(6, 5), with_kind("compare", {}));
  const DisplayList list = list_of(job);
  EXPECT_TRUE(shows(list, "B: temperature=2"));
  const auto images = images_of(list);
  // Against itself: no difference, the neutral colour everywhere.
  job.options = options_of({{"kind", "compare"}, {"other", Json::object()}});
  const auto same = images_of(list_of(job));
  for (const std::uint32_t pixel : same[2].image.pixels)
    ASSERT_EQ(pixel, pack(diverging_colormap().colors[128]));
  // The other way round: each end of the map becomes the other.
  const auto entry = [](std::uint32_t pixel) {
    const auto& colors = diverging_colormap().colors;
    return std::ranges::find(colors, unpack(pixel)) - colors.begin();
  };
  job.settings.sets.push_back({"temperature", 2});
  job.options.other->sets = {"temperature=1"};
  const auto turned = images_of(list_of(job));
  bool differs = false;
  for (std::size_t i = 0; i < images[2].image.pixels.size(); ++i) {
    const auto a = entry(images[2].image.pixels[i]), b = entry(turned[2].image.pixels[i]);
    ASSERT_NEAR(static_cast<double>(a + b), 255, 1);
    differs = differs || a != 128;
  }
  EXPECT_TRUE(differs);
  job.options.other = Comparison{1, HeadChoice{HeadChoice::Join::mean, 0}, {}};
  EXPECT_TRUE(shows(list_of(job), "B: layer 1, mean over heads"));
  // The window's knobs do not hide what is compared.
  job.settings.window["temperature"] = 1;
  job.options.other = Comparison{{}, {}, {"temperature=2"}};
  EXPECT_EQ(images_of(list_of(job))[2].image.pixels, images[2].image.pixels);
}

TEST(FigureKinds, WhatCannotBeIsRefused) {
  auto made = std::make_shared<Document>(*document(6, 5));
  made->layers[1].query = 1;
  made->layers[1].origin = GivenQkv{random_tensor({2, 5, 4}, 1), random_tensor({2, 5, 4}, 2), {}, {}, {}};
  FigureJob job = job_of(made, {{"kind", "compare"}, {"other", {{"layer", 1}}}});
  EXPECT_NE(refusal(job).find("a map of 6 × 5 cells"), std::string::npos) << refusal(job);
  job.options.other->layer = 7;
  EXPECT_NE(refusal(job).find("a layer below 2"), std::string::npos);
  job.options = {};
  job.head.head = 9;
  EXPECT_NE(refusal(job).find("a head below 2"), std::string::npos);
  job.head.head = 0;
  job.view.region = Region{0, 7, 0, 2};
  EXPECT_NE(refusal(job).find("a region within 6 × 5 cells"), std::string::npos);
  job.view.region.reset();
  job.view.colormap = "rainbow";
  EXPECT_NE(refusal(job).find("colormap"), std::string::npos);
  job.view.colormap = "auto";
  job.options = options_of({{"width", 30}});
  EXPECT_NE(refusal(job).find("a figure of at least"), std::string::npos);
  Progress progress;
  progress.cancelled = true;
  TextRenderer text;
  const auto cancelled = compose_figure(job_of(document(6, 5), {{"kind", "layers"}}), text, 1, &progress);
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, ErrorCode::cancelled);
}

// With columns to choose, as many as leave maps a readable size; where none do, those that make them largest.
TEST(FigureKinds, ColumnsFitTheSizeThatIsAskedFor) {
  const auto columns_in = [](const Json& size) {
    Json options = size;
    options["kind"] = "heads";
    const auto images = images_of(list_of(job_of(document(6, 6, kWords, 48), options)));
    return std::ranges::count_if(images, [&](const ImageItem& image) {
      return image.box.top == images.front().box.top && image.box.bottom == images.front().box.bottom;
    });
  };
  EXPECT_EQ(columns_in({{"width", 4000}}), 8);
  const auto narrow = columns_in({{"width", 700}});
  EXPECT_GE(narrow, 3);
  EXPECT_LE(narrow, 5);
  EXPECT_GT(columns_in({{"width", 700}, {"height", 700}}), narrow) << "no room for so many rows";
}

TEST(FigureKinds, WhatNoPictureHoldsIsRefusedBeforeItIsFitted) {
  FigureJob job = job_of(document(2, 2, kWords, 1200), {{"kind", "heads"}, {"columns", 1}, {"width", 300}});
  EXPECT_NE(refusal(job).find("at most 32,767 pixels a side"), std::string::npos) << refusal(job);
}

TEST(FigureKinds, AnImmenseSizeIsNoSmallOne) {
  for (const char* side : {"width", "height", "margin"}) {
    FigureJob job = job_of(document(6, 5), {{side, "1000000in"}, {"dpi", 2400}});
    const auto bytes = figure_file(job, FigureFormat::png, 1);
    ASSERT_FALSE(bytes) << side;
    EXPECT_EQ(bytes.error().code, ErrorCode::limit) << describe(bytes.error());
  }
}

TEST(FigureKinds, FittingCanBeCancelled) {
  TextRenderer text;
  Progress progress;
  // Once the maps are there.
  progress.outdated = [&] { return progress.done == 2; };
  const auto content =
      compose_figure(job_of(document(6, 5), {{"kind", "heads"}, {"width", 900}}), text, 1, &progress);
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, ErrorCode::cancelled);
}

TEST(FigureKinds, ASweepIntoAPictureIsRefusedBeforeItIsComputed) {
  Progress progress;
  const FigureJob job = job_of(document(6, 5), {{"sweep", {{"values", {1, 2}}}}});
  const auto bytes = figure_file(job, FigureFormat::png, 1, &progress);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, ErrorCode::value);
  EXPECT_EQ(bytes.error().hint, "Name it .apng, or leave sweep out.");
  EXPECT_EQ(progress.done, 0u);
  EXPECT_TRUE(figure_file(job, FigureFormat::apng, 1));
}

TEST(FigureKinds, ProgressCountsTheMaps) {
  TextRenderer text;
  Progress progress;
  ASSERT_TRUE(compose_figure(job_of(document(6, 5), {{"kind", "layers"}}), text, 1, &progress));
  EXPECT_EQ(progress.total, 4u);
  EXPECT_EQ(progress.done, 4u);
}

}  // namespace
}  // namespace attn::test

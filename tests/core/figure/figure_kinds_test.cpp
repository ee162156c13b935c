// Figures as people ask for them: every kind, every preset, every option.
#include "core/figure/figure_kinds.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/figure/colormap.hpp"
#include "core/figure/figure_job.hpp"
#include "core/figure/panels.hpp"
#include "tests/core/figure/boxes.hpp"
#include "tests/core/figure/maps.hpp"

namespace attn {
namespace {

using Json = nlohmann::json;
using test::shows;
using test::texts_of;

const std::vector<std::string> kWords{"the", "quick", "brown", "fox", "a", "I"};
const std::vector<std::string> kMixed{"注意力",  "مرحبا", "🎉", "שלום",
                                      "e\u0301", "",      " ", std::string(80, 'w')};

Tensor random_tensor(std::vector<std::size_t> shape, std::uint64_t seed) {
  std::size_t count = 1;
  for (const std::size_t length : shape) count *= length;
  std::vector<float> data(count);
  for (std::size_t i = 0; i < count; ++i)
    data[i] = static_cast<float>(mix(seed * 1'000'003 + i) % 1000) / 500 - 1;
  return Tensor{std::move(shape), std::move(data)};
}

// Two layers of q, k and v, the same everywhere.
std::shared_ptr<const Document> document(std::size_t queries, std::size_t keys,
                                         const std::vector<std::string>& words = kWords,
                                         std::size_t heads = 2) {
  auto made = std::make_shared<Document>();
  made->title = "A document";
  for (const std::size_t count : {queries, keys}) {
    Sequence& sequence = made->sequences.emplace_back();
    sequence.tokens = test::labels(static_cast<Index>(count), words);
  }
  for (std::size_t l = 0; l < 2; ++l) {
    Layer& layer = made->layers.emplace_back();
    layer.key = layer.value = 1;
    layer.heads = layer.kv_heads = heads;
    layer.origin = GivenQkv{random_tensor({heads, queries, 4}, 7 * l + 1),
                            random_tensor({heads, keys, 4}, 7 * l + 2),
                            random_tensor({heads, keys, 4}, 7 * l + 3),
                            {},
                            {}};
  }
  return made;
}

FigureOptions options_of(const Json& json) {
  const auto options = figure_options_from_json(json.is_null() ? Json::object() : json);
  if (!options) ADD_FAILURE() << describe(options.error());
  return options.value_or(FigureOptions{});
}

FigureJob job_of(std::shared_ptr<const Document> document, const Json& options) {
  FigureJob job;
  job.document = std::move(document);
  job.options = options_of(options);
  return job;
}

FigureContent compose(const FigureJob& job) {
  TextRenderer text;
  auto content = compose_figure(job, text, 2);
  if (!content) ADD_FAILURE() << describe(content.error());
  return content ? std::move(*content) : FigureContent{{DisplayList{}}, 0.5, {}};
}

DisplayList list_of(const FigureJob& job) {
  return compose(job).frames.front();
}
DisplayList list_of(const Json& options) {
  return list_of(job_of(document(6, 5), options));
}

std::string refusal(const FigureJob& job) {
  TextRenderer text;
  const auto content = compose_figure(job, text, 2);
  return content ? "" : describe(content.error());
}

std::vector<ImageItem> images_of(const DisplayList& list) {
  std::vector<ImageItem> images;
  for (const DisplayItem& item : list.items)
    if (const auto* image = std::get_if<ImageItem>(&item)) images.push_back(*image);
  return images;
}

template <class Item>
std::ptrdiff_t count_of(const DisplayList& list) {
  return std::ranges::count_if(list.items,
                               [](const DisplayItem& item) { return std::holds_alternative<Item>(item); });
}

const TextItem& text_named(const DisplayList& list, std::string_view words) {
  for (const DisplayItem& item : list.items) {
    const auto* text = std::get_if<TextItem>(&item);
    if (text != nullptr && text->text == words) return *text;
  }
  throw std::runtime_error("no text " + std::string(words));
}

Json with_kind(std::string_view kind, Json options) {
  options["kind"] = kind;
  if (kind == "compare") options["other"] = {{"set", {"temperature=2"}}};
  return options;
}

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

TEST(FigureKinds, ProgressCountsTheMaps) {
  TextRenderer text;
  Progress progress;
  ASSERT_TRUE(compose_figure(job_of(document(6, 5), {{"kind", "layers"}}), text, 1, &progress));
  EXPECT_EQ(progress.total, 4u);
  EXPECT_EQ(progress.done, 4u);
}

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
}  // namespace attn

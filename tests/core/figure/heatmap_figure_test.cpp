#include "core/figure/heatmap_figure.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "core/figure/files/cairo_backend.hpp"
#include "core/figure/color_scale.hpp"
#include "tests/core/figure/boxes.hpp"
#include "tests/core/figure/maps.hpp"
#include "tests/core/figure/png.hpp"

namespace attn {
namespace {

using test::Corners;

const std::vector<std::string> kWords{"the", "quick", "brown", "fox", "a", "I"};
const std::vector<std::string> kMixed{"注意力", "مرحبا", "🎉", "👩🏽‍🚀 x", "שלום", "हिन्दी", "e\u0301",
                                      "\n",     "",      " "};

Corners box_of(const RectItem& item) {
  return test::corners_of(item.box);
}
Corners box_of(const ImageItem& item) {
  return test::corners_of(item.box);
}
Corners box_of(const LineItem& item) {
  return test::corners_of({item.from.x, item.from.y, item.to.x, item.to.y});
}
Corners box_of(const TextItem& item) {
  return corners(item);
}

HeatmapFigure figure_of(const StageMap& map, const std::vector<std::string>& rows,
                        const std::vector<std::string>& columns) {
  HeatmapFigure input{map, rows, columns, "A title", "", "", "", "softmax, causal, temperature 1", {}, {}};
  return input;
}

std::vector<TextItem> texts_of(const DisplayList& list) {
  std::vector<TextItem> texts;
  for (const DisplayItem& item : list.items) {
    if (const auto* text = std::get_if<TextItem>(&item)) texts.push_back(*text);
  }
  return texts;
}

bool shows(const DisplayList& list, std::string_view words) {
  const auto texts = texts_of(list);
  return std::any_of(texts.begin(), texts.end(), [&](const TextItem& text) { return text.text == words; });
}

// What is wrong with a figure: two texts that overlap, a text on an image or a rectangle, anything off the
// canvas.
std::vector<std::string> faults(const DisplayList& list) {
  std::vector<std::string> found;
  const auto texts = texts_of(list);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = i + 1; j < texts.size(); ++j) {
      if (test::overlap(corners(texts[i]), corners(texts[j])))
        found.push_back(texts[i].text + " on " + texts[j].text);
    }
  }
  for (const DisplayItem& item : list.items) {
    const Corners box = std::visit([](const auto& one) { return box_of(one); }, item);
    if (!test::inside(box, list.width, list.height)) found.push_back("item off the canvas");
    if (std::holds_alternative<TextItem>(item) || std::holds_alternative<LineItem>(item)) continue;
    for (const TextItem& text : texts) {
      if (test::overlap(box, corners(text))) found.push_back(text.text + " is covered");
    }
  }
  return found;
}

void expect_sound(const DisplayList& list, const std::string& what) {
  for (const std::string& fault : faults(list)) ADD_FAILURE() << what << ": " << fault.substr(0, 200);
}

struct Shape {
  Index rows, columns;
};
const Shape kShapes[] = {{1, 1}, {1, 40},  {1, 500},   {500, 1},  {2, 3},
                         {6, 9}, {24, 24}, {300, 300}, {64, 1200}};

TEST(HeatmapFigure, NothingOverlapsAndNothingIsCut) {
  TextRenderer text;
  const std::vector<std::vector<std::string>> vocabularies{
      kWords, {std::string(80, 'w')}, {"x"}, kMixed, {std::string(3000, 'i'), "的"}};
  for (const Shape& shape : kShapes) {
    StageMap map = test::causal_map(shape.rows, shape.columns);
    for (std::size_t v = 0; v < vocabularies.size(); ++v) {
      const auto rows = test::labels(shape.rows, vocabularies[v]);
      const auto columns = test::labels(shape.columns, vocabularies[v]);
      const auto list = heatmap_figure(figure_of(map, rows, columns), text);
      ASSERT_TRUE(list);
      expect_sound(*list, std::to_string(shape.rows) + "x" + std::to_string(shape.columns) + " words " +
                              std::to_string(v));
    }
  }
}

TEST(HeatmapFigure, SoundWithFlagsIndicesLongNamesAndWithoutLabels) {
  TextRenderer text;
  for (const Shape& shape : kShapes) {
    StageMap map = test::make_map(Stage::context, shape.rows, shape.columns, [](Index i, Index j) {
      return (i + j) % 7 == 3 ? test::Cell{NAN, CellClass::not_a_number}
                              : test::Cell{1e-6f * std::sin(static_cast<float>(3 * i + j))};
    });
    constexpr RowFlag kFlags[] = {RowFlag::empty, RowFlag::not_a_number, RowFlag::infinite, RowFlag::normal};
    for (Index i = 0; i < shape.rows; ++i) map.row_flags.push_back(kFlags[i % 4]);
    for (const bool labels : {true, false}) {
      HeatmapFigure input = figure_of(map, {}, {});
      input.view.labels = labels;
      for (std::string* name : {&input.title, &input.row_axis, &input.column_axis, &input.value_name}) {
        *name = std::string(400, 'n');
      }
      input.caption = std::string(500, 'c') + " and " + std::string(200, 'c');
      const auto list = heatmap_figure(input, text);
      ASSERT_TRUE(list);
      expect_sound(*list, std::to_string(shape.rows) + "x" + std::to_string(shape.columns));
    }
  }
}

TEST(HeatmapFigure, TheSoundnessCheckCanFail) {
  TextRenderer text;
  const StageMap map = test::causal_map(4, 4);
  auto list = heatmap_figure(figure_of(map, {}, {}), text);
  ASSERT_TRUE(list);
  ASSERT_TRUE(faults(*list).empty());
  TextItem moved = texts_of(*list).front();
  moved.origin.x += 3;
  list->items.emplace_back(moved);
  EXPECT_EQ(faults(*list).size(), 1u);
  list->items.back() = RectItem{{-1, 0, 2, 2}, {}};
  EXPECT_EQ(faults(*list).size(), 1u);
}

TEST(HeatmapFigure, EveryCellHasItsColorAtItsCentre) {
  TextRenderer text;
  for (const Theme theme : {Theme::light, Theme::dark}) {
    for (const Shape& shape : {Shape{1, 1}, Shape{24, 24}, Shape{300, 300}, Shape{500, 1}, Shape{5, 700}}) {
      const StageMap map = test::make_map(Stage::logits, shape.rows, shape.columns, [](Index i, Index j) {
        if (j > i + 3) return test::Cell{-INFINITY, CellClass::masked};
        if (i == 2) return test::Cell{NAN, CellClass::not_a_number};
        return test::Cell{std::sin(static_cast<float>(i * 31 + j))};
      });
      HeatmapFigure input = figure_of(map, {}, {});
      input.options.theme = theme;
      const auto list = heatmap_figure(input, text);
      ASSERT_TRUE(list);
      const test::Png png(*png_bytes(*list, text));
      ASSERT_TRUE(png.ok());
      const Box box = std::get<ImageItem>(list->items.front()).box;
      const ColorScale scale = color_scale(input.view, map);
      for (Index i = 0; i < shape.rows; ++i) {
        for (Index j = 0; j < shape.columns; ++j) {
          const double x = (static_cast<double>(j) + 0.5) / static_cast<double>(shape.columns);
          const double y = (static_cast<double>(i) + 0.5) / static_cast<double>(shape.rows);
          ASSERT_EQ(png.at(static_cast<int>(box.left + x * (box.right - box.left)),
                           static_cast<int>(box.top + y * (box.bottom - box.top))),
                    cell_color(scale, map.value(i, j), map.cell_class(i, j), theme))
              << i << ' ' << j;
        }
      }
    }
  }
}

TEST(HeatmapFigure, SameInputSameBytes) {
  const StageMap map = test::causal_map(24, 24);
  const auto labels = test::labels(24, kMixed);
  TextRenderer first, second;
  const auto once = png_bytes(*heatmap_figure(figure_of(map, labels, labels), first), first);
  const auto twice = png_bytes(*heatmap_figure(figure_of(map, labels, labels), first), first);
  const auto other = png_bytes(*heatmap_figure(figure_of(map, labels, labels), second), second);
  ASSERT_TRUE(once && twice && other);
  EXPECT_EQ(*once, *twice);
  EXPECT_EQ(*once, *other);
}

TEST(HeatmapFigure, CellsAreWholePixelsAndSizesSensible) {
  TextRenderer text;
  for (const Shape& shape : kShapes) {
    const StageMap map = test::causal_map(shape.rows, shape.columns);
    const auto list = heatmap_figure(figure_of(map, {}, {}), text);
    ASSERT_TRUE(list);
    const Box box = std::get<ImageItem>(list->items.front()).box;
    const double cell_width = (box.right - box.left) / static_cast<double>(shape.columns);
    const double cell_height = (box.bottom - box.top) / static_cast<double>(shape.rows);
    for (const double edge : {cell_width, cell_height, box.left, box.top}) EXPECT_EQ(edge, std::floor(edge));
    EXPECT_GE(std::min(cell_width, cell_height), 1);
    EXPECT_LE(std::max(cell_width, cell_height), 48);
    EXPECT_LE(std::max(list->width, list->height), 1500);
  }
}

TEST(HeatmapFigure, SizesThatAreAskedForAreKept) {
  TextRenderer text;
  const StageMap map = test::causal_map(24, 24);
  const auto labels = test::labels(24, kWords);
  HeatmapFigure input = figure_of(map, labels, labels);
  for (const int width : {500, 801, 1600, 3000}) {
    input.options.width = width;
    input.options.height.reset();
    const auto wide = heatmap_figure(input, text);
    ASSERT_TRUE(wide);
    EXPECT_EQ(wide->width, width);
    expect_sound(*wide, "width " + std::to_string(width));
    input.options.height = 700;
    const auto both = heatmap_figure(input, text);
    ASSERT_TRUE(both);
    EXPECT_EQ(both->width, width);
    EXPECT_EQ(both->height, 700);
    expect_sound(*both, "width and height " + std::to_string(width));
  }
  input.options.width = 40;
  const auto list = heatmap_figure(input, text);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, ErrorCode::value);
}

TEST(HeatmapFigure, RefusesWhatIsNoFigure) {
  TextRenderer text;
  const auto list = heatmap_figure(figure_of(test::causal_map(1, kMaxFigureCells + 1), {}, {}), text);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, ErrorCode::limit);
  EXPECT_EQ(heatmap_figure(figure_of(StageMap{}, {}, {}), text).error().code, ErrorCode::value);
}

TEST(HeatmapFigure, WordsSayWhatTheMapIs) {
  TextRenderer text;
  const auto labels = test::labels(4, kWords);
  const StageMap weights = test::causal_map(4, 4);
  HeatmapFigure input = figure_of(weights, labels, labels);
  const auto plain = heatmap_figure(input, text);
  for (const char* words : {"A title", "queries", "keys", "weights", "quick", "masked", "0.00", "0.50"}) {
    EXPECT_TRUE(shows(*plain, words)) << words;
  }
  EXPECT_FALSE(shows(*plain, "not a number"));
  input.options.title = "Another";
  input.view.labels = false;
  input.value_name = "α";
  const auto changed = heatmap_figure(input, text);
  EXPECT_TRUE(shows(*changed, "Another"));
  EXPECT_TRUE(shows(*changed, "α"));
  EXPECT_FALSE(shows(*changed, "A title"));
  EXPECT_FALSE(shows(*changed, "quick"));
}

TEST(HeatmapFigure, ColumnsOfVectorsAreIndices) {
  TextRenderer text;
  const auto labels = test::labels(4, kWords);
  const StageMap keys =
      test::make_map(Stage::k, 4, 4, [](Index, Index j) { return test::Cell{float(j) - 2}; });
  const auto list = heatmap_figure(figure_of(keys, labels, labels), text);
  EXPECT_TRUE(shows(*list, "dimension"));
  EXPECT_TRUE(shows(*list, "keys"));
  EXPECT_TRUE(shows(*list, "3"));
}

TEST(HeatmapFigure, FlaggedRowsAreMarkedAndExplained) {
  TextRenderer text;
  StageMap map = test::causal_map(4, 4);
  const auto count = [](const DisplayList& list) {
    return std::count_if(list.items.begin(), list.items.end(),
                         [](const DisplayItem& item) { return std::holds_alternative<RectItem>(item); });
  };
  const auto before = count(*heatmap_figure(figure_of(map, {}, {}), text));
  map.row_flags = {RowFlag::normal, RowFlag::empty, RowFlag::normal, RowFlag::infinite};
  const auto list = heatmap_figure(figure_of(map, {}, {}), text);
  EXPECT_EQ(count(*list) - before, 2 + 2 * 2) << "two marks, two legend swatches with an edge";
  EXPECT_TRUE(shows(*list, "row without an allowed key"));
  EXPECT_TRUE(shows(*list, "row with an infinite logit"));
}

TEST(HeatmapFigure, InkOfLabelsStaysInTheirBoxes) {
  TextRenderer text;
  const auto labels = test::labels(10, kMixed);
  const auto list = heatmap_figure(figure_of(test::causal_map(10, 10), labels, labels), text);
  for (const TextItem& item : texts_of(*list)) {
    const TextBitmap bitmap = text.render(item.text, item.style);
    for (int y = 0; y < bitmap.height; ++y) {
      for (int x = 0; x < bitmap.width; ++x) {
        if (bitmap.rgba[static_cast<std::size_t>((y * bitmap.width + x) * 4 + 3)] < 64) continue;
        const double right = x + 0.5 - bitmap.origin_x, down = y + 0.5 - bitmap.origin_y;
        ASSERT_TRUE(right > -kTextOverhang && right < item.width + kTextOverhang &&
                    down > -item.ascent - kTextOverhang && down < item.descent + kTextOverhang)
            << item.text << " at " << right << ", " << down << " of " << item.width << ", " << item.ascent;
      }
    }
  }
}

}  // namespace
}  // namespace attn

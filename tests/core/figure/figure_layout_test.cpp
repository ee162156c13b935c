#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/figure/color_scale.hpp"
#include "core/figure/files/cairo_backend.hpp"
#include "core/figure/panels.hpp"
#include "tests/core/figure/boxes.hpp"
#include "tests/core/figure/maps.hpp"
#include "tests/core/figure/png.hpp"

namespace attn {
namespace {

using test::Corners;
using test::expect_sound;
using test::faults;
using test::figure_of;
using test::shows;
using test::texts_of;

const std::vector<std::string> kWords{"the", "quick", "brown", "fox", "a", "I"};
const std::vector<std::string> kMixed{"注意力", "مرحبا", "🎉", "👩🏽‍🚀 x", "שלום", "हिन्दी", "e\u0301",
                                      "\n",     "",      " "};

struct Shape {
  Index rows, columns;
};
const Shape kShapes[] = {{1, 1}, {1, 40},  {1, 500},   {500, 1},  {2, 3},
                         {6, 9}, {24, 24}, {300, 300}, {64, 1200}};

TEST(FigureLayout, NothingOverlapsAndNothingIsCut) {
  TextRenderer text;
  const std::vector<std::vector<std::string>> vocabularies{
      kWords, {std::string(80, 'w')}, {"x"}, kMixed, {std::string(3000, 'i'), "的"}};
  for (const Shape& shape : kShapes) {
    StageMap map = test::causal_map(shape.rows, shape.columns);
    for (std::size_t v = 0; v < vocabularies.size(); ++v) {
      const auto rows = test::labels(shape.rows, vocabularies[v]);
      const auto columns = test::labels(shape.columns, vocabularies[v]);
      const auto list = lay_out(figure_of(map, rows, columns), text);
      ASSERT_TRUE(list);
      expect_sound(*list, std::to_string(shape.rows) + "x" + std::to_string(shape.columns) + " words " +
                              std::to_string(v));
    }
  }
}

TEST(FigureLayout, SoundWithFlagsIndicesLongNamesAndWithoutLabels) {
  TextRenderer text;
  for (const Shape& shape : kShapes) {
    StageMap map = test::make_map(Stage::context, shape.rows, shape.columns, [](Index i, Index j) {
      return (i + j) % 7 == 3 ? test::Cell{NAN, CellClass::not_a_number}
                              : test::Cell{1e-6f * std::sin(static_cast<float>(3 * i + j))};
    });
    constexpr RowFlag kFlags[] = {RowFlag::empty, RowFlag::not_a_number, RowFlag::infinite, RowFlag::normal};
    for (Index i = 0; i < shape.rows; ++i) map.row_flags.push_back(kFlags[i % 4]);
    for (const bool labels : {true, false}) {
      PanelGrid input = figure_of(map, {}, {});
      input.labels = labels;
      for (std::string* name : {&input.title, &input.panels[0].row_axis, &input.panels[0].column_axis,
                                &input.panels[0].value_name}) {
        *name = std::string(400, 'n');
      }
      input.caption = std::string(500, 'c') + " and " + std::string(200, 'c');
      const auto list = lay_out(input, text);
      ASSERT_TRUE(list);
      expect_sound(*list, std::to_string(shape.rows) + "x" + std::to_string(shape.columns));
    }
  }
}

TEST(FigureLayout, TheSoundnessCheckCanFail) {
  TextRenderer text;
  const StageMap map = test::causal_map(4, 4);
  auto list = lay_out(figure_of(map, {}, {}), text);
  ASSERT_TRUE(list);
  ASSERT_TRUE(faults(*list).empty());
  TextItem moved = texts_of(*list).front();
  moved.origin.x += 3;
  list->items.emplace_back(moved);
  EXPECT_EQ(faults(*list).size(), 1u);
  list->items.back() = RectItem{{-1, 0, 2, 2}, {}};
  EXPECT_EQ(faults(*list).size(), 1u);
}

TEST(FigureLayout, EveryCellHasItsColorAtItsCentre) {
  TextRenderer text;
  for (const Theme theme : {Theme::light, Theme::dark}) {
    for (const Shape& shape : {Shape{1, 1}, Shape{24, 24}, Shape{300, 300}, Shape{500, 1}, Shape{5, 700}}) {
      const StageMap map = test::make_map(Stage::logits, shape.rows, shape.columns, [](Index i, Index j) {
        if (j > i + 3) return test::Cell{-INFINITY, CellClass::masked};
        if (i == 2) return test::Cell{NAN, CellClass::not_a_number};
        return test::Cell{std::sin(static_cast<float>(i * 31 + j))};
      });
      PanelGrid input = figure_of(map, {}, {});
      input.options.theme = theme;
      const auto list = lay_out(input, text);
      ASSERT_TRUE(list);
      const test::Png png(*png_bytes(*list, text));
      ASSERT_TRUE(png.ok());
      const Box box = std::get<ImageItem>(list->items.front()).box;
      const ColorScale scale = input.panels[0].scale;
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

TEST(FigureLayout, SameInputSameBytes) {
  const StageMap map = test::causal_map(24, 24);
  const auto labels = test::labels(24, kMixed);
  TextRenderer first, second;
  const auto once = png_bytes(*lay_out(figure_of(map, labels, labels), first), first);
  const auto twice = png_bytes(*lay_out(figure_of(map, labels, labels), first), first);
  const auto other = png_bytes(*lay_out(figure_of(map, labels, labels), second), second);
  ASSERT_TRUE(once && twice && other);
  EXPECT_EQ(*once, *twice);
  EXPECT_EQ(*once, *other);
}

TEST(FigureLayout, CellsAreWholePixelsAndSizesSensible) {
  TextRenderer text;
  for (const Shape& shape : kShapes) {
    const StageMap map = test::causal_map(shape.rows, shape.columns);
    const auto list = lay_out(figure_of(map, {}, {}), text);
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

TEST(FigureLayout, SizesThatAreAskedForAreKept) {
  TextRenderer text;
  const StageMap map = test::causal_map(24, 24);
  const auto labels = test::labels(24, kWords);
  PanelGrid input = figure_of(map, labels, labels);
  for (const int width : {500, 801, 1600, 3000}) {
    input.options.width = Length{double(width)};
    input.options.height.reset();
    const auto wide = lay_out(input, text);
    ASSERT_TRUE(wide);
    EXPECT_EQ(wide->width, width);
    expect_sound(*wide, "width " + std::to_string(width));
    input.options.height = Length{700};
    const auto both = lay_out(input, text);
    ASSERT_TRUE(both);
    EXPECT_EQ(both->width, width);
    EXPECT_EQ(both->height, 700);
    expect_sound(*both, "width and height " + std::to_string(width));
  }
  input.options.width = Length{40};
  const auto list = lay_out(input, text);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, ErrorCode::value);
}

TEST(FigureLayout, RefusesWhatIsNoFigure) {
  TextRenderer text;
  const auto list = lay_out(figure_of(test::causal_map(1, kMaxFigureCells + 1), {}, {}), text);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, ErrorCode::limit);
  EXPECT_EQ(lay_out(figure_of(StageMap{}, {}, {}), text).error().code, ErrorCode::value);
}

TEST(FigureLayout, WordsSayWhatTheMapIs) {
  TextRenderer text;
  const auto labels = test::labels(4, kWords);
  const StageMap weights = test::causal_map(4, 4);
  PanelGrid input = figure_of(weights, labels, labels);
  const auto plain = lay_out(input, text);
  for (const char* words : {"A title", "queries", "keys", "weights", "quick", "masked", "0.00", "0.50"}) {
    EXPECT_TRUE(shows(*plain, words)) << words;
  }
  EXPECT_FALSE(shows(*plain, "not a number"));
  input.title = "Another";
  input.labels = false;
  input.panels[0].value_name = "α";
  const auto changed = lay_out(input, text);
  EXPECT_TRUE(shows(*changed, "Another"));
  EXPECT_TRUE(shows(*changed, "α"));
  EXPECT_FALSE(shows(*changed, "A title"));
  EXPECT_FALSE(shows(*changed, "quick"));
}

TEST(FigureLayout, ColumnsOfVectorsAreIndices) {
  TextRenderer text;
  const auto labels = test::labels(4, kWords);
  const StageMap keys =
      test::make_map(Stage::k, 4, 4, [](Index, Index j) { return test::Cell{float(j) - 2}; });
  const auto list = lay_out(figure_of(keys, labels, labels), text);
  EXPECT_TRUE(shows(*list, "3"));
}

TEST(FigureLayout, FlaggedRowsAreMarkedAndExplained) {
  TextRenderer text;
  StageMap map = test::causal_map(4, 4);
  const auto count = [](const DisplayList& list) {
    return std::count_if(list.items.begin(), list.items.end(),
                         [](const DisplayItem& item) { return std::holds_alternative<RectItem>(item); });
  };
  const auto before = count(*lay_out(figure_of(map, {}, {}), text));
  map.row_flags = {RowFlag::normal, RowFlag::empty, RowFlag::normal, RowFlag::infinite};
  const auto list = lay_out(figure_of(map, {}, {}), text);
  EXPECT_EQ(count(*list) - before, 2 + 2 * 2) << "two marks, two legend swatches with an edge";
  EXPECT_TRUE(shows(*list, "row without an allowed key"));
  EXPECT_TRUE(shows(*list, "row with an infinite logit"));
}

TEST(FigureLayout, MarksOfAReducedMapStandWhereItsRowsDo) {
  TextRenderer text;
  StageMap map = test::causal_map(4, 4);
  map.row_flags = {RowFlag::normal, RowFlag::normal, RowFlag::normal, RowFlag::empty};
  PanelGrid input = figure_of(map, {}, {});
  input.panels[0].rows = input.panels[0].columns = 400;
  const auto list = lay_out(input, text);
  const Box box = std::get<ImageItem>(list->items.front()).box;
  const auto mark = std::ranges::find_if(
      list->items, [](const DisplayItem& item) { return std::holds_alternative<RectItem>(item); });
  ASSERT_NE(mark, list->items.end());
  EXPECT_GT(std::get<RectItem>(*mark).box.top, box.top + 0.75 * (box.bottom - box.top));
}

TEST(FigureLayout, InkOfLabelsStaysInTheirBoxes) {
  TextRenderer text;
  const auto labels = test::labels(10, kMixed);
  const auto list = lay_out(figure_of(test::causal_map(10, 10), labels, labels), text);
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

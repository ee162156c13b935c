#include "core/figure/figure_file.hpp"

#include <set>

#include <gtest/gtest.h>

namespace attn {
namespace {

DisplayList small_list() {
  DisplayList list;
  list.width = 30;
  list.height = 20;
  list.items.emplace_back(RectItem{{3, 4, 10, 12}, rgb(0x0a64c8)});
  return list;
}

TEST(FigureFormats, AreFoundBySuffix) {
  std::set<std::string_view> suffixes;
  for (const FigureFormatInfo& info : kFigureFormats) {
    EXPECT_TRUE(suffixes.insert(info.suffix).second) << info.suffix;
    EXPECT_FALSE(info.name.empty() || info.meaning.empty()) << info.suffix;
    const auto format = figure_format_of(std::string("a folder.jpg/figure.one") + std::string(info.suffix));
    ASSERT_TRUE(format) << info.suffix;
    EXPECT_EQ(*format, info.format);
  }
}

TEST(FigureFormats, OtherSuffixesAreRefusedWithAllThatThereAre) {
  for (const char* name : {"figure.jpg", "figure", "png", ".png", "figure.PNG "}) {
    const auto format = figure_format_of(name);
    ASSERT_FALSE(format) << name;
    EXPECT_EQ(format.error().code, ErrorCode::usage);
    EXPECT_EQ(format.error().file, name);
    for (const FigureFormatInfo& info : kFigureFormats)
      EXPECT_NE(format.error().expected.find(info.suffix), std::string::npos) << info.suffix;
  }
}

TEST(FigureBytes, EveryFormatIsWrittenTheSameOnAnyThreads) {
  TextRenderer text;
  FigureContent content;
  content.frames.push_back(small_list());
  for (const FigureFormatInfo& info : kFigureFormats) {
    const auto alone = figure_bytes(content, info.format, text, 1);
    ASSERT_TRUE(alone) << info.name;
    EXPECT_EQ(*figure_bytes(content, info.format, text, 3), *alone) << info.name;
  }
}

TEST(FigureBytes, RefusesTheWrongNumberOfFrames) {
  TextRenderer text;
  FigureContent content;
  for (const FigureFormatInfo& info : kFigureFormats) {
    const auto none = figure_bytes(content, info.format, text, 1);
    ASSERT_FALSE(none) << info.name;
    EXPECT_EQ(none.error().code, ErrorCode::value);
  }
  content.frames.assign(2, small_list());
  for (const FigureFormatInfo& info : kFigureFormats)
    EXPECT_EQ(figure_bytes(content, info.format, text, 1).has_value(), info.animated) << info.name;
}

}  // namespace
}  // namespace attn

#include "app/gl/label_atlas.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <glad/gl.h>

#include "app/gl/frame.hpp"
#include "tests/app/gl/gl_test.hpp"

namespace attn::gl {
namespace {

class LabelAtlasTest : public GlTest {
 protected:
  struct Ink {
    int pixels = 0;   // that are not transparent
    int colored = 0;  // that are not grey
  };

  // What a label's rectangle of the texture holds.
  static Ink ink(const Label& label) {
    constexpr int kEdge = 1024;
    std::vector<std::uint8_t> page(std::size_t{kEdge} * kEdge * 4);
    glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(reinterpret_cast<std::uintptr_t>(label.texture)));
    glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, page.data());
    const Picture picture{{kEdge, kEdge}, std::move(page)};
    Ink found;
    for (int y = static_cast<int>(label.uv0.y * kEdge); y < static_cast<int>(label.uv1.y * kEdge); ++y) {
      for (int x = static_cast<int>(label.uv0.x * kEdge); x < static_cast<int>(label.uv1.x * kEdge); ++x) {
        const auto [r, g, b, a] = picture.at(x, y);
        found.pixels += a != 0 ? 1 : 0;
        found.colored += a != 0 && (r != g || g != b) ? 1 : 0;
      }
    }
    return found;
  }

  static bool same_place(const Label& a, const Label& b) {
    return a.texture == b.texture && a.uv0.x == b.uv0.x && a.uv0.y == b.uv0.y && a.uv1.x == b.uv1.x &&
           a.uv1.y == b.uv1.y;
  }
};

TEST_F(LabelAtlasTest, DrawsEveryScript) {
  LabelAtlas atlas;
  atlas.begin_frame(1);
  for (const char* text : {"quick", "注意力", "مرحبا", "שלום", "नमस्ते", "Ωμέγα", "e\u0301", "\n"}) {
    for (const float angle : {0.0f, 60.0f}) {
      LabelStyle style;
      style.angle = angle;
      const Label label = atlas.find(text, style);
      ASSERT_FALSE(label.empty()) << text;
      const Ink found = ink(label);
      EXPECT_GT(found.pixels, 10) << text;
      EXPECT_EQ(found.colored, 0) << text;
      EXPECT_EQ(label.color, style.color);
    }
  }
}

TEST_F(LabelAtlasTest, EmojiKeepTheirColors) {
  LabelAtlas atlas;
  atlas.begin_frame(1);
  LabelStyle style;
  style.color = IM_COL32(40, 80, 120, 128);
  const Label label = atlas.find("😀 ok", style);
  EXPECT_GT(ink(label).colored, 20);
  EXPECT_EQ(label.color, IM_COL32(255, 255, 255, 128));
}

TEST_F(LabelAtlasTest, TheSameLabelIsRenderedOnce) {
  LabelAtlas atlas;
  atlas.begin_frame(1);
  LabelStyle style;
  const Label first = atlas.find("token", style);
  atlas.begin_frame(1);
  style.color = IM_COL32(1, 2, 3, 255);
  const Label again = atlas.find("token", style);
  EXPECT_TRUE(same_place(first, again));
  EXPECT_EQ(atlas.renders(), 1u);
  style.size = 20;
  EXPECT_FALSE(same_place(first, atlas.find("token", style)));
  style.angle = 45;
  EXPECT_FALSE(atlas.find("token", style).empty());
  style.weight = 700;
  EXPECT_FALSE(atlas.find("token", style).empty());
  EXPECT_EQ(atlas.renders(), 4u);
}

TEST_F(LabelAtlasTest, ALabelThatIsShownStaysWhereItIs) {
  LabelAtlas atlas(1);
  const Label kept = (atlas.begin_frame(1), atlas.find("kept", {}));
  std::size_t most_pages = 0;
  for (int frame = 0; frame < 60; ++frame) {
    atlas.begin_frame(1);
    EXPECT_TRUE(same_place(kept, atlas.find("kept", {})));
    for (int i = 0; i < 50; ++i) {
      LabelStyle style;
      style.size = 24;
      EXPECT_FALSE(atlas.find("label " + std::to_string(frame * 50 + i), style).empty());
    }
    most_pages = std::max(most_pages, atlas.pages());
  }
  // Old pages made room again and again.
  EXPECT_LE(most_pages, 3u);
  EXPECT_EQ(atlas.renders(), 60u * 50u + 1u);
}

TEST_F(LabelAtlasTest, ForgottenLabelsComeBack) {
  LabelAtlas atlas(1);
  atlas.begin_frame(1);
  (void)atlas.find("forgotten", {});
  for (int frame = 0; frame < 60; ++frame) {
    atlas.begin_frame(1);
    for (int i = 0; i < 50; ++i) {
      LabelStyle style;
      style.size = 24;
      (void)atlas.find("label " + std::to_string(frame * 50 + i), style);
    }
  }
  const auto renders = atlas.renders();
  const Label again = atlas.find("forgotten", {});
  EXPECT_GT(ink(again).pixels, 10);
  EXPECT_EQ(atlas.renders(), renders + 1);
}

TEST_F(LabelAtlasTest, TextOfAnyLengthAndKindIsSafe) {
  LabelAtlas atlas;
  atlas.begin_frame(1);
  LabelStyle style;
  for (const float angle : {0.0f, 45.0f, 90.0f}) {
    style.angle = angle;
    const Label label = atlas.find(std::string(70000, 'W'), style);
    EXPECT_GT(ink(label).pixels, 100);
    EXPECT_LE(label.size.x, 1024);
    (void)atlas.find("", style);
    (void)atlas.find("<b>not & markup", style);
    (void)atlas.find("\xff\xfe broken", style);
    (void)atlas.find(std::string_view("a\0b", 3), style);
  }
  style.size = 1e9f;
  (void)atlas.find("huge", style);
  style.size = std::numeric_limits<float>::quiet_NaN();
  style.angle = std::numeric_limits<float>::infinity();
  (void)atlas.find("nonsense", style);
}

TEST_F(LabelAtlasTest, LongTextLosesItsMiddle) {
  LabelAtlas atlas;
  atlas.begin_frame(2);
  LabelStyle style;
  style.max_width = 60;
  const Label label = atlas.find("internationalization", style);
  EXPECT_LE(label.text_size.x, 60.0f);
  EXPECT_GT(label.text_size.x, 30.0f);
}

TEST_F(LabelAtlasTest, ScaleChangesPixelsAndNotLengths) {
  LabelAtlas atlas;
  atlas.begin_frame(1);
  const Label small = atlas.find("scale", {});
  atlas.begin_frame(2);
  const Label large = atlas.find("scale", {});
  EXPECT_NEAR(small.text_size.x, large.text_size.x, 0.6f);
  EXPECT_GT(large.uv1.x - large.uv0.x, 1.5f * (small.uv1.x - small.uv0.x));
}

}  // namespace
}  // namespace attn::gl

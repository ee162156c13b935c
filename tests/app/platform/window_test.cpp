#include "app/platform/window.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <GLFW/glfw3.h>
#include <gtest/gtest.h>
#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include "app/gl/debug.hpp"
#include "app/gl/frame.hpp"
#include "app/gl/heatmap_renderer.hpp"
#include "app/gl/label_atlas.hpp"
#include "app/platform/imgui_layer.hpp"
#include "app/platform/pacing.hpp"
#include "core/figure/colormap.hpp"
#include "tests/app/gl/test_map.hpp"
#include "tests/support/xvfb.hpp"

namespace attn::app {
namespace {

class WindowTest : public testing::Test {
 protected:
  static WindowOptions options() {
    WindowOptions small;
    small.width = 400;
    small.height = 300;
    small.debug_context = true;
    small.vsync = false;
    return small;
  }
  static Window open() {
    auto window = Window::open(options());
    EXPECT_TRUE(window) << describe(window.error());
    return std::move(*window);
  }

 private:
  std::unique_ptr<support::Xvfb> display_ = support::Xvfb::start_if_needed();
};

// One environment variable for a while.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value, 1);
  }
  ~Environment() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST_F(WindowTest, TwoOneAfterTheOther) {
  for (int i = 0; i < 2; ++i) {
    Window window = open();
    EXPECT_EQ(window.framebuffer_size(), (WindowSize{400, 300}));
    EXPECT_FALSE(window.should_close());
    window.set_should_close(true);
    EXPECT_TRUE(window.should_close());
    EXPECT_GE(window.content_scale(), 1);
    EXPECT_EQ(window.pixel_ratio(), 1);
    window.set_title("title ✓");
    window.set_icon(2, std::vector<unsigned char>(16, 255));
    window.set_icon(2, {});
    window.swap();
  }
}

TEST_F(WindowTest, TheClipboardKeepsText) {
  Window window = open();
  window.set_clipboard("√d · 注意");
  EXPECT_EQ(window.clipboard(), "√d · 注意");
}

TEST_F(WindowTest, IsDamagedAtFirst) {
  Window window = open();
  EXPECT_TRUE(window.take_damaged());
  while (window.take_damaged()) window.wait_events(0.2);
  EXPECT_FALSE(window.take_damaged());
}

TEST_F(WindowTest, WaitingEnds) {
  Window window = open();
  window.poll_events();
  window.wait_events(0.01);
  window.wait_events(0.0);
  const auto start = std::chrono::steady_clock::now();
  {
    const std::jthread other([] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      Window::wake();
    });
    window.wait_events(30.0);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_TRUE(window.take_dropped().empty());
}

TEST_F(WindowTest, NoDisplayIsSaid) {
  const Environment display("DISPLAY", ":4242"), wayland("WAYLAND_DISPLAY", "");
  const auto window = Window::open(options());
  ASSERT_FALSE(window);
  EXPECT_EQ(window.error().code, ErrorCode::not_found);
  EXPECT_EQ(window.error().place, "display");
  EXPECT_FALSE(window.error().found.empty());
}

TEST_F(WindowTest, OldOpenGlIsSaid) {
  const Environment old("MESA_GL_VERSION_OVERRIDE", "2.1");
  const auto window = Window::open(options());
  ASSERT_FALSE(window);
  EXPECT_EQ(window.error().code, ErrorCode::unsupported);
  EXPECT_EQ(window.error().expected, "OpenGL 3.3");
}

class LayerTest : public WindowTest {
 protected:
  void SetUp() override {
    window.emplace(open());
    log.emplace();
    auto made = ImGuiLayer::create(*window, dark_theme());
    ASSERT_TRUE(made) << describe(made.error());
    layer.emplace(std::move(*made));
  }
  void TearDown() override {
    for (const auto& message : log->messages()) ADD_FAILURE() << message;
    layer.reset();
    log.reset();
    window.reset();
  }
  // True where it differs from the frame before.
  bool finish_frame() {
    const bool differs = layer->finish_frame();
    const WindowSize size = window->framebuffer_size();
    gl::clear_frame({size.width, size.height}, {0, 0, 0});
    layer->draw_frame();
    return differs;
  }

  std::optional<Window> window;
  std::optional<gl::DebugLog> log;
  std::optional<ImGuiLayer> layer;
};

TEST_F(LayerTest, FramesScalesAndThemes) {
  for (const float scale : {1.0f, 1.5f, 2.5f, 1.0f}) {
    layer->set_user_scale(scale);
    layer->begin_frame();
    EXPECT_FLOAT_EQ(layer->scale(), scale * window->content_scale());
    ImGui::Begin("panel");
    ImGui::PushFont(layer->fonts().figure);
    ImGui::TextUnformatted("0.8127");
    ImGui::PopFont();
    ImGui::End();
    finish_frame();
    window->swap();
    layer->set_theme(light_theme());
  }
  EXPECT_EQ(layer->theme().name, "light");
  EXPECT_EQ(ImGui::GetIO().IniFilename, nullptr);
}

TEST(PacingTest, FramesFollowWhateverHappens) {
  Pacing pacing;
  const auto owed = [&] {
    int frames = 0;
    for (; !pacing.settled(); ++frames) pacing.count();
    return frames;
  };
  EXPECT_GE(owed(), 2) << "the first ones";
  EXPECT_EQ(owed(), 0);
  pacing.stir();
  const int all = owed();
  pacing.stir();
  for (int i = 1; i < all; ++i) pacing.count();
  pacing.stir();  // in the last of them
  EXPECT_EQ(owed(), all);
}

TEST_F(LayerTest, AFrameThatDiffersIsSeen) {
  const auto frame = [&](float x, const char* text) {
    layer->begin_frame();
    ImGui::GetBackgroundDrawList()->AddText({x, 20}, IM_COL32_WHITE, text);
    return finish_frame();
  };
  EXPECT_TRUE(frame(10, "a"));
  EXPECT_FALSE(frame(10, "a"));
  EXPECT_TRUE(frame(11, "a"));
  EXPECT_TRUE(frame(11, "b"));
  EXPECT_TRUE(frame(11, "bb"));
  EXPECT_FALSE(frame(11, "bb"));
  layer->set_user_scale(1.5f);
  EXPECT_TRUE(frame(11, "bb"));
}

TEST_F(LayerTest, AMapThatDiffersIsSeen) {
  auto renderer = gl::HeatmapRenderer::create();
  ASSERT_TRUE(renderer);
  const auto make = [] { return gl::make_map(3, 3, [](Index, Index) { return gl::TestCell{1}; }); };
  const auto map = make(), twin = make();
  gl::HeatmapParams params;
  params.scale = {&colormaps()[0], 0, 1};
  params.clip_width = params.clip_height = 100;
  const auto frame = [&](const auto& one) {
    layer->begin_frame();
    renderer->begin_frame();
    if (one) renderer->add_to(*ImGui::GetBackgroundDrawList(), one, params);
    finish_frame();
    return renderer->changed();
  };
  EXPECT_TRUE(frame(map));
  EXPECT_FALSE(frame(map));
  EXPECT_TRUE(frame(twin));
  params.cell_width = 2;
  EXPECT_TRUE(frame(twin));
  params.scale.hi = 2;
  EXPECT_TRUE(frame(twin));
  params.grid = {1, 2, 3};
  EXPECT_TRUE(frame(twin));
  EXPECT_FALSE(frame(twin));
  EXPECT_TRUE(frame(decltype(twin)()));
}

TEST_F(LayerTest, InputIsSeenBeforeItsFrame) {
  const auto frame = [&] {
    layer->begin_frame();
    finish_frame();
  };
  for (int i = 0; i < 5; ++i) frame();
  EXPECT_FALSE(layer->has_input());
  EXPECT_GT(layer->seconds_to_frame(), 10);
  ImGui::GetIO().AddMousePosEvent(12, 34);
  EXPECT_TRUE(layer->has_input());
  EXPECT_EQ(layer->seconds_to_frame(), 0);
  frame();
  EXPECT_FALSE(layer->has_input());
}

TEST_F(LayerTest, AModalGetsFramesUntilItsScrimIsThere) {
  int frames = 0;
  for (; frames < 5000 && (frames < 3 || layer->seconds_to_frame() == 0); ++frames) {
    layer->begin_frame();
    if (frames == 0) ImGui::OpenPopup("sheet");
    ASSERT_TRUE(ImGui::BeginPopupModal("sheet"));
    ImGui::EndPopup();
    finish_frame();
  }
  EXPECT_EQ(ImGui::GetCurrentContext()->DimBgRatio, 1) << "after " << frames << " frames";
}

TEST_F(LayerTest, ATextFieldBlinksForAWhile) {
  std::string text;
  const auto frame = [&](bool focus = false) {
    layer->begin_frame();
    ImGui::Begin("panel");
    if (focus) ImGui::SetKeyboardFocusHere();
    ImGui::InputText("##text", &text);
    ImGui::End();
    finish_frame();
  };
  ImGui::GetIO().AddMousePosEvent(12, 34);
  for (int i = 0; i < 5; ++i) frame(i == 0);
  ASSERT_TRUE(ImGui::GetIO().WantTextInput);
  EXPECT_GE(layer->seconds_to_frame(), 0.1);
  EXPECT_LE(layer->seconds_to_frame(), 0.4) << "the cursor blinks";
  glfwSetTime(glfwGetTime() + 60);
  frame();
  EXPECT_GT(layer->seconds_to_frame(), 10) << "nobody types any more";
  ImGui::GetIO().AddMousePosEvent(56, 78);
  frame();
  EXPECT_LE(layer->seconds_to_frame(), 0.4);
}

TEST_F(LayerTest, AFramebufferWithoutPixelsIsFine) {
  auto renderer = gl::HeatmapRenderer::create();
  ASSERT_TRUE(renderer);
  const auto map = gl::make_map(3, 3, [](Index, Index) { return gl::TestCell{1}; });
  layer->begin_frame();
  ImGui::GetIO().DisplaySize = {0, 0};
  gl::HeatmapParams params;
  params.scale = {&colormaps()[0], 0, 1};
  renderer->add_to(*ImGui::GetBackgroundDrawList(), map, params);
  static_cast<void>(layer->finish_frame());
  layer->draw_frame();
  gl::clear_frame({0, 0}, {1, 2, 3});
  const gl::PixelSize nothing{0, 0};
  params.clip_width = params.clip_height = 100;
  renderer->draw(*map, params, nothing);
}

TEST_F(LayerTest, AHeatmapIsDrawnBetweenImGuisOwnThings) {
  auto renderer = gl::HeatmapRenderer::create();
  ASSERT_TRUE(renderer);
  gl::LabelAtlas atlas;
  const auto map = gl::make_map(10, 10, [](Index, Index) { return gl::TestCell{1}; });
  layer->begin_frame();
  atlas.begin_frame(layer->pixel_ratio());
  renderer->begin_frame();
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  gl::HeatmapParams params;
  params.scale = {&colormaps()[0], 0, 1};
  params.x = 50;
  params.y = 40;
  params.cell_width = params.cell_height = 10;
  params.clip_width = params.clip_height = 1000;
  list.AddRectFilled({0, 0}, {400, 300}, IM_COL32(10, 20, 30, 255));
  list.PushClipRect({0, 0}, {120, 300});
  renderer->add_to(list, map, params);
  list.PopClipRect();
  list.AddRectFilled({60, 50}, {70, 60}, IM_COL32(200, 100, 50, 255));
  gl::token_text(atlas, list, {200, 200}, "注意", {});
  finish_frame();
  const gl::Picture picture = gl::read_frame({400, 300});
  const Rgb high = colormaps()[0].colors[255];
  using Pixel = std::array<std::uint8_t, 4>;
  EXPECT_EQ(picture.at(49, 45), (Pixel{10, 20, 30, 255}));
  EXPECT_EQ(picture.at(50, 40), (Pixel{high.r, high.g, high.b, 255}));
  EXPECT_EQ(picture.at(119, 139), (Pixel{high.r, high.g, high.b, 255}));
  EXPECT_EQ(picture.at(120, 100), (Pixel{10, 20, 30, 255}));
  EXPECT_EQ(picture.at(65, 55), (Pixel{200, 100, 50, 255}));
  int ink = 0;
  for (int y = 195; y < 225; ++y) {
    for (int x = 195; x < 235; ++x) ink += picture.at(x, y) != Pixel{10, 20, 30, 255} ? 1 : 0;
  }
  EXPECT_GT(ink, 50);
}

}  // namespace
}  // namespace attn::app

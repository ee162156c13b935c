// Row 11: what a frame costs the processor, by the size of the map.
#include <array>
#include <ctime>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <glad/gl.h>

#include "app/gl/heatmap_renderer.hpp"
#include "app/platform/window.hpp"
#include "core/engine/complete_map.hpp"
#include "core/figure/colormap.hpp"
#include "tests/app/gl/test_map.hpp"
#include "tests/bench/contest.hpp"
#include "tests/bench/rows.hpp"
#include "tests/support/xvfb.hpp"

namespace attn::bench {
namespace {

constexpr int kWidth = 1440, kHeight = 900;
constexpr double kEdge = 800;  // of the map on the screen, pixels

double seconds_on(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// As the engine hands it over: with the coarser maps that a large one is drawn from.
std::shared_ptr<const StageMap> waves(Index cells) {
  const auto map = gl::make_map(cells, cells, [=](Index row, Index column) {
    return gl::TestCell{static_cast<float>((row * 7 + column * 3) % 101) / 100.0f, CellClass::value};
  });
  auto complete = std::make_shared<StageMap>(*map);
  complete_map(*complete, 2);
  return complete;
}

gl::HeatmapParams whole(const StageMap& map) {
  gl::HeatmapParams params;
  params.x = params.y = 20;
  params.cell_width = params.cell_height = kEdge / static_cast<double>(map.rows);
  params.clip_width = kWidth;
  params.clip_height = kHeight;
  params.scale = {colormap_named("viridis"), 0, 1};
  if (params.scale.map == nullptr) params.scale.map = &colormaps().front();
  params.reduce = gl::Reduce::mass;
  return params;
}

// Seconds of this thread for one frame, the mean of some; the driver's own threads paint, as a graphics card
// would.
template <class Draw>
double frame_seconds(app::Window& window, int frames, const Draw& draw) {
  const double start = seconds_on(CLOCK_THREAD_CPUTIME_ID);
  for (int frame = 0; frame < frames; ++frame) {
    gl::clear_frame({kWidth, kHeight}, {0, 0, 0});
    draw();
    window.swap();
    glFinish();
  }
  return (seconds_on(CLOCK_THREAD_CPUTIME_ID) - start) / frames;
}

// The obvious way: a rectangle for each cell, its colour among its attributes, in a buffer that stays on the
// card.
class QuadPerCell {
 public:
  explicit QuadPerCell(int cells) : cells_(cells) {
    constexpr const char* kVertex = R"(#version 330 core
      layout(location = 0) in float value;
      uniform int cells;
      uniform vec2 step;
      flat out float shade;
      void main() {
        vec2 cell = vec2(gl_InstanceID % cells, gl_InstanceID / cells);
        vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
        gl_Position = vec4(vec2(-1) + (cell + corner) * step, 0, 1);
        shade = value;
      })";
    constexpr const char* kFragment = R"(#version 330 core
      flat in float shade;
      out vec4 color;
      void main() { color = vec4(shade, shade, shade, 1); })";
    program_ = glCreateProgram();
    for (const auto& [kind, text] : {std::pair{GL_VERTEX_SHADER, kVertex}, {GL_FRAGMENT_SHADER, kFragment}}) {
      const GLuint shader = glCreateShader(static_cast<GLenum>(kind));
      glShaderSource(shader, 1, &text, nullptr);
      glCompileShader(shader);
      glAttachShader(program_, shader);
      glDeleteShader(shader);
    }
    glLinkProgram(program_);
    glGenVertexArrays(1, &vertex_array_);
    glGenBuffers(1, &buffer_);
    glBindVertexArray(vertex_array_);
    glBindBuffer(GL_ARRAY_BUFFER, buffer_);
    std::vector<float> values(static_cast<std::size_t>(cells) * static_cast<std::size_t>(cells));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 101) / 100.0f;
    glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(values.size() * sizeof(float)), values.data(),
                 GL_STATIC_DRAW);
    glEnableVertexAttribArray(0);
    glVertexAttribPointer(0, 1, GL_FLOAT, GL_FALSE, 0, nullptr);
    glVertexAttribDivisor(0, 1);
    glBindVertexArray(0);
  }
  ~QuadPerCell() {
    glDeleteBuffers(1, &buffer_);
    glDeleteVertexArrays(1, &vertex_array_);
    glDeleteProgram(program_);
  }
  QuadPerCell(const QuadPerCell&) = delete;
  QuadPerCell& operator=(const QuadPerCell&) = delete;

  void draw() const {
    glUseProgram(program_);
    glUniform1i(glGetUniformLocation(program_, "cells"), cells_);
    glUniform2f(glGetUniformLocation(program_, "step"), static_cast<float>(2 * kEdge / kWidth / cells_),
                static_cast<float>(2 * kEdge / kHeight / cells_));
    glBindVertexArray(vertex_array_);
    glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, cells_ * cells_);
    glBindVertexArray(0);
  }

 private:
  int cells_;
  GLuint program_ = 0, vertex_array_ = 0, buffer_ = 0;
};

void measure(const Bench& bench, app::Window& window, gl::HeatmapRenderer& renderer) {
  constexpr int kSmall = 1024, kLarge = 4096, kFrames = 20;
  const auto map_of = [&](int cells) {
    const auto map = waves(cells);
    return Contestant{
        fmt::format("{0} × {0} cells", cells),
        [&, map, params = whole(*map)] {
          return frame_seconds(window, kFrames, [&] { renderer.draw(*map, params, {kWidth, kHeight}); });
        },
        {}};
  };
  const Contestant large = map_of(kLarge), small = map_of(kSmall);
  const auto cells = std::make_shared<const QuadPerCell>(kSmall);
  const Contestant naive{fmt::format("one quad a cell, {0} × {0}", kSmall),
                         [&, cells] { return frame_seconds(window, 1, [&] { cells->draw(); }); },
                         {}};
  struct Pair {
    const Contestant* ours;
    const Contestant* theirs;
    std::optional<Target> target;
  };
  for (const auto& [ours, theirs, target] :
       {Pair{&large, &small, Target{Target::Sense::at_most, 1.2}}, Pair{&small, &naive, std::nullopt}}) {
    if (bench.options.quick && theirs == &naive) continue;  // a third of a second a frame
    const Pairs pairs = alternate(bench, *ours, *theirs);
    constexpr double kMilliseconds = 1e3;
    bench.add({"11",
               "frame CPU time, " + ours->name,
               theirs->name,
               kMilliseconds * percentile(pairs.ours, 0.5),
               kMilliseconds * percentile(pairs.theirs, 0.5),
               "ms",
               pairs.ratio(Ratio::ours_by_theirs),
               pairs.ours.size(),
               target,
               {}});
  }
}

}  // namespace

void run_drawing(const Bench& bench) {
  const auto display = support::Xvfb::start();
  if (!display) return bench.skip({"11", "Xvfb is not here"});
  app::WindowOptions options;
  options.width = kWidth;
  options.height = kHeight;
  options.vsync = false;
  auto window = app::Window::open(options);
  if (!window) return bench.skip({"11", describe(window.error())});
  auto renderer = gl::HeatmapRenderer::create();
  if (!renderer) return bench.skip({"11", describe(renderer.error())});
  measure(bench, *window, *renderer);
}

}  // namespace attn::bench

#include "app/gl/shader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <glad/gl.h>

#include "app/gl/heatmap_geometry.hpp"
#include "app/gl/tile_store.hpp"
#include "core/attention/settings.hpp"
#include "core/engine/stage_map.hpp"
#include "core/figure/colormap.hpp"

namespace attn::gl {
namespace {

struct Constant {
  std::string_view name;
  int value;
};

constexpr std::size_t kPaletteSize = std::tuple_size_v<decltype(Colormap::colors)>;

constexpr std::array kConstants = {
    Constant{"PALETTE_SIZE", static_cast<int>(kPaletteSize)},
    Constant{"CELL_VALUE", static_cast<int>(CellClass::value)},
    Constant{"CELL_MASKED", static_cast<int>(CellClass::masked)},
    Constant{"CELL_NOT_A_NUMBER", static_cast<int>(CellClass::not_a_number)},
    Constant{"CELL_NOTHING", static_cast<int>(CellClass::nothing)},
    Constant{"CLASS_BITS", static_cast<int>(kClassBits)},
    Constant{"REDUCE_NEAREST", static_cast<int>(Reduce::nearest)},
    Constant{"REDUCE_MAX", static_cast<int>(Reduce::max)},
    Constant{"REDUCE_MASS", static_cast<int>(Reduce::mass)},
    Constant{"TRANSFER_LINEAR", static_cast<int>(Transfer::linear)},
    Constant{"TRANSFER_GAMMA", static_cast<int>(Transfer::gamma)},
};

Error refused(const std::string& name, std::string words) {
  while (!words.empty() && (words.back() == '\n' || words.back() == '\0')) words.pop_back();
  return {ErrorCode::setting,
          "shaders/" + name,
          "",
          "a shader that this machine's OpenGL accepts",
          words,
          "Update the graphics driver, or set LIBGL_ALWAYS_SOFTWARE=1."};
}

// What the driver says of a shader or a program.
std::string words_of(Id id, decltype(glGetShaderiv) get, decltype(glGetShaderInfoLog) log) {
  GLint length = 0;
  get(id, GL_INFO_LOG_LENGTH, &length);
  std::string words(static_cast<std::size_t>(std::max(length, 0)), '\0');
  log(id, length, nullptr, words.data());
  return words;
}

Result<void> compile(Id shader, const std::string& name) {
  const auto files = shader_files();
  const auto file = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == name; });
  if (file == files.end()) return tl::unexpected(refused(name, "no such file in the program"));
  const auto end = std::min(file->text.find('\n'), file->text.size() - 1) + 1;
  const std::string text =
      fmt::format("{}{}#line 2\n{}", file->text.substr(0, end), shader_constants(), file->text.substr(end));
  const char* start = text.c_str();
  glShaderSource(shader, 1, &start, nullptr);
  glCompileShader(shader);
  GLint compiled = 0;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
  if (compiled != 0) return {};
  return tl::unexpected(refused(name, words_of(shader, glGetShaderiv, glGetShaderInfoLog)));
}

}  // namespace

std::string shader_constants() {
  std::string lines;
  for (const Constant& constant : kConstants) {
    lines += fmt::format("#define {} {}\n", constant.name, constant.value);
  }
  return lines;
}

Result<Program> build_program(std::string_view name) {
  const std::string base(name);
  const auto vertex = VertexShader::create();
  const auto fragment = FragmentShader::create();
  if (auto done = compile(vertex.id(), base + ".vert"); !done) return tl::unexpected(done.error());
  if (auto done = compile(fragment.id(), base + ".frag"); !done) return tl::unexpected(done.error());
  auto program = Program::create();
  glAttachShader(program.id(), vertex.id());
  glAttachShader(program.id(), fragment.id());
  glLinkProgram(program.id());
  GLint linked = 0;
  glGetProgramiv(program.id(), GL_LINK_STATUS, &linked);
  if (linked != 0) return program;
  return tl::unexpected(refused(base, words_of(program.id(), glGetProgramiv, glGetProgramInfoLog)));
}

}  // namespace attn::gl

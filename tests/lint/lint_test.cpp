// The checks can fail: each is given a made-up file that breaks its rule, and one beside it that does not.
#include "tests/lint/lint.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace attn::lint {
namespace {

const std::string kTable =
    "# a comment: not a row\n"
    "core/base:\n"
    "core/engine:   core/base\n"
    "app/state:     core/engine\n"
    "app/gl:        core/base\n"
    "app/platform:  core/base\n"
    "app/panels:    app/state app/gl\n";

TEST(Rooms, TableIsReadAndClosed) {
  const Rooms rooms = parse_rooms(kTable);
  EXPECT_EQ(rooms.size(), 6U);
  EXPECT_TRUE(rooms.at("core/base").empty());
  const std::set<std::string> expected{"app/state", "core/engine", "core/base"};
  EXPECT_EQ(visible_rooms(rooms, "app/state"), expected);
}

TEST(Rooms, RoomOfAPath) {
  const Rooms rooms = parse_rooms(kTable);
  EXPECT_EQ(room_of(rooms, "core/base/error.hpp"), "core/base");
  EXPECT_EQ(room_of(rooms, "core/engine/tiles/pyramid.hpp"), "core/engine");
  EXPECT_EQ(room_of(rooms, "core/based/error.hpp"), "core");
  EXPECT_EQ(room_of(rooms, "app/main.cpp"), "app");
}

struct Case {
  std::string path;
  std::string text;
  int findings;
};

void expect_findings(const std::vector<Case>& cases, const auto& check) {
  for (const auto& [path, text, findings] : cases) {
    EXPECT_EQ(check(File{path, text}).size(), static_cast<std::size_t>(findings)) << path << ":\n" << text;
  }
}

TEST(Includes, FollowTheTable) {
  const Rooms rooms = parse_rooms(kTable);
  expect_findings(
      {
          {"core/engine/a.cpp", "#include \"core/base/error.hpp\"\n", 0},
          {"core/engine/a.cpp", "#include \"core/engine/b.hpp\"\n#include <vector>\n", 0},
          {"app/panels/a.cpp", "#include \"core/engine/b.hpp\"\n", 0},
          {"app/main.cpp", "#include \"app/panels/a.hpp\"\n#include <imgui.h>\n", 0},
          {"tests/core/a_test.cpp", "#include \"app/panels/a.hpp\"\n", 0},
          {"core/base/a.cpp", "// #include \"core/engine/b.hpp\"\n", 0},
          {"core/base/a.cpp", "#include \"core/engine/b.hpp\"\n", 1},
          {"core/base/a.hpp", "  #  include <core/engine/b.hpp>\n", 1},
          {"core/engine/a.cpp", "#include \"app/state/b.hpp\"\n", 1},
          {"core/engine/a.cpp", "#include \"core/unknown/b.hpp\"\n", 1},
          {"app/gl/a.cpp", "#include \"app/state/b.hpp\"\n#include \"app/panels/b.hpp\"\n", 2},
          {"core/engine/a.cpp", "#include \"../base/b.hpp\"\n", 1},
      },
      [&](const File& file) { return check_includes(rooms, file); });
}

TEST(Includes, ForeignHeadersStayInTheirRooms) {
  const Rooms rooms = parse_rooms(kTable);
  expect_findings(
      {
          {"app/gl/a.cpp", "#include <glad/gl.h>\n", 0},
          {"app/platform/a.cpp", "#include <GLFW/glfw3.h>\n#include <backends/imgui_impl_glfw.h>\n", 0},
          {"app/panels/a.cpp", "#include \"imgui.h\"\n", 0},
          {"app/panels/a.cpp", "#include <glad/gl.h>\n", 1},
          {"app/state/a.cpp", "#include <imgui.h>\n", 1},
          {"app/main.cpp", "#include <GLFW/glfw3.h>\n", 1},
          {"core/base/a.hpp", "#include <GL/gl.h>\n#include <imgui_internal.h>\n", 2},
      },
      [&](const File& file) { return check_includes(rooms, file); });
}

TEST(OpenGl, IsCalledInItsRoomsOnly) {
  const Rooms rooms = parse_rooms(kTable);
  expect_findings(
      {
          {"app/gl/a.cpp", "glDrawArrays(GL_TRIANGLES, 0, 6);\n", 0},
          {"app/platform/a.cpp", "glViewport(0, 0, w, h);\n", 0},
          {"app/panels/a.cpp", "glyph(1); eglInitialize(d); gl::draw(x); glfwInit();\n", 0},
          {"app/panels/a.cpp", "// glClear() belongs to app/gl\n", 0},
          {"app/panels/a.cpp", "  ::glClear (mask);\n", 1},
          {"core/base/a.cpp", "x = my_gl + glGetError();\n", 1},
      },
      [&](const File& file) { return check_gl_calls(rooms, file); });
}

TEST(Text, IsClean) {
  expect_findings(
      {
          {"core/base/a.cpp", "int a;\n", 0},
          {"core/base/empty.cpp", "", 0},
          {"tests/data/hostile.json", "{\t}\r\n", 0},
          {"run.sh",
           "mktemp a.XX"
           "XXXX\n",
           0},
          {"core/base/a.cpp",
           "// TO"
           "DO: more\n",
           1},
          {"README.md",
           "XX"
           "X and FIX"
           "ME\n",
           2},
          {"CMakeLists.txt", "\tadd()\n", 1},
          {"shaders/a.frag", "void main()\r\n", 1},
          {".ci/run", "exec \n", 1},
          {"core/base/a.hpp", "int a;", 1},
      },
      check_text);
}

TEST(Length, IsLimited) {
  const auto lines = [](std::size_t count) { return std::string(count, '\n'); };
  expect_findings(
      {
          {"core/base/a.cpp", lines(400), 0},
          {"core/base/a.cpp", lines(401), 1},
          {"core/base/a.hpp", lines(250), 0},
          {"core/base/a.hpp", lines(251), 1},
          {"README.md", lines(1000), 0},
      },
      check_length);
}

TEST(MachinePaths, AreFound) {
  expect_findings(
      {
          {"core/base/a.cpp",
           "https://example.org/ho"
           "me/page, notes/t"
           "mp/a, ${here}/wo"
           "rk/b\n",
           0},
          {"tests/core/a_test.cpp",
           "open(\"/t"
           "mp/a\")\n",
           0},
          {"third_party/setup.sh",
           "cd /t"
           "mp/\n",
           0},
          {"core/base/a.cpp",
           "open(\"/t"
           "mp/a\")\n",
           1},
          {"assets/a.json",
           "{\"file\": \"/ho"
           "me/me/a.npy\"}\n",
           1},
          {"README.md",
           "/wo"
           "rk/main\n",
           1},
      },
      check_machine_paths);
}

}  // namespace
}  // namespace attn::lint

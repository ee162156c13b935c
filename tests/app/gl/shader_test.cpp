#include "app/gl/shader.hpp"

#include <set>
#include <string>

#include "tests/app/gl/gl_test.hpp"

namespace attn::gl {
namespace {

using ShaderTest = GlTest;

TEST_F(ShaderTest, AllFilesCompileAndLink) {
  std::set<std::string> names;
  for (const ShaderFile& file : shader_files()) names.emplace(file.name.substr(0, file.name.find('.')));
  EXPECT_FALSE(names.empty());
  for (const std::string& name : names) {
    const auto program = build_program(name);
    EXPECT_TRUE(program) << describe(program.error());
    EXPECT_TRUE(program && *program);
  }
}

TEST_F(ShaderTest, AMissingFileIsAnError) {
  const auto program = build_program("nothing");
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().file, "shaders/nothing.vert");
}

TEST(ShaderConstants, CarryTheValuesOfCpp) {
  EXPECT_NE(shader_constants().find("#define PALETTE_SIZE 256\n"), std::string::npos);
  EXPECT_NE(shader_constants().find("#define CELL_NOT_A_NUMBER 2\n"), std::string::npos);
}

}  // namespace
}  // namespace attn::gl

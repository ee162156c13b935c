# cmake -DOUTPUT=<file.cpp> -DSHADERS=<file;file;..> -P embed.cmake: writes the shaders into a C++ source that defines
# attn::gl::shader_files().
set(rows "")
foreach(shader IN LISTS SHADERS)
  get_filename_component(name ${shader} NAME)
  file(READ ${shader} text)
  string(APPEND rows "    ShaderFile{\"${name}\", R\"glsl(${text})glsl\"},\n")
endforeach()
file(WRITE ${OUTPUT}
"#include <array>

#include \"app/gl/shader.hpp\"

namespace attn::gl {
namespace {
constexpr std::array kFiles = {
${rows}};
}  // namespace
std::span<const ShaderFile> shader_files() { return kFiles; }
}  // namespace attn::gl
")

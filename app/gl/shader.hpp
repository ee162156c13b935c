#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/gl/handles.hpp"
#include "core/base/error.hpp"

namespace attn::gl {

/// A file of shaders/, as it was when the program was built.
struct ShaderFile {
  std::string_view name;  ///< `heatmap.frag`
  std::string_view text;
};

/// All of shaders/.
[[nodiscard]] std::span<const ShaderFile> shader_files();

/// `#define` lines for what C++ and GLSL must agree on: tile size, codes of cells, palette size, ways to
/// reduce. They are made from the C++ constants, so there is nothing to keep in step.
[[nodiscard]] std::string shader_constants();

/// Compiles `<name>.vert` and `<name>.frag` of shaders/ and links them. The constants are put behind the
/// #version line. Errors: setting (no such file, or the driver's compiler refused; `found` has its words).
[[nodiscard]] Result<Program> build_program(std::string_view name);

}  // namespace attn::gl

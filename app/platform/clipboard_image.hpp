#pragma once

#include <string>
#include <string_view>

#include "core/base/error.hpp"

namespace attn::app {

/// The program that keeps a picture on this desktop's clipboard: wl-copy on Wayland, xclip on X; empty where
/// it is not installed. A window's own clipboard (GLFW's) holds text alone.
[[nodiscard]] std::string image_copier();

/// Hands a PNG file's bytes to `copier`. Errors: io, with the system's reason or the program's exit code.
[[nodiscard]] Result<void> copy_image(const std::string& copier, std::string_view png);

}  // namespace attn::app

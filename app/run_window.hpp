#pragma once

#include "app/commands/arguments.hpp"

namespace attn::app {

/// Opens the window on the first of the files, or on the sample, and runs it until it is closed. The exit
/// code.
[[nodiscard]] int run_window(const Arguments& arguments);

}  // namespace attn::app

#pragma once

#include "app/commands/arguments.hpp"

namespace attn::app {

// Each runs without a display and without OpenGL, and returns the exit code. Results alone go to standard
// output.

/// `attnscope export FILE.. -o OUT`: pictures.
[[nodiscard]] int run_export(const Arguments& arguments);
/// `attnscope compute FILE -o OUT --stage weights`: numbers.
[[nodiscard]] int run_compute(const Arguments& arguments);
/// `attnscope check FILE..`: what was read, inferred, and is wrong.
[[nodiscard]] int run_check(const Arguments& arguments);
/// `attnscope help TOPIC`: the tables of settings and kinds, for people, as JSON Schema and as Markdown.
[[nodiscard]] int run_help(const Arguments& arguments);

/// Takes the instruction set that the environment names (ATTNSCOPE_ISA), if it does. Errors: usage, where it
/// is none, or none of this machine's.
[[nodiscard]] Result<void> choose_isa(const char* name);

}  // namespace attn::app

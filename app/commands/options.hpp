#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/commands/arguments.hpp"

namespace attn::app {

inline constexpr std::array<std::string_view, 4> kCommands{"export", "compute", "check", "help"};
inline constexpr std::string_view kExitCodes =
    "0 done; 1 an input was refused or a write failed; 2 wrong usage; 3 no display or OpenGL.";

/// Of the table of stages.
[[nodiscard]] std::vector<std::string> stage_names();

/// Every option of the program and of its commands: what --help and the man page are made from. Parsing fills
/// `arguments`, which must outlive it.
[[nodiscard]] std::unique_ptr<CLI::App> command_line_options(Arguments& arguments);

}  // namespace attn::app

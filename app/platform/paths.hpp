#pragma once

#include <filesystem>
#include <string>

#include "core/base/error.hpp"

namespace attn::app {

/// $XDG_CONFIG_HOME/attnscope, else ~/.config/attnscope: what the person chose.
[[nodiscard]] Result<std::filesystem::path> config_folder();
/// $XDG_STATE_HOME/attnscope, else ~/.local/state/attnscope: recent files, autosaves.
[[nodiscard]] Result<std::filesystem::path> state_folder();

/// `../share/attnscope` from the program's own folder: FORMAT.md and samples/. In the build folder it is a
/// link to assets/. Absolute; that it exists is not promised.
[[nodiscard]] std::filesystem::path data_folder();
/// The documents that come with the program.
[[nodiscard]] std::filesystem::path samples_folder();

/// Makes the folder, and those above it, for this user alone. Errors: io, with the system's reason.
[[nodiscard]] Result<void> ensure_folder(const std::filesystem::path& folder);

}  // namespace attn::app

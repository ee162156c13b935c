#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/base/regular_file.hpp"

namespace attn {

/// The whole of a regular file, through one descriptor. `-` is standard input.
/// Errors: not_found, not_a_file (folder, FIFO, device), limit (longer than `max_bytes`), io, and io where
/// the file changed while it was read. `padding` zero bytes are reserved behind the content (parsers read
/// past the end).
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes,
                                            std::size_t padding = 0);

/// The same of a file that is open already.
[[nodiscard]] Result<std::string> read_file(const RegularFile& file, std::uint64_t max_bytes,
                                            std::size_t padding = 0);

/// Writes all of `bytes` or nothing: to a temporary file beside `path`, synced, then renamed over it; the
/// folder is synced too. Where `path` is a symbolic link, all of this happens to its target and the link
/// stays. `-` is standard output. Errors: io, with the system's reason; the old file is then untouched.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace attn

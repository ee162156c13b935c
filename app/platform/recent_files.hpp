#pragma once

#include <filesystem>
#include <vector>

#include "core/base/error.hpp"

namespace attn::app {

/// Newest first, absolute, each once.
using RecentFiles = std::vector<std::filesystem::path>;

inline constexpr std::size_t kRecentFiles = 12;

/// `list` with `file` in front, at most kRecentFiles long.
[[nodiscard]] RecentFiles with_recent(RecentFiles list, const std::filesystem::path& file);

/// What `store` holds. Empty if it is missing, damaged or unreadable: a lost list is no reason to stop.
[[nodiscard]] RecentFiles load_recent_files(const std::filesystem::path& store);

/// Writes the list as JSON, all or nothing; its folder is made. Names that are not UTF-8 are left out.
[[nodiscard]] Result<void> save_recent_files(const std::filesystem::path& store, const RecentFiles& list);

}  // namespace attn::app

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/error.hpp"

// What the readers of figures' metadata share.
namespace attn {

inline constexpr std::size_t kMaxMetadataBytes = std::size_t{16} << 20;

/// `text`, where it may be metadata. Errors: limit (more than kMaxMetadataBytes), encoding (not UTF-8),
/// unsupported (nothing).
[[nodiscard]] Result<std::string> checked_metadata(std::string_view text, const std::string& name,
                                                   const std::string& place);

/// A figure that is cut or damaged.
[[nodiscard]] tl::unexpected<Error> broken_figure(const std::string& name, const std::string& place,
                                                  std::string expected, std::string found);

/// A figure with metadata twice.
[[nodiscard]] tl::unexpected<Error> two_metadata(const std::string& name, const std::string& place);

/// A file of the right kind that says nothing of attnscope.
[[nodiscard]] tl::unexpected<Error> no_metadata(const std::string& name);

}  // namespace attn

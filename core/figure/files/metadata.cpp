#include "core/figure/files/metadata.hpp"

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace attn {

Result<std::string> checked_metadata(std::string_view text, const std::string& name,
                                     const std::string& place) {
  if (text.empty()) return no_metadata(name);
  if (text.size() > kMaxMetadataBytes) {
    return tl::unexpected(Error{ErrorCode::limit,
                                name,
                                place,
                                fmt::format("metadata of at most {} bytes", grouped(kMaxMetadataBytes)),
                                fmt::format("{} bytes", grouped(text.size())),
                                {}});
  }
  if (const std::size_t bad = first_invalid_utf8(text); bad != text.npos) {
    return tl::unexpected(Error{ErrorCode::encoding,
                                name,
                                place,
                                "metadata in UTF-8",
                                fmt::format("another byte, {} bytes into it", bad),
                                {}});
  }
  return std::string(text);
}

tl::unexpected<Error> broken_figure(const std::string& name, const std::string& place, std::string expected,
                                    std::string found) {
  return tl::unexpected(Error{ErrorCode::syntax, name, place, std::move(expected), std::move(found),
                              "The file is damaged, or another program has changed it."});
}

tl::unexpected<Error> two_metadata(const std::string& name, const std::string& place) {
  return tl::unexpected(Error{ErrorCode::duplicate, name, place, "metadata of attnscope once",
                              "it a second time", "Export the figure anew."});
}

tl::unexpected<Error> no_metadata(const std::string& name) {
  return tl::unexpected(Error{ErrorCode::unsupported,
                              name,
                              {},
                              "a figure that attnscope wrote with its settings",
                              "one without them",
                              "Open the document that it shows."});
}

}  // namespace attn

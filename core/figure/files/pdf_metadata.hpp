#pragma once

#include <string>
#include <string_view>

#include "core/base/error.hpp"

namespace attn {

/// The keywords of a PDF file that holds `metadata`.
[[nodiscard]] std::string pdf_keywords(std::string_view metadata);

/// The metadata in the keywords of a PDF file as Cairo writes it: one table of cross-references, the
/// document's information in the open. Errors: syntax (cut or damaged), duplicate (keywords twice),
/// unsupported (a file of another program), and those of checked_metadata(). `name` is the file's.
[[nodiscard]] Result<std::string> pdf_metadata(std::string_view bytes, const std::string& name);

}  // namespace attn

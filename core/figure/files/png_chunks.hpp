#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/error.hpp"

// The parts of a PNG file (PNG specification, third edition).
namespace attn {

inline constexpr std::string_view kPngSignature{"\x89PNG\r\n\x1a\n", 8};

/// Four bytes, the highest first.
[[nodiscard]] std::string png_number(std::uint32_t value);

/// Length, name of four letters, data, checksum of name and data.
[[nodiscard]] std::string png_chunk(std::string_view name, std::string_view data);

/// What a PNG says beside its pixels.
struct PngNotes {
  double dpi = 96;
  std::string_view metadata;  ///< none where it is empty
};

/// The chunks pHYs and, where there is metadata, iTXt with the keyword `attnscope`.
[[nodiscard]] std::string png_notes(const PngNotes& notes);

/// The text of that iTXt. Errors: syntax (a file that is cut or damaged: every checksum is compared),
/// unsupported (a compressed text), duplicate (two of them), and those of checked_metadata(). `name` is the
/// file's.
[[nodiscard]] Result<std::string> png_metadata(std::string_view bytes, const std::string& name);

}  // namespace attn
